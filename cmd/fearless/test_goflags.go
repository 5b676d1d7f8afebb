package main

import (
	"flag"
	"strconv"

	"github.com/fearless-go/fearless/schedtest"
)

// goFlags adds to flags those of go test that mean the same here, or as much as
// they can under chosen schedules.
func goFlags(flags *flag.FlagSet, opts *schedtest.Options, f *testFlags) {
	flags.DurationVar(&opts.Timeout, "timeout", 0, "no longer than this for the tests of a package: those that were not run by then are undecided; 0 is no limit")
	flags.BoolVar(&opts.FailFast, "failfast", false, "run no more tests after the first that fails")
	flags.BoolVar(&opts.Cover, "cover", false, "say how much of the code all schedules together have run")
	flags.Func("coverprofile", "write that to `file`, for go tool cover", func(text string) error {
		f.coverProfile, opts.Cover = text, true
		return nil
	})
	for _, name := range []string{"coverpkg", "covermode"} {
		flags.Func(name, "as go test's -"+name, func(text string) error {
			opts.Cover = true
			opts.BuildFlags = append(opts.BuildFlags, "-"+name+"="+text)
			return nil
		})
	}
	for name, help := range map[string]string{
		"mod":     "as go test's: readonly, vendor or mod",
		"modfile": "as go test's: read `file` in place of go.mod",
		"ldflags": "`flags` of the linker", "gcflags": "`flags` of the compiler",
	} {
		flags.Func(name, help, func(text string) error {
			opts.BuildFlags = append(opts.BuildFlags, "-"+name+"="+text)
			return nil
		})
	}
	flags.IntVar(&opts.Packages, "p", 0, "build and run so many `packages` at once; 0 is GOMAXPROCS")
	flags.Func("cpu", "what GOMAXPROCS is in the tests, at first: one `number`, in place of 4", func(text string) error {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 {
			return usagef("it is one number, such as 2: run the tests once for each")
		}
		opts.CPU = n
		return nil
	})
	flags.Func("parallel", "run so many parallel subtests at once: a `number`, in place of 8", func(text string) error {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 {
			return usagef("it is a number from 1 on")
		}
		opts.Parallel = n
		return nil
	})
	for name, why := range refusedFlags {
		flags.Var(refused{why, name == "benchmem"}, name, "not here: "+why)
	}
}

// refusedFlags are those of go test that cannot mean the same under chosen
// schedules, and what to do instead.
var refusedFlags = map[string]string{
	"bench":        "time is virtual, so a benchmark has nothing to measure; use go test -bench, or fearless bench",
	"benchmem":     "benchmarks are not run; use go test -bench",
	"benchtime":    "benchmarks are not run; use go test -bench",
	"fuzz":         "inputs are not made here; grow the corpus with go test -fuzz: fearless test runs each input in testdata/fuzz under chosen schedules",
	"fuzztime":     "inputs are not made here; see -fuzz",
	"shuffle":      "each test runs by itself, so that there is no order; -seed makes other schedules",
	"list":         "use go test -list",
	"exec":         "the test binary must run on this machine",
	"vet":          "use go vet, or fearless vet",
	"blockprofile": "time is virtual, so a profile has nothing to measure; use go test",
	"cpuprofile":   "thousands of schedules would be measured, and the scheduler with them; use go test",
	"memprofile":   "thousands of schedules would be measured; use go test",
	"mutexprofile": "time is virtual, so a profile has nothing to measure; use go test",
	"trace":        "use -html, which draws the failing schedule",
}

// refused is a flag that is there to say what to do instead.
type refused struct {
	why   string
	plain bool // it has no value
}

func (r refused) String() string   { return "" }
func (r refused) IsBoolFlag() bool { return r.plain }
func (r refused) Set(string) error { return usagef("%s", r.why) }
