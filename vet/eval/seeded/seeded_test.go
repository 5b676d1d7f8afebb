// Package seeded_test checks that the mistakes which made fearless vet
// necessary are found, and that go vet does not find them.
package seeded_test

import (
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/fearless-go/fearless/internal/long"
	"github.com/fearless-go/fearless/vet/check"
)

// The test binary is its own vet tool.
func TestMain(m *testing.M) {
	if check.IsToolCall(os.Args[1:]) {
		check.Tool()
	}
	os.Exit(m.Run())
}

const bugs = "./testdata/bugs"

func TestAllSeededBugsAreFoundLong(t *testing.T) {
	long.Only(t, "vet reads the standard library once more")
	findings, err := check.Run(t.Context(), check.Options{Patterns: []string{bugs}})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range findings {
		got = append(got, fmt.Sprintf("%d [%s]", f.Line, f.Rule))
		// A finding of two places names the second one here.
		for _, r := range f.Related {
			got = append(got, fmt.Sprintf("%d [%s]", r.Line, f.Rule))
		}
	}
	src, err := os.ReadFile("testdata/bugs/bugs.go")
	if err != nil {
		t.Fatal(err)
	}
	for i, line := range strings.Split(string(src), "\n") {
		_, rule, ok := strings.Cut(line, "// [")
		if want := fmt.Sprintf("%d [%s", i+1, rule); ok && !slices.Contains(got, want) {
			t.Errorf("%s is not found; findings: %v", want, got)
		}
	}
}

func TestGoVetFindsNoneLong(t *testing.T) {
	long.Only(t, "go vet reads the standard library")
	if out, err := exec.CommandContext(t.Context(), "go", "vet", bugs).CombinedOutput(); err != nil {
		t.Errorf("go vet: %v\n%s", err, out)
	}
}
