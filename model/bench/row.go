package main

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"

	"github.com/fearless-go/fearless/model"
)

// A row is the measurement of one program.
type row struct {
	title     string
	one, many model.Report  // on one engine and on several
	elapsed   time.Duration // of one
	cpu       time.Duration // processor time of one
	gain      float64       // how many times as fast several are
	expected  int
	genmc     float64 // executions a second; 0: not known
	seen      bool    // the number of genmc is not from this run
}

const (
	// most is how often a program is measured, on one engine, on several and
	// by genmc in turn. A machine that has other work drifts: the medians count,
	// and for what is a ratio the median of the ratios of neighbors.
	most = 11
	// enough is how long a program is measured, if it has been least times.
	enough = 10 * time.Second
	least  = 3
	// shortest is the processor time of genmc from which a rate is told.
	shortest = 50 * time.Millisecond
)

func (p *program) measure(ctx context.Context, n int, o options) (row, error) {
	r := row{title: p.title(n), expected: p.executions(n, o.memory)}
	var elapsed, cpus, theirs []time.Duration
	var gains []float64
	for began := time.Now(); len(cpus) < most && (len(cpus) < least || time.Since(began) < enough); {
		runtime.GC()
		before := cpuTime()
		r.one = model.Explore(p.make(n), model.Memory(o.memory))
		cpus, elapsed = append(cpus, cpuTime()-before), append(elapsed, r.one.Elapsed)
		if r.one.Failure != nil {
			return r, fmt.Errorf("%s: %w", r.title, r.one.Failure)
		}
		if o.engines > 1 {
			r.many = model.Explore(p.make(n), model.Memory(o.memory), model.Parallel(o.engines))
			if r.many.Failure != nil {
				return r, fmt.Errorf("%s on %d engines: %w", r.title, o.engines, r.many.Failure)
			}
			if r.many.Executions != r.one.Executions {
				return r, fmt.Errorf("%s: %d executions on one engine, %d on %d", r.title, r.one.Executions, r.many.Executions, o.engines)
			}
			gains = append(gains, r.one.Elapsed.Seconds()/r.many.Elapsed.Seconds())
		}
		g, err := p.runGenMC(ctx, n, o.memory)
		if err != nil {
			return r, err
		}
		if g != nil {
			if g.executions != r.one.Executions {
				return r, fmt.Errorf("%s: %d executions, and genmc finds %d", r.title, r.one.Executions, g.executions)
			}
			theirs = append(theirs, g.cpu)
		}
	}
	if r.expected != unknown && r.one.Executions != r.expected {
		return r, fmt.Errorf("%s: %d executions, and there are %d", r.title, r.one.Executions, r.expected)
	}
	r.elapsed, r.cpu = median(elapsed), median(cpus)
	if o.engines > 1 {
		r.gain = median(gains)
	}
	r.genmc, r.seen = p.genmc[n], true
	// A program that takes no longer than to start says nothing.
	if len(theirs) > 0 && median(theirs) > shortest {
		r.genmc, r.seen = float64(r.one.Executions)/median(theirs).Seconds(), false
	}
	return r, nil
}

func median[T cmp.Ordered](of []T) T {
	of = slices.Sorted(slices.Values(of))
	return of[len(of)/2]
}

// rate is executions in a second of processor time, on one engine.
func (r *row) rate() float64 { return float64(r.one.Executions) / r.cpu.Seconds() }

func render(rows []row, o options) table.Writer {
	t := table.NewWriter()
	t.Style().Format.Header = text.FormatDefault
	header := table.Row{"program", "executions", "expected", "blocked", "seconds", "CPU seconds", "executions/CPU s"}
	if o.engines > 1 {
		header = append(header, fmt.Sprintf("on %d engines", o.engines))
	}
	t.AppendHeader(append(header, "GenMC/s", "ratio"))
	var columns []table.ColumnConfig
	for i := range len(header) + 1 {
		columns = append(columns, table.ColumnConfig{Number: i + 2, Align: text.AlignRight, AlignHeader: text.AlignRight})
	}
	t.SetColumnConfigs(columns)
	for _, r := range rows {
		expected := "?"
		if r.expected != unknown {
			expected = fmt.Sprint(r.expected)
		}
		cells := table.Row{r.title, r.one.Executions, expected, r.one.Blocked, fmt.Sprintf("%.2f", r.elapsed.Seconds()), fmt.Sprintf("%.2f", r.cpu.Seconds()), short(r.rate())}
		if o.engines > 1 {
			cells = append(cells, fmt.Sprintf("%.2f×", r.gain))
		}
		peer, ratio := "", ""
		if r.genmc > 0 {
			peer, ratio = short(r.genmc), fmt.Sprintf("%.1f×", r.rate()/r.genmc)
			if r.seen {
				peer += " (seen once)"
			}
		}
		t.AppendRow(append(cells, peer, ratio))
	}
	return t
}

// short is a rate: three digits, or thousands.
func short(perSecond float64) string {
	if perSecond < 10_000 {
		return fmt.Sprintf("%.0f", perSecond)
	}
	return fmt.Sprintf("%.0f k", perSecond/1000)
}

const (
	tableBegin = "<!-- written by go run ./model/bench -update -->\n"
	tableEnd   = "<!-- end -->\n"
)

// writeTable replaces the table in the file.
func writeTable(name string, rows []row, o options) error {
	old, err := os.ReadFile(name)
	if err != nil {
		return fmt.Errorf("-update: %w; run it in the folder above model", err)
	}
	before, rest, ok := strings.Cut(string(old), tableBegin)
	_, after, ok2 := strings.Cut(rest, tableEnd)
	if !ok || !ok2 {
		return fmt.Errorf("-update: %s has no line %q with an end after it", name, strings.TrimSpace(tableBegin))
	}
	new := before + tableBegin + render(rows, o).RenderMarkdown() + "\n" + tableEnd + after
	return os.WriteFile(name, []byte(new), 0o666)
}
