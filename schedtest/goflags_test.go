package schedtest_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/fearless-go/fearless/internal/long"
	"github.com/fearless-go/fearless/schedtest"
)

// counted are two packages, of which the first fails, and lets goroutines try a lock.
var counted = map[string]string{
	"go.mod": "module example.test/m\n\ngo 1.26\n",
	"a/a.go": `package a

import "sync"

func try(mu *sync.Mutex) bool {
	if !mu.TryLock() {
		return false
	}
	mu.Unlock()
	return true
}

func never() { println("never") }
`,
	"a/a_test.go": `package a

import (
	"runtime"
	"sync"
	"testing"
)

func TestA(t *testing.T) {
	var mu sync.Mutex
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() { try(&mu) })
	}
	wg.Wait()
}

func TestProcs(t *testing.T) { t.Error("GOMAXPROCS is", runtime.GOMAXPROCS(0)) }

func TestLast(t *testing.T) {}
`,
	"b/b_test.go": "package b\n\nimport \"testing\"\n\nfunc TestB(t *testing.T) {}\n",
}

func TestFlagsOfGoTestLong(t *testing.T) {
	t.Parallel()
	long.Only(t, "it builds modules")
	opts := project(t, ".", counted)
	opts.Patterns, opts.Schedules, opts.Packages = []string{"./..."}, 200, 1
	opts.CPU, opts.FailFast, opts.Cover = 3, true, true
	report := run(t, opts)
	var profile strings.Builder
	if err := report.WriteCoverProfile(&profile); err != nil {
		t.Fatal(err)
	}
	// Both ways out of try are taken, each in some schedule, and never is not run.
	if c := report.Coverage; len(c) != 1 || c[0].Package != "example.test/m/a" || c[0].Covered != c[0].Statements-1 || c[0].Percent() < 79 || c[0].Percent() > 81 {
		t.Errorf("coverage %+v", c)
	}
	if text := profile.String(); !strings.HasPrefix(text, "mode: ") || !strings.Contains(text, "example.test/m/a/a.go:5.") || strings.Count(text, " 0\n") != 1 {
		t.Errorf("profile\n%s", text)
	}
	if f := report.Findings(); len(f) != 1 || f[0].Finding.Message != "a_test.go:18: GOMAXPROCS is 3" || !strings.Contains(f[0].Finding.Replay, " -cpu 3 ") {
		t.Errorf("findings %+v", f)
	}
	if len(report.Results) != 2 || !report.LeftOut || !strings.Contains(textOf(t, *report), "the other tests were not run: -failfast") {
		t.Errorf("after the first failure there are %d results:\n%s", len(report.Results), textOf(t, *report))
	}
}

func TestWhatATimeoutLeavesOutIsUndecidedLong(t *testing.T) {
	t.Parallel()
	long.Only(t, "a timeout is waited for")
	opts := project(t, "a", counted)
	if err := os.WriteFile(filepath.Join(opts.Dir, "a_test.go"), []byte("package a\n\nimport (\n\t\"testing\"\n\t\"sync\"\n)\n\nfunc TestA(t *testing.T) { var wg sync.WaitGroup; wg.Go(func() { try(new(sync.Mutex)) }); wg.Wait() }\n\nfunc TestB(t *testing.T) {}\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	opts.Dir = filepath.Dir(opts.Dir)
	opts.Patterns = []string{"./..."}
	opts.Schedules, opts.Duration, opts.Timeout = 1<<30, time.Hour, 2*time.Second
	report := run(t, opts)
	left := 0
	for _, r := range report.Results {
		if r.Verdict == schedtest.Undecided && strings.Contains(r.Reason, "-timeout 2s") {
			left++
		}
	}
	// The package b has a time of its own.
	if len(report.Results) != 3 || left == 0 || report.Results[1].Verdict != schedtest.Undecided || report.Verdict() != schedtest.Undecided {
		t.Errorf("%d left out:\n%s", left, textOf(t, *report))
	}
}

// Packages that run beside each other are reported in their order.
func TestPackagesBesideEachOtherLong(t *testing.T) {
	t.Parallel()
	long.Only(t, "several modules are built for it")
	files := map[string]string{"go.mod": "module example.test/m\n\ngo 1.26\n"}
	for _, p := range []string{"a", "b", "c", "d"} {
		files[p+"/x_test.go"] = "package x\n\nimport \"testing\"\n\nfunc Test" + strings.ToUpper(p) + "(t *testing.T) {}\n"
	}
	files["c/x_test.go"] = "package x\n\nfunc wrong() { undefined() }\n"
	opts := project(t, ".", files)
	opts.Patterns, opts.Packages = []string{"./..."}, 3
	var names []string
	for _, r := range run(t, opts).Results {
		names = append(names, r.Package[len(r.Package)-1:]+":"+r.Test+":"+string(r.Verdict))
	}
	if got, want := strings.Join(names, " "), "a:TestA:passed b:TestB:passed c:: d:TestD:passed"; got != want {
		t.Errorf("results %s, want %s", got, want)
	}
}
