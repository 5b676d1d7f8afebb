package schedtest_test

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/fearless-go/fearless/internal/long"
	"github.com/fearless-go/fearless/schedtest"
)

func goroot(t *testing.T) string {
	t.Helper()
	out, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(out))
}

// What is refused, and said so, is told in no time.
func TestBadInputIsRefused(t *testing.T) {
	t.Parallel()
	badInput(t, true)
}

func TestBadInputLong(t *testing.T) {
	t.Parallel()
	long.Only(t, "each module is built, and some have 100,000 goroutines")
	badInput(t, false)
}

// badInput tries the rows that are refused, or the others.
func badInput(t *testing.T, refused bool) {
	const head = "package m\nimport \"testing\"\n"
	for name, c := range map[string]struct {
		files map[string]string
		set   func(*schedtest.Options)
		err   string // of Run
		kind  schedtest.Kind
		text  string // in the finding or the report
	}{
		"does not compile": {files: map[string]string{"m_test.go": head + "func TestX(t *testing.T) { undefined() }\n"},
			kind: schedtest.BuildFailure, text: "undefined: undefined"},
		"no tests":      {files: map[string]string{"m.go": "package m\n"}, text: "[no tests to run]"},
		"no match":      {files: map[string]string{"m_test.go": head + "func TestX(t *testing.T) {}\n"}, set: func(o *schedtest.Options) { o.Run = "Nothing" }, text: "[no tests to run]"},
		"panic in init": {files: map[string]string{"m_test.go": head + "func init() { panic(\"early\") }\nfunc TestX(t *testing.T) {}\n"}, kind: schedtest.SetupFailure, text: "panic: early"},
		"TestMain without Run": {files: map[string]string{"m_test.go": head + "func TestMain(m *testing.M) {}\nfunc TestX(t *testing.T) {}\n"},
			kind: schedtest.SetupFailure, text: "TestMain does not call m.Run"},
		"a loop without synchronization": {files: map[string]string{"m_test.go": head + "func TestX(t *testing.T) { go func() { for {} }() }\n"},
			set: func(o *schedtest.Options) { o.Stall = time.Second }, kind: schedtest.Hang, text: "no scheduling point for 1s"},
		"os.Exit in a test": {files: map[string]string{"m_test.go": "package m\nimport (\"os\"; \"testing\")\nfunc TestX(t *testing.T) { os.Exit(7) }\n"},
			kind: schedtest.Exit, text: "ended the process with status 7"},
		"os.Exit in init": {files: map[string]string{"m_test.go": "package m\nimport (\"os\"; \"testing\")\nfunc init() { os.Exit(7) }\nfunc TestX(t *testing.T) {}\n"},
			kind: schedtest.SetupFailure, text: "status 7 before the tests"},
		"a wait for the outside": {files: map[string]string{"m_test.go": "package m\nimport (\"os\"; \"testing\")\nfunc TestX(t *testing.T) { r, w, _ := os.Pipe(); r.Read(make([]byte, 1)); w.Close() }\n"},
			set: func(o *schedtest.Options) { o.Stall = 200 * time.Millisecond }, text: "UNSUITABLE: TestX (1 schedules, "},
		"100,000 goroutines": {files: map[string]string{"m_test.go": "package m\nimport (\"sync\"; \"testing\")\nfunc TestX(t *testing.T) { var wg sync.WaitGroup; for range 100_000 { wg.Go(func() {}) }; wg.Wait() }\n"},
			set: func(o *schedtest.Options) { o.Schedules, o.Duration = 2, time.Second }, text: "ok  "},
		"100,000 goroutines that are left": {files: map[string]string{"m_test.go": head + "func TestX(t *testing.T) { c := make(chan int); for range 100_000 { go func() { <-c }() } }\n"},
			set: func(o *schedtest.Options) { o.Schedules, o.NoMinimize = 1, true }, kind: schedtest.GoroutineLeak, text: "… and 991 more like it"},
		"100,000 goroutines and a strategy that allocates": {files: map[string]string{"m_test.go": "package m\nimport (\"sync\"; \"testing\")\nfunc TestX(t *testing.T) { var wg sync.WaitGroup; var mu sync.Mutex; for range 100_000 { wg.Go(func() { mu.Lock(); mu.Unlock() }) }; wg.Wait() }\n"},
			set: func(o *schedtest.Options) { o.Replay = "v1:pct:d2:n500059:024061cd19b5a2a8" }, text: "ok  "},
		"a loop until one that sleeps is done": {files: map[string]string{"m_test.go": "package m\nimport (\"sync/atomic\"; \"testing\"; \"time\")\nfunc TestX(t *testing.T) { var done atomic.Bool; go func() { time.Sleep(time.Second); done.Store(true) }(); for !done.Load() {} }\n"},
			set: func(o *schedtest.Options) { o.Replay = "v1:switches:1dbb0258b599b456:" }, text: "ok  "},
		"TestMain that fails after the tests": {files: map[string]string{"m_test.go": "package m\nimport (\"os\"; \"testing\")\nfunc TestMain(m *testing.M) { if m.Run() == 0 { os.Exit(5) } }\nfunc TestX(t *testing.T) {}\n"},
			kind: schedtest.Exit, text: "the test passed, and TestMain ended the process with status 5"},
		"a folder that cannot be written": {files: map[string]string{"m_test.go": head + "func TestX(t *testing.T) {}\n"},
			set: func(o *schedtest.Options) { o.CacheDir = filepath.Join(o.Dir, "m_test.go") }, err: "m_test.go"},
		"an overlay that wants our files": {files: map[string]string{"m_test.go": head + "func TestX(t *testing.T) {}\n"},
			set: func(o *schedtest.Options) {
				text := fmt.Sprintf(`{"Replace": {%q: "m_test.go"}}`, filepath.Join(goroot(t), "src", "sync", "mutex.go"))
				if err := os.WriteFile(filepath.Join(o.Dir, "o.json"), []byte(text), 0o666); err != nil {
					t.Fatal(err)
				}
				o.BuildFlags = []string{"-overlay=o.json"}
			}, err: "leave that file out of it"},
		"a lot of output":  {files: map[string]string{"m_test.go": "package m\nimport (\"testing\"; \"fmt\")\nfunc TestX(t *testing.T) { for range 200000 { fmt.Println(\"a line of output that nobody reads\") } }\n"}, text: "ok  "},
		"corrupt seed":     {files: map[string]string{"m_test.go": head + "func TestX(t *testing.T) {}\n"}, set: func(o *schedtest.Options) { o.Replay = "v1:pct:d3:81f3" }, err: `seed "v1:pct:d3:81f3" is not whole`},
		"unknown strategy": {files: map[string]string{"m_test.go": head}, set: func(o *schedtest.Options) { o.Strategy = "best" }, err: `strategy "best": use portfolio`},
		"no such package":  {files: map[string]string{"m.go": "package m\n"}, set: func(o *schedtest.Options) { o.Patterns = []string{"./nowhere"} }, err: "nowhere"},
		"overlay of GOFLAGS": {files: map[string]string{"m_test.go": head + "func TestX(t *testing.T) { if answer != 42 { t.Error(answer) } }\n", "m.go": "package m\nconst answer = 1\n", "other.txt": "package m\nconst answer = 42\n", "o.json": `{"Replace": {"m.go": "other.txt"}}`},
			set: func(o *schedtest.Options) { o.Env = append(os.Environ(), "GOFLAGS=-overlay=o.json") }, text: "ok  "},
	} {
		if (c.err != "") != refused {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			opts := module(t, c.files)
			if c.set != nil {
				c.set(&opts)
			}
			report, err := schedtest.Run(t.Context(), opts)
			if c.err != "" {
				if err == nil || !strings.Contains(err.Error(), c.err) {
					t.Fatalf("error %v, want %q", err, c.err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			var text bytes.Buffer
			if err := report.WriteText(&text, true); err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(text.String(), c.text) {
				t.Errorf("no %q in\n%s", c.text, text.String())
			}
			if c.kind != "" && (len(report.Findings()) != 1 || report.Findings()[0].Finding.Kind != c.kind) {
				t.Errorf("want %s:\n%s", c.kind, text.String())
			}
		})
	}
}

func TestInterruptReportsWhatWasFound(t *testing.T) {
	t.Parallel()
	opts := options(t)
	opts.Run, opts.Schedules, opts.Duration = "^Test(Deadlock|RightLocks)$", 1<<30, time.Hour
	ctx, cancel := context.WithCancel(t.Context())
	opts.Progress = func(p schedtest.Progress) {
		if p.Test == "TestRightLocks" && p.Schedules > 0 {
			cancel()
		}
	}
	report, err := schedtest.Run(ctx, opts)
	if err != nil {
		t.Fatal(err)
	}
	if !report.Interrupted || len(report.Findings()) != 1 || len(report.Results) != 2 || report.Results[1].Schedules == 0 {
		t.Errorf("%+v", report)
	}
}

// tree returns the names, sizes and times of all files below dir.
func tree(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err == nil {
			out[name] = fmt.Sprint(info.Mode(), info.Size(), info.ModTime())
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestNothingIsWrittenToTheTreeOrTheDistributionLong(t *testing.T) {
	t.Parallel()
	long.Only(t, "it builds modules")
	opts := module(t, map[string]string{"m_test.go": "package m\nimport (\"testing\"; \"sync/atomic\")\nfunc TestX(t *testing.T) { var n int32; go atomic.AddInt32(&n, 1) }\n"})
	for _, dir := range []string{opts.Dir, filepath.Join(goroot(t), "src"), filepath.Join(goroot(t), "pkg")} {
		before := tree(t, dir)
		run(t, opts)
		for name, after := range tree(t, dir) {
			if before[name] != after {
				t.Errorf("%s was %q and is %q", name, before[name], after)
			}
			delete(before, name)
		}
		if len(before) > 0 {
			t.Errorf("gone: %v", before)
		}
	}
}

func TestOutputIsBoundedLong(t *testing.T) {
	t.Parallel()
	long.Only(t, "hundreds of megabytes are written")
	opts := module(t, map[string]string{"m_test.go": `package m
import ("bytes"; "os"; "testing")
func TestX(t *testing.T) {
	line := append(bytes.Repeat([]byte("x"), 1<<16), 10)
	for range 200 { os.Stdout.Write(line) }
	t.Error("the end")
	for range 100 { t.Log(string(line)) }
}
`})
	f := run(t, opts).Results[0].Finding
	if f == nil || f.Kind != schedtest.TestFailure || len(f.Output) > 2<<20 || !strings.Contains(f.Output, "the end") {
		t.Errorf("%.200v, want a failure with a part of the output", f)
	}
}

func TestAFullDiskIsNamedLong(t *testing.T) {
	long.Only(t, "it starts process after process")
	dir := t.TempDir()
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", dir).CombinedOutput(); err != nil {
		t.Skipf("no small disk to fill: %v: %s", err, out)
	}
	defer func() {
		if out, err := exec.Command("umount", dir).CombinedOutput(); err != nil {
			t.Errorf("%v: %s", err, out)
		}
	}()
	opts := module(t, map[string]string{"m_test.go": `package m
import ("strings"; "testing")
func TestFails(t *testing.T) { t.Error("first") }
func TestLogs(t *testing.T) { t.Error(strings.Repeat("x", 1<<20)) }
`})
	run(t, opts) // has built all that it needs
	t.Setenv("TMPDIR", dir)
	report, err := schedtest.Run(t.Context(), opts)
	if err == nil || !strings.Contains(err.Error(), "no space left on device") || !strings.Contains(err.Error(), dir) {
		t.Errorf("error %v, want one that names the full disk", err)
	}
	if report == nil || len(report.Findings()) == 0 || report.Findings()[0].Test != "TestFails" {
		t.Errorf("%+v, want what was found before", report)
	}
}
