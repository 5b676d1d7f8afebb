package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/fearless-go/fearless/schedtest"
)

func testCommand() command {
	return command{
		name:    "test",
		args:    "[flags] [packages] [-args arguments of the tests]",
		summary: "run unmodified Go tests under thousands of chosen schedules, and replay what fails",
		run:     runTest,
	}
}

// testFlags are what the user asked of "fearless test", beside the options.
type testFlags struct {
	html, junit, shard, merge string
	coverProfile              string
	spread                    spreadFlags
	json, verbose, debug      bool
}

func runTest(ctx context.Context, args []string, std stdio) error {
	var f testFlags
	var opts schedtest.Options
	args, opts.Args = cutArgs(args)
	flags := flag.NewFlagSet("test", flag.ContinueOnError)
	flags.StringVar(&opts.Dir, "C", "", "test the packages as seen from `folder`")
	flags.StringVar(&opts.Run, "run", "", "run only tests, examples and fuzz seeds whose name matches `pattern`, as go test does")
	flags.StringVar(&opts.Skip, "skip", "", "leave out those whose name matches `pattern`")
	flags.BoolVar(&opts.Race, "race", false, "let the race detector judge every schedule")
	flags.BoolVar(&opts.Short, "short", false, "tell long tests to be short")
	flags.StringVar(&opts.Tags, "tags", "", "build `tags`, separated by commas")
	flags.IntVar(&opts.Schedules, "schedules", 10_000, "schedules for each test `function`")
	flags.DurationVar(&opts.Duration, "duration", time.Minute, "no longer than this for each test function")
	flags.StringVar(&opts.Strategy, "strategy", "portfolio", "how to choose: portfolio, random, pos, pct, pct:DEPTH, dfs or dfs:BOUND (schedules with at most so many preemptions, one after the other; dfs is dfs:2, dfs:255 has no bound)")
	flags.Uint64Var(&opts.Seed, "seed", 0, "another `number` makes other schedules")
	flags.StringVar(&opts.Replay, "replay", "", "run only the schedule of this `seed`, as a failure printed it")
	flags.BoolVar(&f.debug, "debug", false, "with -replay, run it under delve, the debugger, and stop before the first switch that matters")
	flags.IntVar(&opts.Count, "count", 1, "with -replay, run it in so many processes")
	flags.Uint64Var(&opts.MaxSteps, "max-steps", 10_000_000, "scheduling points in one schedule")
	flags.DurationVar(&opts.Late, "late", schedtest.DefaultLate, "how late a goroutine that can run may be when a timer fires; 0: time passes only when nothing can run. What fails only with a late goroutine is reported, and does not fail the run")
	flags.BoolVar(&opts.LateFails, "late-fails", false, "let the run fail for what fails only with a late goroutine")
	flags.DurationVar(&opts.Stall, "stall", 30*time.Second, "give up on a schedule that shows no scheduling point for so long, or waits ten times as long for the outside")
	flags.BoolVar(&opts.UntilSaturated, "until-saturated", false, "stop with a test when the last half of its schedules, and a hundred at least, showed no new order of its operations; it is a sample all the same")
	flags.StringVar(&opts.Net, "net", "memory", "the sockets of this machine's own addresses: memory, where the scheduler decides about them, or real")
	flags.StringVar(&opts.Faults, "faults", "", "`net`: connections in memory have short reads, delays and resets")
	flags.StringVar(&f.shard, "shard", "", "run share `i/n` of the schedules; -merge adds the shares up")
	flags.StringVar(&f.merge, "merge", "", "run nothing: add up the -json reports in `folder`")
	flags.StringVar(&f.html, "html", "", "write the first failing schedule to `file`, as a picture with a lane for each goroutine")
	flags.StringVar(&f.junit, "junit", "", "write the results to `file`, as JUnit XML")
	flags.BoolVar(&f.json, "json", false, "print the report as JSON")
	flags.BoolVar(&f.verbose, "v", false, "list the tests that pass, and all output")
	goFlags(flags, &opts, &f)
	f.spread.add(flags)
	whole := args
	var err error
	if opts.Patterns, err = parse(flags, "[flags] [packages] [-args arguments of the tests]", args, std); err != nil {
		return err
	}
	if opts.Schedules < 1 || opts.Duration <= 0 || opts.MaxSteps < 1 || opts.Stall <= 0 || opts.Count < 1 {
		return usagef("test: -schedules, -duration, -count, -max-steps and -stall must be more than 0")
	}
	if opts.Timeout < 0 || opts.Packages < 0 {
		return usagef("test: -timeout and -p must not be less than 0")
	}
	if opts.Late < 0 {
		return usagef("test: -late %v: a goroutine cannot be less than 0 late", opts.Late)
	}
	if opts.Late == 0 {
		opts.Late = -1 // the zero value asks for the default
	}
	if err := checkReplay(flags, opts); err != nil {
		return err
	}
	if f.debug {
		if opts.Debug, err = underDelve(opts, f, std); err != nil {
			return err
		}
	}
	if f.shard != "" {
		if opts.Shard, opts.Shards, err = parseShard(f.shard); err != nil {
			return err
		}
	}
	if f.merge != "" {
		report, err := schedtest.Merge(f.merge)
		if err != nil {
			return usagef("test: %w", err)
		}
		return f.print(report, std)
	}
	alone := setFlags(flags, "replay", "debug", "count", "shard", "until-saturated", "timeout", "cover", "coverprofile", "coverpkg", "covermode")
	if strings.HasPrefix(opts.Strategy, "dfs") {
		alone["strategy dfs"] = true
	}
	return f.run(ctx, "test", alone, whole, opts, schedtest.Run, std)
}

