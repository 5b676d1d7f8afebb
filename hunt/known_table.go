package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
)

// A tally counts what came of known bugs.
type tally map[Outcome]int

// recall is how many of all bugs were found. What was not decided or not tried
// was not found.
func (t tally) recall() string {
	sum := 0
	for _, n := range t {
		sum += n
	}
	if sum == 0 {
		return "none"
	}
	return fmt.Sprintf("%d of %d (%d %%)", t[Found], sum, 100*t[Found]/sum)
}

// printKnown prints each bug of half 0 and what the tools said of it; of half 1
// only figures, unless it is asked for: nobody mends a tool on it by accident.
func printKnown(all []Known, results string, half int, w io.Writer) error {
	found := map[string]*Result{}
	for _, t := range targets(all) {
		r, _, err := load(results, t.module)
		if err != nil {
			return err
		}
		found[t.module.String()] = r
	}
	columns := append(slices.Clone(ours), peers...)
	columns = slices.DeleteFunc(columns, func(tool string) bool {
		return !slices.ContainsFunc(all, func(k Known) bool {
			r := found[k.Module.String()]
			return r != nil && slices.ContainsFunc(r.Runs, func(run Run) bool { return run.Tool == tool })
		})
	})
	for n := range 2 {
		of := slices.DeleteFunc(slices.Clone(all), func(k Known) bool { return k.Module.Half() != n })
		if len(of) == 0 || half >= 0 && half != n {
			continue
		}
		fmt.Fprintf(w, "\n### Half %d: %d known bugs\n\n", n, len(of))
		if n == 0 || half == n {
			fmt.Fprintf(w, "%s\n\n", bugTable(of, found, columns))
		}
		fmt.Fprintf(w, "%s\n\n%s\n", toolTable(of, found, columns), sortTable(of, found))
	}
	return nil
}

// bugTable has a line for each bug.
func bugTable(all []Known, found map[string]*Result, columns []string) string {
	t := table.NewWriter()
	header := table.Row{"module", "issue", "sort", "places"}
	for _, tool := range columns {
		header = append(header, tool)
	}
	t.AppendHeader(header)
	for _, k := range all {
		r := found[k.Module.String()]
		row := table.Row{k.Module, k.Issue, k.Sort, k.where()}
		for _, tool := range columns {
			o, how := k.outcome(r, tool)
			if how != "" {
				how = " (" + how + ")"
			}
			row = append(row, string(o)+how)
		}
		t.AppendRow(row)
	}
	return t.RenderMarkdown()
}

// toolTable has a line for each tool, and one for ours together.
func toolTable(all []Known, found map[string]*Result, columns []string) string {
	t := table.NewWriter()
	t.AppendHeader(table.Row{"tool", Found, OnlyNote, Missed, NotDecided, NotTried, "recall"})
	add := func(name string, outcome func(Known, *Result) Outcome) {
		n := tally{}
		for _, k := range all {
			n[outcome(k, found[k.Module.String()])]++
		}
		t.AppendRow(table.Row{name, n[Found], n[OnlyNote], n[Missed], n[NotDecided], n[NotTried], n.recall()})
	}
	for _, tool := range columns {
		add(tool, func(k Known, r *Result) Outcome {
			o, _ := k.outcome(r, tool)
			return o
		})
	}
	add("ours together", Known.together)
	return t.RenderMarkdown()
}

// sortTable has a line for each sort of bug.
func sortTable(all []Known, found map[string]*Result) string {
	count := map[Sort]tally{}
	for _, k := range all {
		if count[k.Sort] == nil {
			count[k.Sort] = tally{}
		}
		count[k.Sort][k.together(found[k.Module.String()])]++
	}
	t := table.NewWriter()
	t.AppendHeader(table.Row{"sort", Found, OnlyNote, Missed, NotDecided, NotTried, "recall"})
	for _, s := range sorts {
		if n := count[s]; n != nil {
			t.AppendRow(table.Row{s, n[Found], n[OnlyNote], n[Missed], n[NotDecided], n[NotTried], n.recall()})
		}
	}
	return strings.TrimSpace(t.RenderMarkdown())
}
