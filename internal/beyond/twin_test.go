package beyond

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/fearless-go/fearless/internal/long"
)

// A judged is what the driver says of one round of a program.
type judged struct {
	Program int
	Known   string // its name; "": of Program
	Frames  [][]runtime.Frame
	Witness string
}

// TestKeepsAgainstRunsLong holds what the source says of a loop against what the loop
// does: random programs are run with rounds and without them. The judge knows
// nothing of the source, and the package nothing of the runs.
func TestKeepsAgainstRunsLong(t *testing.T) {
	long.Only(t, "random programs are built and run")
	batches, programs := 1, 100
	first := uint64(0)
	if text := os.Getenv("FEARLESS_ROUND_PROGRAMS"); text != "" { // "first,count" of batches: a hundred each
		if _, err := fmt.Sscanf(text, "%d,%d", &first, &batches); err != nil {
			t.Fatal(err)
		}
	}
	rounds, keeping, proven, nothing, unpaused := 0, 0, 0, 0, 0
	for seed := first; seed < first+uint64(batches); seed++ {
		dir, texts := writeTwin(t, seed, programs)
		out := goRun(t, dir)
		f := &Finder{Dir: filepath.Join(dir, "progs")}
		for d := json.NewDecoder(bytes.NewReader(out)); ; {
			var j judged
			if err := d.Decode(&j); err == io.EOF {
				break
			} else if err != nil {
				t.Fatal(err)
			}
			k, err := f.keeps(j.outermostFirst(), false)
			if err != nil {
				t.Fatal(err)
			}
			rounds++
			if k == nil && len(j.Frames[0]) == 0 {
				unpaused++
			}
			switch {
			case j.Known != "" && j.Witness != "" && k == nil:
				t.Errorf("%s: it keeps nothing, it is said, but %s", j.Known, j.Witness)
			case j.Witness != "" && k == nil:
				t.Errorf("seed %d, program %d: the round of line %d keeps nothing, it is said, but %s\n%s", seed, j.Program, j.Frames[1][0].Line, j.Witness, texts[j.Program])
			case j.Witness != "":
				keeping++
			case k == nil:
				proven++
			default:
				nothing++
			}
		}
	}
	t.Logf("%d rounds: %d keep something; of those that keep nothing %d are known to (%d without a pause), %d are not", rounds, keeping, proven, unpaused, nothing)
	if proven == 0 || keeping == 0 || unpaused == 0 || unpaused == proven {
		t.Error("the programs try nothing out")
	}
}

// writeTwin writes a module with random programs that compile.
func writeTwin(t *testing.T, seed uint64, n int) (dir string, texts []string) {
	t.Helper()
	dir = t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("testdata/twin")); err != nil {
		t.Fatal(err)
	}
	write := func(name, text string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	write("go.mod", "module twin\n\ngo 1.26\n\nrequire github.com/fearless-go/fearless v0.0.0\n\nreplace github.com/fearless-go/fearless => ./lib\n")
	if err := os.Mkdir(filepath.Join(dir, "progs"), 0o777); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"helpers.go", "known.go"} {
		if err := os.Rename(filepath.Join(dir, name), filepath.Join(dir, "progs", name)); err != nil {
			t.Fatal(err)
		}
	}
	rnd := rand.New(rand.NewPCG(seed, 1))
	for i := range n {
		texts = append(texts, program(rnd, i))
	}
	for {
		var all strings.Builder
		fmt.Fprintf(&all, "package progs\n\nconst Seed = %d\n\nvar All = []func() string{\n", seed)
		for i, text := range texts {
			name := filepath.Join("progs", fmt.Sprintf("p%d.go", i))
			if text == "" {
				fmt.Fprintf(&all, "func() string { return \"\" },\n")
				os.Remove(filepath.Join(dir, name))
				continue
			}
			fmt.Fprintf(&all, "p%d,\n", i)
			write(name, "package progs\n\nimport (\n\"fmt\"\n\"runtime\"\n\n\"github.com/fearless-go/fearless/atomic\"\n)\n\nvar _ = runtime.Gosched\n\n"+text)
		}
		write("progs/all.go", all.String()+"}\n")
		cmd := exec.Command("go", "build", "-gcflags=-e", "./progs")
		cmd.Dir = dir
		out, err := cmd.CombinedOutput()
		if err == nil {
			return dir, texts
		}
		wrong := 0
		for line := range strings.Lines(string(out)) {
			var i int
			if _, err := fmt.Sscanf(strings.TrimPrefix(line, "progs/"), "p%d.go:", &i); err == nil && texts[i] != "" {
				wrong++
				texts[i] = ""
			}
		}
		if wrong == 0 {
			t.Fatalf("%s", out)
		}
		t.Logf("%d programs do not compile:\n%.2000s", wrong, out)
	}
}

// goRun runs the programs, with a guard in each loop that has no end; the guards are
// not in the source that is read.
func goRun(t *testing.T, dir string) []byte {
	t.Helper()
	run := t.TempDir()
	if err := os.CopyFS(run, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	names, _ := filepath.Glob(filepath.Join(run, "progs", "p*.go"))
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err == nil {
			err = os.WriteFile(name, bytes.ReplaceAll(text, []byte("/*guard*/"), []byte("atomic.Guard();")), 0o666)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command("go", "run", "./driver")
	cmd.Dir = run
	var errText bytes.Buffer
	cmd.Stderr = &errText
	out, err := cmd.Output()
	if err != nil || errText.Len() > 0 {
		t.Errorf("%v: %s", err, errText.String())
	}
	return out
}

func (j *judged) outermostFirst() [][]runtime.Frame {
	for _, site := range j.Frames {
		slices.Reverse(site)
	}
	return j.Frames
}
