package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"

	"github.com/fearless-go/fearless/model"
)

// A modelLine is what a test tells through the file named by -model.report.
type modelLine struct {
	Package    string          `json:"package"`
	Test       string          `json:"test"`
	Executions int             `json:"executions"`
	Blocked    int             `json:"blocked"`
	Panicked   int             `json:"panicked,omitempty"`
	Over       float64         `json:"over"`
	Seconds    float64         `json:"seconds"`
	Estimate   *model.Estimate `json:"estimate,omitempty"`
	Done       bool            `json:"-"`
	Exhaustive bool            `json:"exhaustive"`
	Verdict    model.Verdict   `json:"verdict,omitempty"`
	Unseen     []model.Unseen  `json:"unseen,omitempty"`
	Outcomes   map[string]int  `json:"outcomes,omitempty"`
	Failure    string          `json:"failure,omitempty"`
	Kind       string          `json:"kind,omitempty"`
	Replay     string          `json:"replay,omitempty"`
	Trace      json.RawMessage `json:"trace,omitempty"`
}

// UnmarshalJSON also reads what is not printed.
func (l *modelLine) UnmarshalJSON(data []byte) error {
	type plain modelLine
	both := struct {
		*plain
		Done bool `json:"done"`
	}{plain: (*plain)(l)}
	err := json.Unmarshal(data, &both)
	l.Done = both.Done
	return err
}

// watch shows on p how far the tests are. The function that it returns ends that
// and returns the results.
func (f *modelFlags) watch(report string, p *progress) func() []modelLine {
	if p.file != nil {
		p.show(func(width int) string {
			lines := latest(readReport(report))
			if len(lines) == 0 {
				return clip("build the tests", width)
			}
			return modelProgress(lines, width)
		})
	}
	return func() []modelLine {
		p.finish()
		return latest(readReport(report))
	}
}

// modelProgress is which test is under way, how many executions it has had, and
// about which part of all that is.
func modelProgress(lines []modelLine, width int) string {
	now, checks, failed := lines[len(lines)-1], 0, 0
	for _, l := range lines {
		switch {
		case l.Failure != "":
			failed++
		case l.Done:
			checks++
		default:
			now = l
		}
	}
	rest := fmt.Sprintf(" %d executions", now.Executions)
	switch e := now.Estimate; {
	case e == nil:
	case now.Over > 0:
		rest += fmt.Sprintf(", %.0f %% of %s", 100*now.Over, estimateText(e))
	default:
		rest += " of " + estimateText(e)
	}
	if checks > 0 {
		rest += fmt.Sprintf(", %d checks passed", checks)
	}
	if failed > 0 {
		rest += fmt.Sprintf(", %d failed", failed)
	}
	return named("", now.Test, rest, width)
}

func readReport(name string) []modelLine {
	file, err := os.Open(name)
	if err != nil {
		return nil // no test has begun
	}
	defer file.Close()
	var lines []modelLine
	for r := bufio.NewReader(file); ; {
		text, err := r.ReadBytes('\n')
		if err != nil {
			return lines // what is there without an end is still being written
		}
		var l modelLine
		if json.Unmarshal(text, &l) == nil {
			lines = append(lines, l)
		}
	}
}

// latest is the last line of each test, in the order in which they began.
func latest(lines []modelLine) []modelLine {
	at := make(map[[2]string]int)
	var out []modelLine
	for _, l := range lines {
		check := [2]string{l.Package, l.Test}
		if i, ok := at[check]; ok && !out[i].Done {
			out[i] = l
			continue
		}
		at[check] = len(out)
		out = append(out, l)
	}
	return out
}

// estimateText is an estimate, or what is known for certain as long as there is none.
func estimateText(e *model.Estimate) string {
	if e.High == 0 {
		return fmt.Sprintf("at least %.3g", e.Low)
	}
	if e.Low == e.High {
		return fmt.Sprintf("%.6g", e.Mean)
	}
	return fmt.Sprintf("about %.2g (%.2g to %.2g)", e.Mean, e.Low, e.High)
}

// undecided reports whether nothing failed, but not everything was looked at.
func (l modelLine) undecided() bool {
	return l.Verdict == model.Undecided || l.Verdict == model.Unsuitable
}

func printModelJSON(results []modelLine, w io.Writer) error {
	if results == nil {
		results = []modelLine{}
	}
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	return enc.Encode(results)
}

// summarize prints a line for each exploration that did not end by itself, and
// one for all.
func (f *modelFlags) summarize(results []modelLine, w io.Writer) {
	executions, blocked, failed, unsuitable := 0, 0, 0, 0
	seconds := 0.0
	for _, l := range results {
		executions += l.Executions
		blocked += l.Blocked
		seconds += l.Seconds
		switch {
		case l.Failure != "":
			failed++
		case !l.Exhaustive && l.Verdict != model.Unsuitable && f.replay == "":
			fmt.Fprintf(w, "model: %s is not exhausted: %d executions", l.Test, l.Executions)
			if f.seed != "" {
				fmt.Fprint(w, " at random")
			}
			if e := l.Estimate; e != nil {
				fmt.Fprintf(w, ", of %s", estimateText(e))
			}
			if f.checkpoint != "" {
				fmt.Fprint(w, "; the same command goes on from there")
			}
			fmt.Fprintln(w)
		}
		for _, u := range l.Unseen {
			fmt.Fprintf(w, "model: %s: not seen by the model: %v\n", l.Test, u)
		}
		if l.Verdict == model.Unsuitable && l.Failure == "" {
			unsuitable++
		}
		if l.Panicked > 0 {
			fmt.Fprintf(w, "model: %s: in %d of %d executions a thread panicked, and who joined it got that as an error: is it looked at?\n", l.Test, l.Panicked, l.Executions)
		}
	}
	if len(results) == 0 {
		fmt.Fprintln(w, "model: no test ran a model.Check")
		return
	}
	if unsuitable > 0 {
		fmt.Fprintf(w, "model: of %d checks nothing is proven, for they do what the model does not explore: \"fearless prove\" runs every schedule of a test that uses sync, sync/atomic, channels or go\n", unsuitable)
	}
	fmt.Fprintf(w, "model: %d checks, %d failed; %d executions (%d blocked) in %.1f s\n", len(results), failed, executions, blocked, seconds)
}
