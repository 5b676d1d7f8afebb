package main

import (
	"context"
	"fmt"
	"os"
	"runtime"
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
	cpu       time.Duration // processor time of one
	expected  int
	genmc     float64 // executions a second; 0: not known
	seen      bool    // the number of genmc is not from this run
}

func (p *program) measure(ctx context.Context, n int, o options) (row, error) {
	r := row{title: p.title(n), expected: p.executions(n, o.memory)}
	for i := range rounds {
		runtime.GC()
		before := cpuTime()
		one := model.Explore(p.make(n), model.Memory(o.memory))
		cpu := cpuTime() - before
		if one.Failure != nil {
			return r, fmt.Errorf("%s: %w", r.title, one.Failure)
		}
		if i == 0 || cpu < r.cpu {
			r.cpu = cpu
		}
		if i == 0 || one.Elapsed < r.one.Elapsed {
			r.one = one
		}
		if o.engines == 1 {
			continue
		}
		many := model.Explore(p.make(n), model.Memory(o.memory), model.Parallel(o.engines))
		if many.Failure != nil {
			return r, fmt.Errorf("%s on %d engines: %w", r.title, o.engines, many.Failure)
		}
		if many.Executions != one.Executions {
			return r, fmt.Errorf("%s: %d executions on one engine, %d on %d", r.title, one.Executions, many.Executions, o.engines)
		}
		if i == 0 || many.Elapsed < r.many.Elapsed {
			r.many = many
		}
	}
	if g, ok := p.genmc[n]; ok {
		r.genmc, r.seen = g, true
	}
	g, err := p.runGenMC(ctx, n, o.memory)
	if err != nil {
		return r, err
	}
	if g != nil {
		// A program that takes no longer than to start says nothing.
		if g.cpu > shortest {
			r.genmc, r.seen = float64(g.executions)/g.cpu.Seconds(), false
		}
		if g.executions != r.one.Executions {
			return r, fmt.Errorf("%s: %d executions, and genmc finds %d", r.title, r.one.Executions, g.executions)
		}
	}
	if r.expected != unknown && r.one.Executions != r.expected {
		return r, fmt.Errorf("%s: %d executions, and there are %d", r.title, r.one.Executions, r.expected)
	}
	return r, nil
}

// rounds is how often a program is measured, on one engine and on several in
// turn. The least time of each counts: what else the machine does only adds.
const rounds = 3

// shortest is the processor time of genmc from which a rate is told.
const shortest = 50 * time.Millisecond

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
		cells := table.Row{r.title, r.one.Executions, expected, r.one.Blocked, fmt.Sprintf("%.2f", r.one.Elapsed.Seconds()), fmt.Sprintf("%.2f", r.cpu.Seconds()), short(r.rate())}
		if o.engines > 1 {
			cells = append(cells, fmt.Sprintf("%.2f×", r.one.Elapsed.Seconds()/r.many.Elapsed.Seconds()))
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
