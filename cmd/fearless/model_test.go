package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/fearless-go/fearless/internal/long"
)

func modelRun(t *testing.T, args ...string) (code int, out, errw string) {
	t.Helper()
	var o, e bytes.Buffer
	code = run(t.Context(), append([]string{"model"}, args...), strings.NewReader(""), &o, &e)
	return code, o.String(), e.String()
}

// modelProgram is a module of a user's, with one test of each kind.
func modelProgram(t *testing.T) string {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	sum, err := os.ReadFile(filepath.Join(root, "go.sum"))
	if err != nil {
		t.Fatal(err)
	}
	mod, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	// The requirements of this module serve the user's, too.
	user := strings.Replace(string(mod), "module github.com/fearless-go/fearless", "module example.com/user", 1) +
		"\nrequire github.com/fearless-go/fearless v0.0.0\nreplace github.com/fearless-go/fearless => " + filepath.ToSlash(root) + "\n"
	dir := t.TempDir()
	for name, text := range map[string]string{
		"go.mod": user, "go.sum": string(sum),
		"user_test.go": `package user

import (
	"testing"

	"github.com/fearless-go/fearless/atomic"
	"github.com/fearless-go/fearless/cell"
	"github.com/fearless-go/fearless/model"
	"github.com/fearless-go/fearless/thread"
)

func publish(o atomic.Ordering) func() {
	return func() {
		var ready atomic.Bool
		var data cell.UnsafeCell[int]
		w := thread.Go(func() {
			data.WithMut(func(p *int) { *p = 42 })
			ready.Store(true, o)
		})
		if ready.Load(atomic.Acquire) {
			data.With(func(p *int) { model.Assert(*p == 42) })
		}
		w.Join()
	}
}

func TestRight(t *testing.T) { model.Check(t, publish(atomic.Release)) }
func TestWrong(t *testing.T) { model.Check(t, publish(atomic.Relaxed)) }
`} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestModelFindsARaceInAUsersModuleLong(t *testing.T) {
	long.Only(t, "it builds the library and a module once more, with the tag")
	dir := modelProgram(t)
	pages := filepath.Join(dir, "pages")
	code, out, errw := modelRun(t, "-C", dir, "-v", "-html", pages, "./...")
	for _, want := range []string{
		"--- PASS: TestRight", "model: 2 executions",
		"--- FAIL: TestWrong", "data race on data: written by thread 1 at user_test.go:17, read by thread 0 at user_test.go:21",
		"the store to ready at user_test.go:18 is Relaxed", "Release would", "replay: -model.replay=", "2 checks, 1 failed",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is missing", want)
		}
	}
	if code != exitFailure || t.Failed() {
		t.Errorf("status %d\n%s%s", code, out, errw)
	}
	if _, err := os.Stat(filepath.Join(pages, "TestWrong.html")); err != nil {
		t.Error(err)
	}
	if page, err := os.ReadFile(filepath.Join(pages, "TestRight.html")); err != nil || !bytes.Contains(page, []byte("TestRight, execution 2")) || !bytes.Contains(page, []byte("2 of 2 executions: nothing failed")) {
		t.Errorf("the page of what passes: %v\n%s", err, page)
	}
	_, rest, _ := strings.Cut(out, "-model.replay=")
	word, _, _ := strings.Cut(rest, "\n")
	code, out, _ = modelRun(t, "-C", dir, "-run", "Wrong", "-replay", strings.TrimSpace(word))
	if code != exitFailure || !strings.Contains(out, "1 checks, 1 failed; 0 executions") {
		t.Errorf("replayed: status %d\n%s", code, out)
	}
}

func TestModelRefusesBadInput(t *testing.T) {
	for _, test := range []struct {
		args []string
		want string
	}{
		{[]string{"-parallel", "-1"}, "-parallel -1"},
		{[]string{"./no/such/package"}, "no/such/package"},
		{[]string{"."}, "no test in . imports"},
		{[]string{"-nonsense"}, "nonsense"},
		{[]string{"-locks", "some"}, "use event or shipped"},
	} {
		code, _, errw := modelRun(t, test.args...)
		if code != exitUsage || !strings.Contains(errw, test.want) {
			t.Errorf("%v: status %d, %q; want %q", test.args, code, errw, test.want)
		}
	}
}

func TestSummaryTellsOfJoinedPanics(t *testing.T) {
	var out strings.Builder
	var f modelFlags
	f.summarize([]modelLine{{Test: "TestA", Executions: 7, Panicked: 2, Exhaustive: true}, {Test: "TestB", Executions: 1, Exhaustive: true}}, &out)
	if got := out.String(); !strings.Contains(got, "TestA: in 2 of 7 executions a thread panicked") || strings.Contains(got, "TestB") {
		t.Error(got)
	}
}
