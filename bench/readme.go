package bench

import (
	"errors"
	"fmt"
	"os"
	"strings"
)

// Between these lines of README.md stands what UpdateReadme writes.
const (
	tablesBegin = "<!-- written by: go run ./cmd/fearless bench -update -->"
	tablesEnd   = "<!-- end -->"
)

// ErrNoMarks is the error of an UpdateReadme of a file that does not say where
// the tables belong.
var ErrNoMarks = errors.New("the lines between which the tables belong are missing: " + tablesBegin + " and " + tablesEnd)

// UpdateReadme replaces the tables in the file by those of the report.
func (r *Report) UpdateReadme(file string) error {
	old, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	before, rest, ok := strings.Cut(string(old), tablesBegin)
	_, after, ok2 := strings.Cut(rest, tablesEnd)
	if !ok || !ok2 {
		return fmt.Errorf("%s: %w", file, ErrNoMarks)
	}
	return os.WriteFile(file, []byte(before+tablesBegin+"\n\n"+r.markdown()+"\n"+tablesEnd+after), 0o644)
}

// markdown is the targets, those that are missed with what is known about
// them, and behind a fold everything.
func (r *Report) markdown() string {
	var b strings.Builder
	fmt.Fprintf(&b, "Measured with %s.\n\n", r.Machine())
	b.WriteString("| case | rival | fearless | rival | ratio | target | |\n|---|---|---:|---:|---:|---:|---|\n")
	for _, result := range r.summary().Results {
		for _, t := range result.Targets {
			verdict := t.Verdict()
			if verdict == Missed {
				verdict = "**missed**"
			}
			fmt.Fprintf(&b, "| %s | %s | %s | %s | %.2f | ≤ %.2f | %s |\n", strings.ReplaceAll(result.Name, "*", `\*`), t.Of,
				number(result.Measurements[0].Median), number(result.of(t.Of).Median), t.Ratio, t.Most, verdict)
		}
	}
	b.WriteString("\nMedians in ns/op; of the atomic operations of one type, the one with the worst ratio.\n")
	b.WriteString(r.misses())
	b.WriteString(r.evens())
	fmt.Fprintf(&b, "\n<details><summary>All %d cases</summary>\n\n%s\n\n</details>\n", len(r.Results), r.table().RenderMarkdown())
	return b.String()
}

// misses says for each target that is not met what is known about it.
func (r *Report) misses() string {
	var b strings.Builder
	for _, result := range r.Results {
		for _, t := range result.Missed() {
			limit := t.Limit
			if limit == "" {
				limit = "Not explained."
			}
			fmt.Fprintf(&b, "- `%s`: %.2f of %s, target %.2f. %s\n", result.Name, t.Ratio, t.Of, t.Most, limit)
		}
	}
	if b.Len() == 0 {
		return "\nEvery target is met.\n"
	}
	return "\nNot met:\n\n" + b.String()
}

// evens lists the targets that are even, those with the same explanation together.
func (r *Report) evens() string {
	var limits []string
	cases := make(map[string][]string)
	for _, result := range r.Results {
		for _, t := range result.judged(Even) {
			if cases[t.Limit] == nil {
				limits = append(limits, t.Limit)
			}
			cases[t.Limit] = append(cases[t.Limit], fmt.Sprintf("`%s` %.2f of %s (%.2f)", result.Name, t.Ratio, t.Of, t.Most))
		}
	}
	if limits == nil {
		return ""
	}
	var b strings.Builder
	b.WriteString("\nEven, that is above the target by no more than a measurement can tell:\n\n")
	for _, limit := range limits {
		fmt.Fprintf(&b, "- %s. %s\n", strings.Join(cases[limit], ", "), limit)
	}
	return b.String()
}

func (r Result) of(by string) Measurement {
	for _, m := range r.Measurements {
		if m.By == by {
			return m
		}
	}
	return Measurement{}
}
