package main

import (
	"context"
	"flag"
	"time"

	"github.com/fearless-go/fearless/schedtest"
)

func proveCommand() command {
	return command{
		name:    "prove",
		args:    "[flags] [packages] [-args arguments of the tests]",
		summary: "run small Go tests, unmodified, under every schedule that differs, once: proven, or why not",
		run:     runProve,
	}
}

func runProve(ctx context.Context, args []string, std stdio) error {
	var f testFlags
	var opts schedtest.Options
	args, opts.Args = cutArgs(args)
	flags := flag.NewFlagSet("prove", flag.ContinueOnError)
	flags.StringVar(&opts.Dir, "C", "", "prove the packages as seen from `folder`")
	flags.StringVar(&opts.Run, "run", "", "prove only tests and examples whose name matches `pattern`, as go test does")
	flags.StringVar(&opts.Skip, "skip", "", "leave out those whose name matches `pattern`")
	flags.BoolVar(&opts.Race, "race", true, "let the race detector judge every execution; without it, what is proven assumes that there is no data race")
	flags.BoolVar(&opts.Short, "short", false, "tell long tests to be short")
	flags.StringVar(&opts.Tags, "tags", "", "build `tags`, separated by commas")
	flags.StringVar(&opts.Time, "time", schedtest.TimeAny, "`when` a timer may fire: any (a goroutine may be late, so before any step) or ideal (computing takes no time)")
	flags.DurationVar(&opts.Duration, "duration", time.Minute, "no longer than this for each test function")
	flags.Uint64Var(&opts.MaxExecutions, "max-executions", 0, "no more executions than this for each test function; 0 is no limit")
	flags.IntVar(&opts.Processes, "parallel", 1, "so many `processes` divide the schedules of each test")
	flags.StringVar(&opts.Checkpoint, "checkpoint", "", "keep in `file` how far the proofs have come, and go on from there")
	flags.StringVar(&opts.Bound, "bound", "", "run only the schedules with at most so many preemptions, as in preemptions:2: that finds failures, and proves nothing of the `others`")
	flags.Uint64Var(&opts.MaxSteps, "max-steps", 1_000_000, "scheduling points in one execution")
	flags.DurationVar(&opts.Stall, "stall", 30*time.Second, "give up on an execution that shows no scheduling point for so long, or waits ten times as long for the outside")
	flags.StringVar(&f.html, "html", "", "write the first failing execution to `file`, as a picture with a lane for each goroutine")
	flags.StringVar(&f.junit, "junit", "", "write the results to `file`, as JUnit XML")
	flags.BoolVar(&f.json, "json", false, "print the report as JSON")
	flags.BoolVar(&f.verbose, "v", false, "print all output of what failed")
	f.spread.add(flags)
	whole := args
	explain := flags.Bool("explain", false, "print what proven means, and do nothing else")
	var err error
	if opts.Patterns, err = parse(flags, "[flags] [packages] [-args arguments of the tests]", args, std); err != nil {
		return err
	}
	if *explain {
		_, err := std.out.Write([]byte(schedtest.Explanation))
		return err
	}
	if opts.Duration <= 0 || opts.MaxSteps < 1 || opts.Stall <= 0 {
		return usagef("prove: -duration, -max-steps and -stall must be more than 0")
	}
	if opts.Time != schedtest.TimeAny && opts.Time != schedtest.TimeIdeal {
		return usagef("prove: -time %s: use any or ideal", opts.Time)
	}
	if opts.Processes < 1 {
		return usagef("prove: -parallel %d: it takes at least one process", opts.Processes)
	}
	// How many executions there may be is counted by who runs them.
	return f.run(ctx, "prove", setFlags(flags, "parallel", "max-executions"), whole, opts, schedtest.Prove, std)
}
