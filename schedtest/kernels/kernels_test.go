package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/fearless-go/fearless/internal/long"
	"github.com/fearless-go/fearless/schedtest"
)

func TestOneOfManyCopiesIsKept(t *testing.T) {
	const text = `package main

func init() { register("K", K) }

func other() {
	for i := 0; i < 1000; i++ {
	}
}

func K() {
	for i := 0; i %s; i++ {
		for j := 0; j < 1000; j++ {
		}
	}
}

func another() {
	for i := 0; i < 1000; i++ {
	}
}
`
	for bound, want := range map[string]string{"< 1000": "< 1", "<= 100": "< 1", "< 3": "< 3", "< len(x)": "< len(x)"} {
		if got := string(once(fmt.Appendf(nil, text, bound))); got != fmt.Sprintf(text, want) {
			t.Errorf("%q became %s", bound, got)
		}
	}
	if got := string(once([]byte(`register("K", K) // of which there is no function`))); got != `register("K", K) // of which there is no function` {
		t.Errorf("%s", got)
	}
}

// clone is a clone of GoBench that has one kernel.
func clone(t *testing.T, kernel string) string {
	t.Helper()
	dir := t.TempDir()
	if err := write(filepath.Join(dir, "gobench/goker/blocking/x/1"), "x1_test.go", []byte(kernel)); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestOriginalsAreMadeOneModule(t *testing.T) {
	dir := t.TempDir()
	if err := originals(clone(t, "package x1\n\nimport \"testing\"\n\nfunc TestX1(t *testing.T) {}\n"), dir); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"kernel0/x1.go":   "package kernel0\n",
		"kernels_test.go": "\nfunc TestX1(t *testing.T) { kernel0.TestX1(t) }\n",
	} {
		if text, err := os.ReadFile(filepath.Join(dir, name)); err != nil || !strings.Contains(string(text), want) {
			t.Errorf("%s: %v, %s", name, err, text)
		}
	}
}

func TestFoldersWithoutKernelsAreRefused(t *testing.T) {
	err := originals(t.TempDir(), t.TempDir())
	if err == nil || !strings.Contains(err.Error(), "clone of") {
		t.Errorf("an empty folder: %v", err)
	}
	if err := run(t.Context(), settings{update: true}); err == nil {
		t.Error("-update without -gobench")
	}
}

func TestTheTables(t *testing.T) {
	got := format([]kernels{{"of these", []schedtest.TestResult{
		{Test: "TestA", Verdict: schedtest.Failed},
		{Test: "TestB", Verdict: schedtest.Undecided, Reason: "has many events: make it smaller (at b.go:1)", Proof: &schedtest.Proof{Executions: 7}},
		{Test: "TestC", Verdict: schedtest.Proven, Proof: &schedtest.Proof{Executions: 2}},
	}}})
	want := "| kernels | found | proven | undecided | unsuitable |\n|---|---:|---:|---:|---:|\n| 3 of these | 1 | 1 | 1 | 0 |\n" +
		"\n| not found | | executions | why |\n|---|---|---:|---|\n" +
		"| B, of these | undecided | 7 | has many events |\n| C, of these | proven | 2 |  |\n"
	if got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
}

// What PROVE.md says of the distribution's kernels holds, though a busy machine has less
// time for each.
func TestKernelsOfTheDistributionLong(t *testing.T) {
	long.Only(t, "it explores sixty kernels with the race detector")
	k, err := prove(t.Context(), "of the distribution", distribution, settings{duration: 10 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	if decided := k.count(schedtest.Failed) + k.count(schedtest.Proven); len(k.results) < 60 || decided < 50 {
		t.Errorf("%d of %d are decided:\n%s", decided, len(k.results), format([]kernels{k}))
	}
	for _, r := range k.results {
		if r.Verdict == schedtest.Proven && r.Test != "TestMoby27782" { // ../eval/findings.md says why that has none
			t.Errorf("%s has a bug, and is proven", r.Test)
		}
	}
}
