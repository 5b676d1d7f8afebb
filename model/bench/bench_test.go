//go:build fearless_model

package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/fearless-go/fearless/model"
)

func TestCounts(t *testing.T) {
	observing = true
	defer func() { observing = false }()
	for _, p := range programs {
		for _, n := range p.small {
			for _, m := range []model.MemoryModel{model.RC11, model.SC} {
				want := p.executions(n, m)
				if want == unknown {
					continue
				}
				if want > 1000 && testing.Short() {
					continue
				}
				r := model.Explore(p.make(n), model.Memory(m))
				if r.Failure != nil || !r.Exhaustive || r.Executions != want {
					t.Errorf("%s under %v: %d executions, want %d; %v", p.title(n), m, r.Executions, want, r.Failure)
				}
				for o, times := range r.Outcomes {
					if p.told && times != 1 {
						t.Errorf("%s under %v: %d executions in which the threads read %s", p.title(n), m, times, o)
					}
				}
				if p.told && len(r.Outcomes) != r.Executions {
					t.Errorf("%s under %v: %d outcomes in %d executions", p.title(n), m, len(r.Outcomes), r.Executions)
				}
			}
		}
	}
}

func TestFlags(t *testing.T) {
	for _, test := range []struct {
		args []string
		want string
	}{
		{[]string{"-run", "nothing"}, "no program matches"},
		{[]string{"-run", "("}, "-run"},
		{[]string{"-memory", "tso"}, "use rc11 or sc"},
		{[]string{"-parallel", "0"}, "use 1 or more"},
		{[]string{"readers"}, "select programs with -run"},
		{[]string{"-update", "-run", "ainc"}, "leave out -run"},
	} {
		if _, err := parse(test.args); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%v: %v; want %q", test.args, err, test.want)
		}
	}
}

func TestMeasureAndTheTableOfReadme(t *testing.T) {
	p := program{name: "ainc", make: ainc, executions: formula(factorial), genmc: map[int]float64{3: 1}}
	r, err := p.measure(t.Context(), 3, options{engines: 2})
	if err != nil || r.many.Executions != 6 {
		t.Fatal(r.many, err)
	}
	name := filepath.Join(t.TempDir(), "README.md")
	if err := os.WriteFile(name, []byte("before\n"+tableBegin+"old\n"+tableEnd+"after\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := writeTable(name, []row{r}, options{engines: 2}); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(name)
	got := string(data)
	if err != nil || !strings.HasPrefix(got, "before\n"+tableBegin+"| program") || !strings.Contains(got, "| ainc(3) | 6 | 6 |") ||
		strings.Contains(got, "old") || !strings.HasSuffix(got, tableEnd+"after\n") {
		t.Error(err, got)
	}
	p.executions = formula(func(int) int { return 7 })
	if _, err := p.measure(t.Context(), 3, options{engines: 1}); err == nil || !strings.Contains(err.Error(), "6 executions, and there are 7") {
		t.Error(err)
	}
}
