package schedtest

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/fearless-go/fearless/schedtest/strategy"
)

// exploration is one test under many schedules.
type exploration struct {
	s       *session
	r       *runner
	name    string
	kind    strategy.Kind
	depth   uint32
	origin  origin
	source  sourceCalls
	result  TestResult
	started time.Time
	until   time.Time // when it has had its time
	hurried bool      // that is less than Options.Duration

	known   *ranges       // what has been run elsewhere; may be nil
	base    uint64        // of the seeds
	long    int           // schedules that were given up
	late    time.Duration // how late goroutines may be, in what is still to run
	alone   bool          // each schedule has a process of its own
	length  uint32        // of the default schedule
	strange int           // failures that did not come back
	chances bool          // there was something to choose
	forced  uint64        // loops that were interrupted
	orders  orders        // that the schedules have had
	asleep  []Goroutine   // left by a schedule, waiting for a timer that is far ahead
	far     uint64        // schedules that failed with goroutines later than is allowed
}

func (x *exploration) run(ctx context.Context, replay *Seed) error {
	if replay != nil {
		return x.replay(ctx, *replay)
	}
	opts := x.s.opts
	if opts.proving {
		return x.prove(ctx)
	}
	x.base = x.seeds()
	x.late = opts.Late
	if err := x.explore(ctx, opts.share()); err != nil || x.result.verdict() != Passed {
		return err
	}
	if err := x.cold(ctx); err != nil || x.result.verdict() != Passed {
		return err
	}
	x.result.Orders = x.orders.summary()
	x.decide()
	return nil
}

// explore runs share schedules, or until the time is over or something is found
// that fails the run.
func (x *exploration) explore(ctx context.Context, share uint64) error {
	next, path := uint64(0), ""
	for {
		known := x.spreadResults()
		s, then := known.next(next)
		if s != nil {
			x.count(s.o)
			x.long += s.long
			next = s.to
			continue
		}
		left := time.Until(x.until)
		if known.isOdd(next) {
			left = max(left, awaySlice) // what is known to fail is not left out
		}
		if next >= share || left <= 0 && then == none {
			return nil
		}
		if left <= 0 {
			next = then
			continue
		}
		j := x.job(next, min(share, then)-next, left, path)
		j.strict = known == nil // what is spread has slices, which a schedule may be longer than
		before := x.result.Schedules
		o, err := x.r.run(ctx, j, func(ran uint64, _ float64) {
			x.result.Schedules = before + ran // for an interrupt
			x.s.progress(Progress{Package: x.result.Package, Test: x.name, Phase: "explore",
				Schedules: int(before + ran), Total: int(before + ran)}, false)
		})
		if err != nil {
			return err
		}
		x.result.Schedules = before
		x.count(o)
		switch {
		case o.worn:
		case o.word == "pass":
			if !x.alone || o.over {
				if known != nil && next+j.count < share {
					next += j.count
					continue
				}
				if x.unsaturated(next+j.count, share) {
					next += j.count
					continue
				}
				x.result.Complete = o.complete
				if x.kind == strategy.KindDFS {
					x.result.Bound = bound(x.depth)
				}
				return nil
			}
		case o.word == "long":
			x.long++
			if j.warm && o.ran == 1 && x.kind != strategy.KindDFS {
				return nil // the default schedule is too long, and every process starts with it
			}
		case o.waits():
			x.outside(o, o.seed)
			return nil
		default:
			if over, err := x.found(ctx, o); err != nil || over {
				return err
			}
		}
		// A failure of the first run, which warms up, was in none of ours.
		if !(j.warm && o.ran == 1) || o.worn {
			next, path = max(next, o.index)+1, o.path
		}
	}
}

// spreadResults is what is known of the test from elsewhere, while it is run as there.
func (x *exploration) spreadResults() *ranges {
	if x.alone || x.late != x.s.opts.Late {
		return nil
	}
	return x.known
}

// job returns the job that runs the schedules from next on.
func (x *exploration) job(next, count uint64, left time.Duration, path string) *job {
	j := &job{mode: "explore", test: x.name, kind: x.kind, depth: x.depth, base: x.base, from: next, count: count,
		warm: true, duration: left, path: path, trace: x.kind == strategy.KindDFS, late: x.late}
	if x.s.opts.UntilSaturated && x.kind != strategy.KindDFS {
		j.count = min(count, saturationStep)
	}
	if x.alone {
		j.warm, j.count, j.length = false, 1, max(x.length, 8)
	}
	return j
}

