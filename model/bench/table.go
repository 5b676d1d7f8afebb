package main

import (
	"fmt"
	"io"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"

	"github.com/fearless-go/fearless/model"
)

// A program is one of the suite, with the executions that it must have.
type program struct {
	name   string
	main   func()
	memory model.MemoryModel
	want   int
	// genmc is the program's file below GenMC's tests/correct, and the size as
	// its macros have it; empty for programs with an answer of their own.
	genmc string
	size  string
}

// runAll explores the programs and prints a line for each. It reports whether all
// counts were right.
func runAll(w io.Writer, list []program, parallel int, folder string) bool {
	t := table.NewWriter()
	t.SetOutputMirror(w)
	t.AppendHeader(table.Row{"program", "memory", "executions", "known", "blocked", "ms", "executions/s", "genmc/s", "ratio"})
	ok := true
	for _, p := range list {
		start := time.Now()
		r := model.Explore(p.main, model.Memory(p.memory), model.Parallel(parallel))
		d := time.Since(start)
		if r.Failure != nil {
			fmt.Fprintf(w, "%s: %v\n", p.name, r.Failure)
			ok = false
			continue
		}
		note := ""
		if r.Executions != p.want {
			note, ok = " WRONG", false
		}
		rate := float64(r.Executions) / d.Seconds()
		theirs, ratio := "", ""
		if g := genmc(p, folder); g > 0 {
			theirs, ratio = fmt.Sprintf("%.0f", g), fmt.Sprintf("%.1f", rate/g)
		}
		t.AppendRow(table.Row{p.name, p.memory, fmt.Sprint(r.Executions, note), p.want, r.Blocked, d.Milliseconds(), fmt.Sprintf("%.0f", rate), theirs, ratio})
	}
	t.Render()
	return ok
}

var (
	genmcExecutions = regexp.MustCompile(`complete executions explored: (\d+)`)
	genmcTime       = regexp.MustCompile(`time: ([0-9.]+)s`)
)

// genmc is how many executions of p a genmc explores in a second; 0 if there
// is none to ask.
func genmc(p program, folder string) float64 {
	path, err := exec.LookPath("genmc")
	if err != nil || folder == "" || p.genmc == "" {
		return 0
	}
	memory := "--rc11"
	if p.memory == model.SC {
		memory = "--sc"
	}
	args := []string{memory, "--disable-symmetry-reduction", "--disable-estimation", "--", "-DN=" + p.size, filepath.Join(folder, p.genmc)}
	out, err := exec.Command(path, args...).CombinedOutput()
	if err != nil {
		return 0
	}
	n, t := genmcExecutions.FindSubmatch(out), genmcTime.FindSubmatch(out)
	if n == nil || t == nil {
		return 0
	}
	executions, err1 := strconv.ParseFloat(string(n[1]), 64)
	seconds, err2 := strconv.ParseFloat(string(t[1]), 64)
	if err1 != nil || err2 != nil || seconds == 0 {
		return 0
	}
	return executions / seconds
}
