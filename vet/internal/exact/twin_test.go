package exact_test

import (
	"flag"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"testing"

	"golang.org/x/tools/go/ssa"
	"golang.org/x/tools/go/ssa/ssautil"

	"github.com/fearless-go/fearless/vet/internal/exact"
	"github.com/fearless-go/fearless/vet/internal/fragment"
)

var seeds = flag.Int("programs", 400, "how many random programs TestAgreesWithTheJudge runs")

// imports reads the export data of what the programs import.
var imports = sync.OnceValue(func() types.Importer {
	out, err := exec.Command("go", "list", "-export", "-deps", "-f", "{{.ImportPath}}\t{{.Export}}",
		"runtime", "sync", "sync/atomic", "time", "fmt", "errors", "testing", "os", "sort", "encoding/json").Output()
	if err != nil {
		panic(fmt.Sprintf("go list -export: %v", err))
	}
	exports := map[string]string{}
	for line := range strings.Lines(string(out)) {
		path, file, _ := strings.Cut(strings.TrimSpace(line), "\t")
		exports[path] = file
	}
	return importer.ForCompiler(token.NewFileSet(), "gc", func(path string) (io.ReadCloser, error) {
		return os.Open(exports[path])
	})
})

// build is the package that src is, in SSA form.
func build(src string) (*ssa.Package, *token.FileSet, error) {
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "p.go", src, parser.SkipObjectResolution)
	if err != nil {
		return nil, nil, err
	}
	pkg, _, err := ssautil.BuildPackage(&types.Config{Importer: imports(), GoVersion: "go1.26"}, fset,
		types.NewPackage("p", f.Name.Name), []*ast.File{f}, 0)
	return pkg, fset, err
}

// TestAgreesWithTheJudge holds Explore against the exhaustive interpreter of
// package fragment, which knows nothing of SSA and takes no shortcut: of every
// program both say the same.
func TestAgreesWithTheJudge(t *testing.T) {
	racy, free, states, stuck := 0, 0, 0, 0
	for i := range *seeds {
		p := fragment.Generate(rand.New(rand.NewPCG(uint64(i), 77)), i)
		v := fragment.Judge(p, 60_000)
		if !v.Race && !v.Complete {
			continue
		}
		if i%4 == 0 {
			agreesInGenericCode(t, p, v)
		}
		pkg, _, err := build(p.Source())
		if err != nil {
			continue // a register that is declared twice
		}
		r := exact.Explore(pkg.Func("Run"))
		states += r.States
		if v.Race {
			racy++
		} else {
			free++
		}
		switch {
		case r.Reason != "":
			t.Errorf("program %d, %s: not decided: %s\n%s", i, p.Name, r.Reason, p.Source())
		case v.Race != (len(r.Certain()) > 0):
			t.Errorf("program %d, %s: race %t, found %v\n%s", i, p.Name, v.Race, r.Races, p.Source())
		case !v.Race && v.Deadlock != (len(r.Stuck) > 0):
			t.Errorf("program %d, %s: deadlock %t, found %v\n%s", i, p.Name, v.Deadlock, r.Stuck, p.Source())
		case !v.Race && len(r.Broken) > 0 && !v.Panic:
			t.Errorf("program %d, %s: does not panic, found %v\n%s", i, p.Name, r.Broken, p.Source())
		}
		if v.Deadlock {
			stuck++
		}
	}
	t.Logf("%d of them can wait for good", stuck)
	t.Logf("%d programs with a race, %d without; %d states", racy, free, states)
	if racy < *seeds/10 || free < *seeds/3 {
		t.Errorf("%d with a race, %d without: that shows little", racy, free)
	}
}

// access is a line of a program that writes or reads plain memory.
var access = regexp.MustCompile(`(?m)^(\t+)(?:([a-z]\w*(?:\[\d+\]|\.f\d+)?) = (-?\d+)|println\((\w+(?:\[\d+\]|\.f\d+)?)\))$`)

// agreesInGenericCode holds a program whose accesses are made by generic functions and
// methods against the judge's verdict on the program as it is.
func agreesInGenericCode(t *testing.T, p *fragment.Program, v fragment.Verdict) {
	head, body, _ := strings.Cut(p.Source(), "func Run() {")
	src := head + "func Run() {" + access.ReplaceAllStringFunc(body, func(line string) string {
		part := access.FindStringSubmatch(line)
		if part[2] != "" {
			return fmt.Sprintf("%sput(&%s, %s)", part[1], part[2], part[3])
		}
		return fmt.Sprintf("%sprintln((&holder[int]{at: &%s}).take())", part[1], part[4])
	}) + `
func put[T any](p *T, v T) { *p = v }
type holder[T any] struct { n int; at *T }
func (h *holder[T]) take() T { h.n++; return *h.at }
`
	pkg, _, err := build(src)
	if err != nil {
		if pkg, _, err := build(p.Source()); err == nil && pkg != nil {
			t.Errorf("%s: %v\n%s", p.Name, err, src)
		}
		return
	}
	r := exact.Explore(pkg.Func("Run"))
	switch {
	case r.Reason != "":
		t.Errorf("%s: not decided: %s\n%s", p.Name, r.Reason, src)
	case v.Race != (len(r.Certain()) > 0):
		t.Errorf("%s: race %t, found %v\n%s", p.Name, v.Race, r.Races, src)
	case !v.Race && v.Deadlock != (len(r.Stuck) > 0):
		t.Errorf("%s: deadlock %t, found %v\n%s", p.Name, v.Deadlock, r.Stuck, src)
	}
}