// count adds what a process has run to the result.
func (x *exploration) count(o *outcome) {
	r := &x.result
	r.Schedules += o.ran
	r.Steps += o.allSteps
	r.External = r.External || o.external
	r.Skipped = o.skips > 0 && o.skips == o.ran
	x.chances = x.chances || o.chances > 0
	x.forced += o.forced
	x.far += o.far
	if len(x.asleep) == 0 && o.asleep != "" {
		x.asleep = slices.DeleteFunc(x.blocked(&outcome{stacks: o.asleep, goids: o.sleepers}), func(g Goroutine) bool {
			return !x.origin.user(g.At.Func, g.At.File)
		})
	}
	for _, b := range o.behaved {
		x.orders.add(b)
	}
	if x.length == 0 {
		x.length = o.length
	}
}

// bound is how a search is limited that allows n preemptions. It is part of
// every claim that a search has seen all.
func bound(n uint32) string {
	switch n {
	case 0:
		return "no preemption and no goroutine late"
	case 1:
		return "at most one preemption and no goroutine late"
	case strategy.Unbounded:
		return "any number of preemptions and no goroutine late"
	}
	return fmt.Sprintf("at most %d preemptions and no goroutine late", n)
}

// coldRuns is how many schedules each test gets in a process that has not run
// it before, where what is made once in a process is not yet made.
const coldRuns = 8

func (x *exploration) cold(ctx context.Context) error {
	if x.alone || x.kind == strategy.KindDFS || x.result.Schedules < 20 {
		return nil // they were cold, or there was nothing to choose, or no time is left
	}
	for i := range min(uint64(coldRuns), uint64(x.s.opts.Schedules)) {
		if time.Now().After(x.until) {
			return nil
		}
		j := &job{mode: "explore", test: x.name, kind: x.kind, depth: x.depth, base: x.base ^ 0xc01d, from: i, count: 1,
			length: uint32(min(x.result.Steps/max(x.result.Schedules, 1), 1<<30)), late: x.late}
		o, err := x.r.run(ctx, j, nil)
		if err != nil {
			return err
		}
		skipped := x.result.Skipped
		x.count(o)
		x.result.Skipped = skipped
		if o.waits() {
			o.seed.Cold = true
			x.outside(o, o.seed)
			return nil
		}
		if o.failed() {
			o.seed.Cold = true
			if over, err := x.found(ctx, o); err != nil || over {
				return err
			}
		}
	}
	return nil
}

// decide says what a test is that no schedule has failed.
func (x *exploration) decide() {
	r, opts := &x.result, x.s.opts
	if x.forced > 0 {
		x.note("a loop without a scheduling point was interrupted %d times, each time after 100 ms: its schedules may not repeat", x.forced)
	}
	if x.far > 0 {
		x.note("%d schedules in which a goroutine was more than %v late failed and were not counted: -late %v shows them", x.far, opts.Late, opts.Late*strategy.FarLate)
	}
	if n := len(x.asleep); n > 0 {
		g := x.asleep[0]
		what := "a goroutine is left when the test has returned, and waits for a timer that is"
		if n > 1 {
			what = fmt.Sprintf("%d goroutines are left when the test has returned, and wait for timers that are", n)
		}
		x.note("%s due in more than ten seconds: what comes then was not looked at, so that may be a leak: %s at %s", what, g.Name, posText(g.At))
	}
	if x.long > 0 {
		r.Complete = false
		what := "one schedule"
		if x.long > 1 {
			what = fmt.Sprintf("each of %d schedules", x.long)
		}
		why := fmt.Sprintf("%s took more than %d steps and was given up: the test is long, or goes round in circles that could not be proven; use -short, or raise -max-steps", what, opts.MaxSteps)
		if uint64(x.long)*2 > r.Schedules {
			r.Verdict, r.Reason = Undecided, why
			return
		}
		x.note("%s", why)
	}
	if x.hurried && !time.Now().Before(x.until) {
		x.note("the -timeout %v of its package left it no more than %d schedules", opts.Timeout, r.Schedules)
	}
	switch {
	case r.Schedules == 0:
		r.Verdict, r.Reason = Undecided, fmt.Sprintf("no schedule came to its end in %v: raise -duration", opts.Duration)
	case r.Schedules == 1 && x.chances && opts.Schedules > 1 && !r.Complete:
		r.Verdict, r.Reason = Undecided, fmt.Sprintf("only the default schedule was run in %v: use -short, or raise -duration", opts.Duration)
	}
}

func (x *exploration) note(format string, args ...any) {
	x.result.Notes = append(x.result.Notes, fmt.Sprintf(format, args...))
}
