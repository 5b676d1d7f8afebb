package bench

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
)

// A Report is what Measure found out, and on which machine.
type Report struct {
	Go        string // such as go1.26.0 linux/amd64
	Processor string // such as AMD EPYC, 2 cores
	Rust      string `json:",omitempty"` // such as rustc 1.90.0
	Runs      int
	Results   []Result
}

// A Result is one case's.
type Result struct {
	Name         string
	Unit         string
	Measurements []Measurement
	Targets      []TargetResult `json:",omitempty"`
}

// A Measurement is one subject's.
type Measurement struct {
	By     string
	Median float64 // in the unit
	Spread float64 // of the middle half of the rounds, as a part of the median
	Allocs float64 // per op
	// Ratio is how many times as much as this rival the library takes: above
	// 1 the rival is faster. It is 1 for the library itself.
	Ratio float64
	// Apart says that it was not measured in turns with the others, but in a
	// process of its own: Rust.
	Apart bool `json:",omitempty"`
}

// A TargetResult is a Target and what became of it.
type TargetResult struct {
	Of    string
	Most  float64
	Ratio float64
	// Excess is what the library takes more than the target allows, in the
	// case's unit, or less if negative.
	Excess float64
	Limit  string `json:",omitempty"`
}

// A Verdict is what became of a target.
type Verdict string

const (
	Met Verdict = "met"
	// Even is a ratio above the target by so little that it says nothing:
	// see resolution.
	Even   Verdict = "even"
	Missed Verdict = "missed"
)

// The resolution of a measurement. The same instructions at another address
// differ by a cycle or two, which is all of what the cheapest operations
// take, and even a quiet machine repeats a median to some percent only.
const (
	resolutionNs    = 0.5
	resolutionRatio = 0.03
)

// Verdict judges by the two decimals that are printed.
func (t TargetResult) Verdict() Verdict {
	switch {
	case t.Ratio < t.Most+0.005:
		return Met
	case t.Ratio < t.Most*(1+resolutionRatio) || t.Excess < resolutionNs:
		return Even
	default:
		return Missed
	}
}

func newReport(runs int) *Report {
	return &Report{
		Go:        fmt.Sprintf("%s %s/%s", runtime.Version(), runtime.GOOS, runtime.GOARCH),
		Processor: fmt.Sprintf("%s, %d cores", processor(), cores()),
		Runs:      runs,
	}
}

// processor returns the name of the processor, if the system tells.
func processor() string {
	info, _ := os.ReadFile("/proc/cpuinfo") // elsewhere the architecture must do
	for line := range strings.Lines(string(info)) {
		if key, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(key) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return runtime.GOARCH
}

// Best returns the index of the fastest rival that was measured in turns with
// the library, or -1.
func (r Result) Best() int {
	best := -1
	for i, m := range r.Measurements {
		if i > 0 && !m.Apart && (best < 0 || m.Ratio > r.Measurements[best].Ratio) {
			best = i
		}
	}
	return best
}

// Missed returns the targets that are not met.
func (r Result) Missed() []TargetResult { return r.judged(Missed) }

func (r Result) judged(v Verdict) []TargetResult {
	return slices.DeleteFunc(slices.Clone(r.Targets), func(t TargetResult) bool { return t.Verdict() != v })
}

// medianResult makes one result of those of several runs.
func medianResult(runs []Result) Result {
	r := runs[0]
	if len(runs) == 1 {
		return r
	}
	of := func(value func(Result) float64) float64 {
		var values []float64
		for _, run := range runs {
			values = append(values, value(run))
		}
		return median(values)
	}
	for i := range r.Measurements {
		m := &r.Measurements[i]
		m.Median = of(func(r Result) float64 { return r.Measurements[i].Median })
		m.Spread = of(func(r Result) float64 { return r.Measurements[i].Spread })
		m.Allocs = of(func(r Result) float64 { return r.Measurements[i].Allocs })
		m.Ratio = of(func(r Result) float64 { return r.Measurements[i].Ratio })
	}
	for i := range r.Targets {
		r.Targets[i].Ratio = of(func(r Result) float64 { return r.Targets[i].Ratio })
		r.Targets[i].Excess = of(func(r Result) float64 { return r.Targets[i].Excess })
	}
	return r
}

// Machine is a line that says what was measured on, and how.
func (r *Report) Machine() string {
	s := fmt.Sprintf("%s, %s", r.Go, r.Processor)
	if r.Rust != "" {
		s += ", " + r.Rust
	}
	if r.Runs > 1 {
		s += fmt.Sprintf(", medians of %d runs", r.Runs)
	}
	return s
}

// WriteJSON writes the report as one JSON object.
func (r *Report) WriteJSON(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(r)
}

// WriteText writes the report as a table for a terminal, and a line for each
// target that is not met.
func (r *Report) WriteText(w io.Writer) error {
	_, err := fmt.Fprintf(w, "%s\n%s\n%s", r.Machine(), r.table().Render(), r.verdict())
	return err
}

// table has a row for each measurement.
func (r *Report) table() table.Writer {
	t := table.NewWriter()
	t.SetStyle(table.StyleLight)
	t.Style().Format.Header = text.FormatDefault
	t.SetColumnConfigs([]table.ColumnConfig{
		{Number: 3, Align: text.AlignRight}, {Number: 4, Align: text.AlignRight},
		{Number: 5, Align: text.AlignRight}, {Number: 6, Align: text.AlignRight},
	})
	t.AppendHeader(table.Row{"case", "by", "median", "±", "allocs/op", "fearless/it", "target"})
	for _, result := range r.Results {
		name, best := result.Name, result.Best()
		for i, m := range result.Measurements {
			ratio, target := "", ""
			if i > 0 {
				ratio = fmt.Sprintf("%.2f", m.Ratio)
			}
			if i == best && len(result.Measurements) > 2 {
				ratio = "best  " + ratio
			}
			for _, t := range result.Targets {
				if t.Of == m.By {
					target = t.String()
				}
			}
			allocs, spread := fmt.Sprintf("%g", m.Allocs), fmt.Sprintf("%.0f%%", m.Spread*100)
			if result.Unit != "ns/op" || m.Apart {
				allocs = ""
			}
			if m.Apart {
				spread = ""
			}
			t.AppendRow(table.Row{name, m.By, number(m.Median) + " " + result.Unit, spread, allocs, ratio, target})
			name = ""
		}
	}
	return t
}

// String says whether the target is met, as in "≤ 1.05 met".
func (t TargetResult) String() string {
	return fmt.Sprintf("≤ %.2f %s", t.Most, t.Verdict())
}

func (r *Report) verdict() string {
	var b strings.Builder
	all, missed := 0, 0
	for _, result := range r.Results {
		all += len(result.Targets)
		for _, t := range result.Missed() {
			missed++
			fmt.Fprintf(&b, "missed: %s takes %.2f of %s, target %.2f\n", result.Name, t.Ratio, t.Of, t.Most)
		}
	}
	fmt.Fprintf(&b, "%d cases; of %d targets %d are met or even, %d missed\n", len(r.Results), all, all-missed, missed)
	return b.String()
}

// number prints with three digits or all before the point.
func number(v float64) string {
	switch {
	case v >= 100:
		return fmt.Sprintf("%.0f", v)
	case v >= 10:
		return fmt.Sprintf("%.1f", v)
	default:
		return fmt.Sprintf("%.2f", v)
	}
}
