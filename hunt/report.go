package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
)

// A report adds up results, each half of the modules apart.
type report struct {
	results  []*Result
	verdicts []verdict
}

// write prints the tables: the modules, the rules, and what nobody has judged.
func (r *report) write(w io.Writer) {
	for half := range 2 {
		of := r.half(half)
		if len(of) == 0 {
			continue
		}
		fmt.Fprintf(w, "\n### Half %d: %d modules\n\n", half, len(of))
		fmt.Fprintln(w, r.states(of))
		fmt.Fprintln(w)
		fmt.Fprintln(w, r.rules(of))
	}
	r.open(w)
}

func (r *report) half(n int) []*Result {
	var of []*Result
	for _, x := range r.results {
		if x.Half == n {
			of = append(of, x)
		}
	}
	return of
}

// states counts how the tools ended, and what their tests came to.
func (r *report) states(of []*Result) string {
	t := table.NewWriter()
	t.AppendHeader(table.Row{"tool", "modules done", "cut", "not built", "crashed", "minutes", "tests", "passed or proven", "failed", "undecided", "unsuitable"})
	missing := 0
	for _, x := range of {
		if x.State != Done {
			missing++
		}
	}
	for _, tool := range allTools {
		n := map[State]int{}
		v := map[string]int{}
		var seconds float64
		for _, x := range of {
			for _, run := range x.Runs {
				if run.Tool != tool {
					continue
				}
				n[run.State]++
				seconds += run.Seconds
				for name, k := range run.Verdicts {
					v[name] += k
				}
			}
		}
		if len(n) == 0 {
			continue // was not asked for
		}
		tests := 0
		for name, k := range v {
			if name != "not built" && name != "package failed" {
				tests += k
			}
		}
		t.AppendRow(table.Row{tool, n[Done] + n[NotNeeded], n[Cut] + n[NoMemory], n[NotBuilt], n[Crashed], fmt.Sprintf("%.0f", seconds/60),
			tests, v["passed"] + v["proven"] + v["pass"], v["failed"] + v["fail"], v["undecided"], v["unsuitable"]})
	}
	return fmt.Sprintf("%d of them could not be had, or have no go.mod.\n\n%s", missing, t.RenderMarkdown())
}

// rules counts findings by tool and rule, and what they were judged to be.
func (r *report) rules(of []*Result) string {
	count := map[string]map[Judgement]int{}
	lines := 0
	for _, x := range of {
		lines += x.Lines + x.TestLines
		for _, run := range x.Runs {
			for _, f := range run.Findings {
				key := f.Tool + " " + f.Rule
				if f.Note {
					key += " (note)"
				}
				if count[key] == nil {
					count[key] = map[Judgement]int{}
				}
				j, _ := judge(r.verdicts, x.Module, f)
				count[key][j]++
			}
		}
	}
	t := table.NewWriter()
	header := table.Row{"tool and rule", "findings"}
	for _, j := range judgements {
		header = append(header, j)
	}
	t.AppendHeader(header)
	for _, key := range sorted(count) {
		sum := 0
		var cells table.Row
		for _, j := range judgements {
			cells = append(cells, count[key][j])
			sum += count[key][j]
		}
		t.AppendRow(append(table.Row{key, sum}, cells...))
	}
	return fmt.Sprintf("%d lines, tests included.\n\n%s", lines, t.RenderMarkdown())
}

// open lists the findings without a verdict.
func (r *report) open(w io.Writer) {
	fmt.Fprintln(w, "\n### Not judged")
	fmt.Fprintln(w)
	none := true
	for _, x := range r.results {
		for _, run := range x.Runs {
			for _, f := range run.Findings {
				if j, _ := judge(r.verdicts, x.Module, f); j == Unjudged && f.Tool != "gotest" {
					none = false
					fmt.Fprintf(w, "%s\t%s\t%s\t%s: %s\n", x.Module, f.Tool, f.Where, f.Rule, f.Message)
				}
			}
		}
	}
	if none {
		fmt.Fprintln(w, "none")
	}
}

func sorted[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, strings.Compare)
	return keys
}
