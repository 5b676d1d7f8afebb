package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// A target is a module with known bugs, all of its lines together: each tool
// runs on it once.
type target struct {
	module Module
	bugs   []Known
}

func targets(all []Known) []target {
	var list []target
	for _, k := range all {
		i := slices.IndexFunc(list, func(t target) bool { return t.module == k.Module })
		if i < 0 {
			i = len(list)
			list = append(list, target{module: k.Module})
		}
		list[i].bugs = append(list[i].bugs, k)
	}
	return list
}

// wanted returns those of the tools that have still to run, and whether any or
// the places have. With missed, a target of which every bug is found is left alone.
func (t target) wanted(r *Result, tools []string, o options) (todo []string, any bool) {
	if r == nil || o.again {
		return tools, true
	}
	if o.missed && !slices.ContainsFunc(t.bugs, func(k Known) bool { return k.together(r) != Found }) {
		return nil, false
	}
	for _, tool := range tools {
		if r.State == Done && !slices.ContainsFunc(r.Runs, func(run Run) bool { return run.Tool == tool }) {
			todo = append(todo, tool)
		}
	}
	for _, k := range t.bugs {
		for _, p := range k.Places {
			if _, looked := r.Places[p.String()]; !looked {
				return todo, true
			}
		}
	}
	return todo, len(todo) > 0
}

// runKnown is hunt -known.
func runKnown(ctx context.Context, o options, out, errOut io.Writer) error {
	all, err := readKnown(o.bugs)
	if err != nil {
		return err
	}
	if o.report {
		return printKnown(all, o.results, o.half, out)
	}
	return newHunt(o, errOut).known(ctx, all, o, out)
}

// known runs the tools on the modules of the list of old bugs, and prints what
// came of it. What has run before is not run again.
func (h *Hunt) known(ctx context.Context, all []Known, o options, out io.Writer) error {
	start := time.Now()
	asked := h.Tools
	built := false
	for _, t := range targets(all) {
		if o.half >= 0 && t.module.Half() != o.half {
			continue
		}
		old, _, err := load(h.Results, t.module)
		if err != nil {
			return err
		}
		todo, any := t.wanted(old, asked, o)
		if !any {
			continue
		}
		if o.total > 0 && time.Since(start) > o.total {
			fmt.Fprintf(out, "%v are over; the same command goes on with %s\n", o.total, t.module)
			break
		}
		if !built {
			remove, err := h.build(ctx, o.fearless)
			if err != nil {
				return err
			}
			defer remove()
			built = true
		}
		h.Tools = todo
		r, err := h.Module(ctx, t.module, t.places()...)
		if errors.Is(err, context.Canceled) {
			fmt.Fprintf(out, "stopped at %s, of which nothing is kept; the same command goes on with it\n", t.module)
			break
		}
		if err != nil {
			return fmt.Errorf("%s: %w", t.module, err)
		}
		r.keep(old)
		if err := r.save(h.Results); err != nil {
			return err
		}
		h.Log("%s", r.summary())
	}
	return printKnown(all, h.Results, o.half, out)
}

func (t target) places() []Place {
	var all []Place
	for _, k := range t.bugs {
		all = append(all, k.Places...)
	}
	return all
}

// keep takes over from an earlier result the runs of tools that did not run now.
func (r *Result) keep(old *Result) {
	if old == nil || r.State != Done {
		return
	}
	for _, run := range old.Runs {
		if !slices.ContainsFunc(r.Runs, func(now Run) bool { return now.Tool == run.Tool }) {
			r.Runs = append(r.Runs, run)
			r.Seconds += run.Seconds
		}
	}
	order := func(run Run) int { return slices.Index(append(slices.Clone(allTools), peers...), run.Tool) }
	slices.SortStableFunc(r.Runs, func(a, b Run) int { return order(a) - order(b) })
}

// places of a known bug as text.
func (k Known) where() string {
	var all []string
	for _, p := range k.Places {
		all = append(all, p.String())
	}
	return strings.Join(all, " ")
}
