package main

import (
	"bufio"
	"fmt"
	"os"
	"slices"
	"strings"
)

// A Known is a bug that people knew: a line of hunt/known.tsv.
type Known struct {
	Module Module // the last version that has it, or a folder
	Issue  string // where it is told
	Sort   Sort
	Places []Place // a finding at one of them names the bug
	Why    string
}

// A Sort is what sort of bug it is.
type Sort string

// sorts in the order of the tables.
var sorts = []Sort{"race", "deadlock", "leak", "lost wake-up", "double close", "send on closed", "wait group", "lock copied"}

// readKnown reads a list of old bugs: a line has module@version, issue, sort,
// places and a note between tabs; the places have spaces between them. A line
// that begins with # is a comment.
func readKnown(name string) ([]Known, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("the list of old bugs cannot be read (-bugs FILE names another): %w", err)
	}
	defer file.Close()
	var all []Known
	seen := map[string]int{}
	lines := bufio.NewScanner(file)
	for n := 1; lines.Scan(); n++ {
		text := lines.Text()
		if strings.TrimSpace(text) == "" || strings.HasPrefix(text, "#") {
			continue
		}
		k, err := parseKnown(text)
		if err != nil {
			return nil, fmt.Errorf("%s:%d: %w", name, n, err)
		}
		key := fmt.Sprint(k.Module, k.Issue, k.Places)
		if seen[key] > 0 {
			return nil, fmt.Errorf("%s:%d: the same bug as in line %d", name, n, seen[key])
		}
		seen[key] = n
		all = append(all, k)
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("%s names no bug", name)
	}
	return all, nil
}

func parseKnown(text string) (Known, error) {
	f := strings.Split(text, "\t")
	if len(f) != 5 || slices.Contains(f, "") {
		return Known{}, fmt.Errorf("a line is module@version, issue, sort, places and a note between tabs, none of them empty")
	}
	m, err := parseModule(f[0])
	if err != nil {
		return Known{}, err
	}
	if m.Version == "latest" {
		return Known{}, fmt.Errorf("%s has no version: a bug was mended in one", m.Path)
	}
	k := Known{Module: m, Issue: f[1], Sort: Sort(f[2]), Why: f[4]}
	if !slices.Contains(sorts, k.Sort) {
		return Known{}, fmt.Errorf("there is no sort of bug %q, but %q", k.Sort, sorts)
	}
	for _, s := range strings.Fields(f[3]) {
		p, err := parsePlace(s)
		if err != nil {
			return Known{}, err
		}
		k.Places = append(k.Places, p)
	}
	if len(k.Places) == 0 {
		return Known{}, fmt.Errorf("a bug has a place")
	}
	return k, nil
}

// An Outcome is what a tool came to on a known bug.
type Outcome string

// The outcomes.
const (
	Found      Outcome = "found"
	OnlyNote   Outcome = "a note" // it is told at the place, and does not count
	Missed     Outcome = "missed"
	NotDecided Outcome = "not decided" // the tool did not run to its end
	NotTried   Outcome = "not tried"
)

// outcome says whether a tool found the bug, and how: the rule and the place,
// or why it is not known. What a tool has found before it was cut counts.
func (k Known) outcome(r *Result, tool string) (Outcome, string) {
	if r == nil {
		return NotTried, ""
	}
	for _, p := range k.Places {
		if there, looked := r.Places[p.String()]; !looked {
			return NotTried, "the list has changed"
		} else if !there {
			return NotDecided, "no " + p.String() + " in the module"
		}
	}
	if r.State != Done {
		return NotDecided, string(r.State)
	}
	for _, run := range r.Runs {
		if run.Tool != tool {
			continue
		}
		f, ok := k.named(run.Findings)
		switch {
		case ok && !f.Note:
			return Found, f.Rule
		case run.State != Done:
			return NotDecided, string(run.State)
		case ok:
			return OnlyNote, f.Rule
		}
		return Missed, ""
	}
	return NotTried, ""
}

// named returns the finding that names the bug, and rather one that is no note.
func (k Known) named(findings []Finding) (Finding, bool) {
	var note *Finding
	for i, f := range findings {
		if !slices.ContainsFunc(f.Sites, func(site Place) bool {
			return slices.ContainsFunc(k.Places, func(p Place) bool { return p.covers(site) })
		}) {
			continue
		}
		if !f.Note {
			return f, true
		}
		if note == nil {
			note = &findings[i]
		}
	}
	if note == nil {
		return Finding{}, false
	}
	return *note, true
}

// together is what all our tools came to: found by one of them, or else missed
// only if those that were tried all ran to their end.
func (k Known) together(r *Result) Outcome {
	all := map[Outcome]bool{}
	for _, tool := range ours {
		o, _ := k.outcome(r, tool)
		all[o] = true
	}
	for _, o := range []Outcome{Found, OnlyNote, NotDecided, Missed} {
		if all[o] {
			return o
		}
	}
	return NotTried
}
