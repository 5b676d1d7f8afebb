package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// options are the flags.
type options struct {
	module, modules, results, verdicts, tools, fearless, bugs string
	all, report, reproduce, again, known, missed              bool
	half, schedules                                           int
	limit, perTest, total                                     time.Duration
	memory                                                    int64
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout, os.Stderr); err != nil {
		if !errors.Is(err, flag.ErrHelp) {
			fmt.Fprintln(os.Stderr, "hunt:", err)
		}
		os.Exit(2)
	}
}

func parse(args []string, errOut io.Writer) (options, error) {
	var o options
	f := flag.NewFlagSet("hunt", flag.ContinueOnError)
	f.SetOutput(errOut)
	f.StringVar(&o.module, "module", "", "try this `module@version`, or the module in this folder (./service)")
	f.BoolVar(&o.all, "all", false, "try every module of the list that has no result yet")
	f.StringVar(&o.modules, "modules", "hunt/modules.txt", "the list of modules, a `file`")
	f.IntVar(&o.half, "half", -1, "only half 0 or 1 of the list")
	f.BoolVar(&o.again, "again", false, "also what has a result")
	f.BoolVar(&o.report, "report", false, "print the tables of the results")
	f.BoolVar(&o.reproduce, "reproduce", false, "run the reproducers below hunt/bugs: each has to fail as it says")
	f.BoolVar(&o.known, "known", false, "try the old bugs of the list -bugs, and print which are found; with -report only print")
	f.StringVar(&o.bugs, "bugs", "hunt/known.tsv", "the list of old bugs, a `file`")
	f.BoolVar(&o.missed, "missed", false, "with -known: only on modules with a bug that none of our tools has found so far")
	f.StringVar(&o.results, "results", "", "the `folder` of results (default hunt-results, and with -known hunt-known)")
	f.StringVar(&o.verdicts, "verdicts", "hunt/verdicts.tsv", "the `file` of verdicts on findings")
	f.StringVar(&o.tools, "tools", "", "which of the `tools` to run (default "+strings.Join(allTools, ",")+", and with -known vet); govet and staticcheck are others' tools, to compare")
	f.StringVar(&o.fearless, "fearless", "", "the `program`; without it, it is built from this module")
	f.IntVar(&o.schedules, "schedules", 200, "schedules for each test")
	f.DurationVar(&o.limit, "limit", 10*time.Minute, "no longer than this for one tool on one module")
	f.DurationVar(&o.perTest, "duration", 3*time.Second, "no longer than this for one test")
	f.DurationVar(&o.total, "total", 0, "begin no module after so much time; 0: no limit")
	f.Int64Var(&o.memory, "memory", 8<<10, "`MiB` that a tool and what it starts may have together; 0: no limit. Only Linux counts it")
	if err := f.Parse(args); err != nil {
		return o, err
	}
	if f.NArg() > 0 {
		return o, fmt.Errorf("%q is not understood: flags only", f.Arg(0))
	}
	return o, o.check()
}

// check refuses what makes no sense, and fills in what depends on other flags.
func (o *options) check() error {
	chosen := 0
	for _, c := range []bool{o.module != "", o.all, o.report && !o.known, o.reproduce, o.known} {
		if c {
			chosen++
		}
	}
	if chosen != 1 {
		return errors.New("say one of -module M, -all, -report, -reproduce and -known")
	}
	if o.missed && !o.known {
		return errors.New("-missed is for -known")
	}
	if o.tools == "" {
		o.tools = strings.Join(allTools, ",")
		if o.known {
			o.tools = "vet"
		}
	}
	if o.results == "" {
		o.results = "hunt-results"
		if o.known {
			o.results = "hunt-known"
		}
	}
	for _, t := range strings.Split(o.tools, ",") {
		if !slices.Contains(allTools, t) && !slices.Contains(peers, t) {
			return fmt.Errorf("-tools: there is no %q, but %s", t, strings.Join(append(slices.Clone(allTools), peers...), ", "))
		}
	}
	if o.half < -1 || o.half > 1 {
		return errors.New("-half is 0 or 1")
	}
	if o.limit <= 0 || o.perTest <= 0 || o.schedules <= 0 || o.memory < 0 {
		return errors.New("-limit, -duration and -schedules are above 0, and -memory is not below")
	}
	return nil
}