// run runs tests as the options say, on this machine or spread over workers. alone are
// flags that are set and that only one machine understands, and args are all.
func (f *testFlags) run(ctx context.Context, command string, alone map[string]bool, args []string, opts schedtest.Options,
	run func(context.Context, schedtest.Options) (*schedtest.Report, error), std stdio) error {
	if err := f.spread.check(command, alone); err != nil {
		return err
	}
	done := func(bool, int) {}
	if f.spread.on() {
		var err error
		if done, err = f.spread.shareProcesses(ctx, command, fmt.Sprintf("%q %q", args, opts.Args), &opts, std); err != nil {
			return err
		}
	}
	bar := newTestProgress(std.err)
	opts.Progress = bar.show
	report, err := run(ctx, opts)
	bar.finish()
	failed := 0
	if report != nil {
		for _, r := range report.Results {
			if r.Finding != nil {
				failed++
			}
		}
	}
	done(err == nil && ctx.Err() == nil, failed)
	return f.finish(report, err, command, std)
}

// cutArgs takes the arguments of the tests off those of a command.
func cutArgs(args []string) (own, tests []string) {
	if i := slices.IndexFunc(args, func(a string) bool { return a == "-args" || a == "--args" }); i >= 0 {
		return args[:i], args[i+1:]
	}
	return args, nil
}

// finish prints the report of the command called name, which may have ended with an error.
func (f *testFlags) finish(report *schedtest.Report, err error, name string, std stdio) error {
	if err != nil {
		if report != nil {
			// It has said how it went; the error says why it is not all.
			if printErr := f.print(report, std); printErr != nil && !errors.Is(printErr, errReported) && !errors.Is(printErr, errUndecided) {
				fmt.Fprintf(std.err, "fearless: %v\n", printErr)
			}
		}
		return usagef("%s: %w", name, err)
	}
	return f.print(report, std)
}

// checkReplay refuses what would run something else than was meant.
func checkReplay(flags *flag.FlagSet, opts schedtest.Options) (err error) {
	flags.Visit(func(f *flag.Flag) {
		if f.Name == "replay" && opts.Replay == "" {
			err = usagef("test: -replay has no seed: copy the one that a failure printed")
		}
	})
	if err == nil && opts.Count > 1 && opts.Replay == "" {
		err = usagef("test: -count %d repeats the schedule of -replay: ask for more schedules with -schedules", opts.Count)
	}
	return err
}

func parseShard(text string) (i, n int, err error) {
	left, right, ok := strings.Cut(text, "/")
	if ok {
		if i, err = strconv.Atoi(left); err == nil {
			n, err = strconv.Atoi(right)
		}
	}
	if !ok || err != nil || i < 1 || i > n {
		return 0, 0, usagef("test: -shard %s: write i/n with 1 <= i <= n, such as 1/4", text)
	}
	return i, n, nil
}

func (f *testFlags) print(report *schedtest.Report, std stdio) error {
	if f.html != "" {
		drawn := false
		if err := writeTo(f.html, func(w io.Writer) (err error) { drawn, err = report.WriteHTML(w); return err }); err != nil {
			return fmt.Errorf("-html %s: %w", f.html, err)
		}
		if !drawn {
			os.Remove(f.html)
			fmt.Fprintf(std.err, "fearless: no failing schedule to draw: %s is not written\n", f.html)
		}
	}
	if f.junit != "" {
		if err := writeTo(f.junit, report.WriteJUnit); err != nil {
			return fmt.Errorf("-junit %s: %w", f.junit, err)
		}
	}
	if f.coverProfile != "" {
		if err := writeTo(f.coverProfile, report.WriteCoverProfile); err != nil {
			return fmt.Errorf("-coverprofile %s: %w", f.coverProfile, err)
		}
	}
	var err error
	if f.json {
		err = report.WriteJSON(std.out)
	} else {
		err = report.WriteText(std.out, f.verbose)
	}
	if err != nil {
		return err
	}
	switch report.Verdict().ExitStatus() {
	case exitOK:
		return nil
	case exitUndecided:
		return errUndecided
	}
	return errReported
}

func writeTo(name string, write func(io.Writer) error) error {
	file, err := os.Create(name)
	if err != nil {
		return err
	}
	err = write(file)
	return errors.Join(err, file.Close())
}
