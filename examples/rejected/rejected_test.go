package rejected_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/fearless-go/fearless/examples/rejected"
	"github.com/fearless-go/fearless/internal/long"
	"github.com/fearless-go/fearless/vet"
	"github.com/fearless-go/fearless/vet/check"
)

// The test binary is its own vet tool.
func TestMain(m *testing.M) {
	if check.IsToolCall(os.Args[1:]) {
		check.Tool()
	}
	os.Exit(m.Run())
}

func TestTheFindingsAreThoseBesideTheCodeLong(t *testing.T) {
	long.Only(t, "vet reads the standard library once more")
	var folders []string
	for _, p := range rejected.Programs() {
		folders = append(folders, "./"+p.Name)
	}
	findings, err := check.Run(t.Context(), check.Options{Patterns: folders})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range rejected.Programs() {
		t.Run(p.Name, func(t *testing.T) {
			lines := strings.Split(p.Source, "\n")
			rules := []string{}
			n := 0
			for _, f := range findings {
				if filepath.Dir(f.File) != p.Name {
					continue
				}
				n++
				rules = append(rules, f.Rule)
				want := fmt.Sprintf("// [%s] %s", f.Rule, f.Message)
				if above := strings.TrimSpace(lines[f.Line-2]); above != want {
					t.Errorf("line %d: above is\n%s\nand not\n%s", f.Line, above, want)
				}
			}
			if n != len(p.Findings()) {
				t.Errorf("%d findings, %d comments", n, len(p.Findings()))
			}
			if !slices.Contains(rules, p.Rule) {
				t.Errorf("rule %s finds nothing", p.Rule)
			}
		})
	}
}

func TestEveryProgramIsListedOnce(t *testing.T) {
	folders, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, p := range rejected.Programs() {
		names = append(names, p.Name)
		if p.Title == "" || p.Rust == "" {
			t.Errorf("%s has no title or no error of Rust's", p.Name)
		}
		if !slices.ContainsFunc(vet.Rules(), func(r vet.Rule) bool { return r.Name == p.Rule }) {
			t.Errorf("%s: there is no rule %q", p.Name, p.Rule)
		}
	}
	for _, f := range folders {
		if f.IsDir() && !slices.Contains(names, f.Name()) {
			t.Errorf("folder %s is not listed", f.Name())
		}
	}
	slices.Sort(names)
	if len(slices.Compact(names)) != len(rejected.Programs()) {
		t.Error("a program is listed twice")
	}
}