func run(ctx context.Context, args []string, out, errOut io.Writer) error {
	o, err := parse(args, errOut)
	if err != nil {
		return err
	}
	switch {
	case o.known:
		return runKnown(ctx, o, out, errOut)
	case o.report:
		return printReport(o, out)
	case o.reproduce:
		return reproduce(ctx, filepath.Join("hunt", "bugs"), out)
	}
	list := []Module{}
	if o.all {
		list, err = readModules(o.modules)
	} else {
		var m Module
		m, err = parseModule(o.module)
		list = append(list, m)
	}
	if err != nil {
		return err
	}
	h := newHunt(o, errOut)
	remove, err := h.build(ctx, o.fearless)
	if err != nil {
		return err
	}
	defer remove()
	return h.list(ctx, list, o, out)
}

func newHunt(o options, errOut io.Writer) *Hunt {
	return &Hunt{
		Results: o.results, Tools: strings.Split(o.tools, ","), PerTest: o.perTest, Schedules: o.schedules,
		Limits: Limits{Time: o.limit, Memory: o.memory << 20, Output: 256 << 20},
		Log: func(format string, args ...any) {
			fmt.Fprintf(errOut, time.Now().Format("15:04:05 ")+format+"\n", args...)
		},
	}
}

// list tries the modules one after the other. What has a result is left alone.
func (h *Hunt) list(ctx context.Context, list []Module, o options, out io.Writer) error {
	start := time.Now()
	for _, m := range list {
		if o.all && o.half >= 0 && m.Half() != o.half {
			continue
		}
		if _, there, err := load(h.Results, m); err != nil {
			return err
		} else if there && o.all && !o.again {
			continue
		}
		if o.total > 0 && time.Since(start) > o.total {
			fmt.Fprintf(out, "%v are over; the same command goes on with %s\n", o.total, m)
			return nil
		}
		r, err := h.Module(ctx, m)
		if ctx.Err() != nil {
			fmt.Fprintf(out, "stopped at %s, of which nothing is kept; the same command goes on with it\n", m)
			return nil
		}
		if err != nil {
			return fmt.Errorf("%s: %w", m, err)
		}
		if err := r.save(h.Results); err != nil {
			return err
		}
		fmt.Fprintln(out, r.summary())
	}
	return nil
}

// summary is one line.
func (r *Result) summary() string {
	if r.State != Done {
		return fmt.Sprintf("%s: %s: %s", r.Module, r.State, r.Why)
	}
	parts := []string{}
	for _, run := range r.Runs {
		notes := 0
		for _, f := range run.Findings {
			if f.Note {
				notes++
			}
		}
		text := fmt.Sprintf("%s %s, %d findings", run.Tool, run.State, len(run.Findings)-notes)
		if notes > 0 {
			text += fmt.Sprintf(" and %d notes", notes)
		}
		parts = append(parts, text)
	}
	return fmt.Sprintf("%s: %s (%.0f s)", r.Module, strings.Join(parts, "; "), r.Seconds)
}

func printReport(o options, out io.Writer) error {
	names, err := filepath.Glob(filepath.Join(o.results, "*.json"))
	if err != nil {
		return err
	}
	if len(names) == 0 {
		return fmt.Errorf("there are no results in %s: run hunt -all first, or name another folder with -results", o.results)
	}
	verdicts, err := readVerdicts(o.verdicts)
	if err != nil {
		return err
	}
	rep := report{verdicts: verdicts}
	for _, name := range names {
		r, err := read(name)
		if err != nil {
			return err
		}
		rep.results = append(rep.results, r)
	}
	rep.write(out)
	return nil
}

// build makes the program, and asks it which one it is.
func (h *Hunt) build(ctx context.Context, program string) (remove func(), err error) {
	remove = func() {}
	if program == "" {
		dir, err := os.MkdirTemp("", "hunt")
		if err != nil {
			return remove, err
		}
		remove = func() { os.RemoveAll(dir) }
		program = filepath.Join(dir, "fearless")
		cmd := exec.CommandContext(ctx, "go", "build", "-o", program, "github.com/fearless-go/fearless/cmd/fearless")
		if out, err := cmd.CombinedOutput(); err != nil {
			remove()
			return func() {}, fmt.Errorf("fearless cannot be built here (-fearless names one that is): %s", firstLine(string(out), err.Error()))
		}
	}
	if h.Fearless, err = filepath.Abs(program); err != nil {
		return remove, err
	}
	out, err := exec.CommandContext(ctx, h.Fearless, "version").Output()
	if err != nil {
		return remove, fmt.Errorf("%s does not run: %w", program, err)
	}
	h.Version = firstLine(string(out))
	return remove, nil
}
