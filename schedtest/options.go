// Package schedtest runs unmodified Go tests under schedules of its choice.
//
// A test binary is built over an overlay of the Go distribution (patches.go),
// in which the scheduler asks a strategy which goroutine runs next: after every
// go statement, before every channel operation, select, lock, unlock and atomic
// operation. One process then runs a test under thousands of schedules, and a
// failure comes back with a [Seed] that repeats it, and with the few context
// switches that it needs.
//
//	report, err := schedtest.Run(ctx, schedtest.Options{Patterns: []string{"./..."}})
//
// [Prove] runs small tests under every schedule that differs, once.
//
// Neither the distribution nor the tree of the tests is written to.
package schedtest

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"time"
)

// Options say what is run and for how long. The zero value runs the tests of
// the package in the current folder, each under 10,000 schedules or for a minute.
type Options struct {
	Dir      string   // where the go command runs; "" is the current folder
	Patterns []string // packages, as for go test; none is "."
	Env      []string // of the go command and the tests; nil is the current one

	Run, Skip  string   // patterns of test names, as go test's -run and -skip
	Race       bool     // with the race detector
	Short      bool     // testing.Short
	Tags       string   // build tags, separated by commas
	BuildFlags []string // more flags of go list and go build, such as -mod=mod
	Args       []string // what the test binary gets after its own flags

	Packages       int           // how many packages are built and run at once; 0 is GOMAXPROCS
	CPU            int           // what GOMAXPROCS is in the tests, at first; 0 is 4. One P runs them all the same
	Parallel       int           // how many parallel subtests run at once; 0 is 8
	Timeout        time.Duration // for the tests of a package: what is left then is undecided, or sampled less; 0 is no limit
	FailFast       bool          // run no more tests after the first that fails
	UntilSaturated bool          // stop exploring a test when the last half of its schedules brought no new order: see Orders
	Cover          bool          // count which statements were run: see Report.Coverage

	Strategy  string        // "portfolio" (also ""), "random", "pct", "pct:d", "pos", "dfs", "dfs:bound"
	Schedules int           // for each test; 0 is 10,000
	Duration  time.Duration // for each test; 0 is a minute
	Seed      uint64        // a different one makes different schedules
	Replay    string        // a Seed's text: run only this schedule
	Count     int           // how many processes replay it; 0 is 1
	Shard     int           // from 1 to Shards: this machine's share of the schedules
	Shards    int           // 0 is 1
	MaxSteps  uint64        // scheduling points in one schedule; 0 is 10,000,000
	Late      time.Duration // how late a goroutine that can run may be, when a timer fires; 0 is DefaultLate, less is never
	LateFails bool          // findings that need a late goroutine fail the run, too
	Stall     time.Duration // how long a schedule may take with no scheduling point; 0 is 30 s. A wait for the outside may take ten times as long

	Net    string // "memory" (also ""): sockets of this machine's own addresses are in memory, under the scheduler; "real": the system's
	Faults string // "net": connections in memory have short reads, delays and resets; "" none

	// Of Prove only.
	Time          string // when a timer may fire: "any" (also ""): before any step; "ideal": when nothing else can run
	MaxExecutions uint64 // of each test; 0 is no limit
	Processes     int    // that divide the schedules of one test among them; 0 is 1
	Checkpoint    string // a file that keeps how far the proofs have come, to go on from
	Bound         string // "" or "preemptions:N": only schedules with at most so many, which proves nothing of the others
	proving       bool
	preemptions   int // of Bound, or -1

	NoMinimize bool   // report the schedule as it was found
	CacheDir   string // for the overlay and the test binaries; "" is in the user's cache

	// Debug, if not nil, is called when Replay has failed again, with what starts that
	// schedule under a debugger. The test binary is built for one then: with what it
	// reads, and with the package under test not optimized. An error ends the run.
	Debug func(ctx context.Context, d *Debuggee) error

	// Elsewhere, if not nil, runs processes of test binaries elsewhere, up to
	// Processes at a time: what explores ranges of schedules, and the pieces of proofs.
	// What fails there is run here, and what a strategy decides step by step. Its
	// error ends the run, but for a [*GivenUpError].
	Elsewhere func(ctx context.Context, p *Process) (*Ended, error)

	// Progress, if not nil, is called from time to time, never concurrently.
	Progress func(Progress)
}

// inMemory reports whether the network is in memory. A proof does not know the
// operations of that, and calls a test that uses the network unsuitable.
func (o *Options) inMemory() bool { return o.Net != "real" && !o.proving }

// checkNet refuses a network, or faults, that there are not.
func (o *Options) checkNet() error {
	if o.Net != "" && o.Net != "memory" && o.Net != "real" {
		return fmt.Errorf("net %q: use memory, where the scheduler decides about the packets, or real", o.Net)
	}
	if o.Faults != "" && o.Faults != "net" {
		return fmt.Errorf("faults %q: there is only net, for short reads, delays and resets of connections", o.Faults)
	}
	if o.Faults != "" && o.Net == "real" {
		return errors.New("faults: the real network has its own; leave out -net real")
	}
	return nil
}

// DefaultLate is how late goroutines may be if nothing else is asked for: the
// period in which a container gets its share of a processor, so that a process
// which has used it up stands still for about that long. What fails only then
// is reported, and does not fail the run.
const DefaultLate = 100 * time.Millisecond

// Progress is a moment of a run.
type Progress struct {
	Package, Test string
	Phase         string // "build", "explore", "prove" or "minimize"
	Schedules     int    // of this test so far
	Of            int
	Total         int     // of all tests so far
	Done          float64 // of Prove: about this part of the test's schedules, by an estimate that does not go back
	Findings      int
	Elapsed       time.Duration
}

const defaultSteps = 10_000_000 // of Options.MaxSteps

func (o *Options) fill() {
	if o.Schedules <= 0 {
		o.Schedules = 10_000
	}
	if o.Duration <= 0 {
		o.Duration = time.Minute
	}
	if o.MaxSteps == 0 {
		o.MaxSteps = defaultSteps
	}
	if o.Stall <= 0 {
		o.Stall = 30 * time.Second
	}
	if o.Late == 0 {
		o.Late = DefaultLate
	}
	o.Late = max(o.Late, 0)
	if o.Count <= 0 {
		o.Count = 1
	}
	if o.Packages <= 0 {
		o.Packages = runtime.GOMAXPROCS(0)
	}
	if o.Parallel <= 0 {
		o.Parallel = 8
	}
	if o.Shards <= 0 {
		o.Shards, o.Shard = 1, 1
	}
}

// Run builds and runs the tests that opts names. A failing test is part of the
// report, as is a package that does not build; the error tells why nothing
// could be run, or, beside a report of what was found so far, why not all could.
// When ctx ends, Run returns what was found so far.
func Run(ctx context.Context, opts Options) (*Report, error) {
	opts.fill()
	s := &session{opts: &opts, started: time.Now()}
	return s.run(ctx)
}
