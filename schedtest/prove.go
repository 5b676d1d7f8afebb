package schedtest

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/fearless-go/fearless/schedtest/strategy"
)

// Prove builds the tests that opts names and runs each under every schedule that
// differs, once. What a test is then called says PROVE.md, and [Explanation].
// The errors are as [Run]'s.
func Prove(ctx context.Context, opts Options) (*Report, error) {
	switch opts.Time {
	case "":
		opts.Time = TimeAny
	case TimeAny, TimeIdeal:
	default:
		return nil, fmt.Errorf("time %q: use any or ideal", opts.Time)
	}
	opts.beProof()
	opts.fill()
	s := &session{opts: &opts, started: time.Now()}
	return s.run(ctx)
}

// beProof makes o the options of a proof.
func (o *Options) beProof() {
	o.proving = true
	if o.MaxSteps == 0 || o.MaxSteps == defaultSteps {
		o.MaxSteps = 1_000_000
	}
}

// Values of Options.Time.
const (
	TimeAny   = "any"   // a goroutine may be late: a timer may fire before any step, timers among themselves in order
	TimeIdeal = "ideal" // computing takes no time: a timer fires when nothing else can run
)

// A Proof says how far the search for all schedules of a test has come.
type Proof struct {
	Executions uint64  `json:"executions"`          // one for each way in which schedules differ
	Blocked    uint64  `json:"blocked"`             // executions that were begun in vain
	Schedules  float64 `json:"schedules,omitempty"` // about how many schedules these stand for
	Done       float64 `json:"done"`                // at least this part of all is done; 1 when all are
	Bound      string  `json:"bound"`               // what was assumed of time and data races
	Limits     []Limit `json:"limits,omitempty"`    // what was met that is not enumerated
}

// proofEnd is how a process has ended that proves.
type proofEnd struct {
	how                      string // "all", "time", "count", "cut", "unsuitable", "diverged", "worn"
	executions, blocked, cut uint64
	done, schedules          float64
}

// prove runs every schedule of the test.
func (x *exploration) prove(ctx context.Context) error {
	opts := x.s.opts
	p := &Proof{Bound: proofBound(opts)}
	x.result.Proof = p
	j := &job{mode: "prove", test: x.name, kind: strategy.KindFirst, warm: true, duration: opts.Duration, count: opts.MaxExecutions,
		prove: opts.Time, user: x.user}
	o, err := x.r.run(ctx, j, func(ran uint64) {
		p.Executions = ran // for an interrupt
		x.result.Schedules = ran
		x.s.progress(Progress{Package: x.result.Package, Test: x.name, Phase: "prove", Schedules: int(ran), Total: int(ran)}, false)
	})
	if err != nil {
		x.undecided("it was interrupted")
		return err
	}
	x.result.Schedules, x.result.Steps = o.ran, o.allSteps
	x.result.External = o.external
	x.result.Skipped = o.skips > 0 && o.skips == o.ran
	p.Executions, p.Blocked, p.Schedules, p.Done = o.proof.executions, o.proof.blocked, o.proof.schedules, o.proof.done
	for _, l := range o.limits {
		l.place(x)
		p.Limits = append(p.Limits, l)
	}
	if o.proof.how == "" {
		p.Executions = o.ran
		return x.refuted(ctx, o)
	}
	x.judge(o)
	return nil
}

// judge gives the verdict of a search that has found no failure.
func (x *exploration) judge(o *outcome) {
	p := x.result.Proof
	opts := x.s.opts
	if o.proof.how == "all" && o.proof.cut == 0 {
		p.Done = 1
	}
	if o.proof.how == "diverged" {
		x.result.Verdict = Unsuitable
		x.result.Reason = "the same schedule did not run the same way twice: the test depends on more than the schedule, such as what earlier executions left behind"
		return
	}
	for level, verdict := range []Verdict{Undecided, Undecided, Unsuitable} {
		for _, l := range p.Limits {
			if int(l.Level) == level {
				x.result.Verdict, x.result.Reason = verdict, l.String()
			}
		}
	}
	switch how := o.proof.how; {
	case x.result.Verdict != "":
	case how == "all" && o.proof.cut == 0 && !o.external && x.result.Skipped:
		x.result.Verdict = Passed
		x.result.Reason = "it skips itself in every execution, so that nothing is proven"
	case how == "all" && o.proof.cut == 0 && !o.external:
		x.result.Verdict = Proven
	case o.external:
		x.result.Verdict = Unsuitable
		x.result.Reason = "it waits for something outside: what the outside does cannot be enumerated"
	case how == "time":
		x.undecided(fmt.Sprintf("%v were not enough%s; nothing failed", opts.Duration, part(p)))
	case how == "count":
		x.undecided(fmt.Sprintf("%d executions were not enough%s; nothing failed", opts.MaxExecutions, part(p)))
	case how == "worn":
		x.undecided("goroutines are left behind that nothing is wrong with, and that would disturb what follows: end them in the test")
	default:
		x.undecided("the search did not come to an end: " + how)
	}
}

// part says how much of the search is done, if that is known.
func part(p *Proof) string {
	if p.Done <= 0 {
		return ""
	}
	return fmt.Sprintf(", at least %.2g %% of all are done", 100*p.Done)
}

func (x *exploration) undecided(why string) {
	x.result.Verdict, x.result.Reason = Undecided, why
}

// proofBound says what a proof assumes.
func proofBound(opts *Options) string {
	parts := []string{"every order of synchronisation"}
	if opts.Time == TimeIdeal {
		parts = append(parts, "computing takes no time")
	} else {
		parts = append(parts, "any goroutine may be late for its timers")
	}
	if !opts.Race {
		parts = append(parts, "assuming no data race")
	}
	return strings.Join(parts, ", ")
}

// refuted makes a finding of o, an execution of the proof that failed.
func (x *exploration) refuted(ctx context.Context, o *outcome) error {
	seed := Seed{Kind: strategy.KindSwitches, Proof: x.s.opts.Time, Switches: []strategy.Switch{}}
	first := x.finding(o, seed)
	first.Schedule, first.Rank = x.result.Schedules, Counts
	x.result.Finding = first
	if o.picks == "" && o.word != "fail" && o.word != "fatal" {
		if o.word == "hang" || o.word == "outside" || o.word == "exit" {
			x.note("the process ended before it could say which schedule it was in")
			first.Replay, first.Seed, first.Original = "", "", ""
			return nil
		}
	}
	j := seed.job(x.name, true)
	j.picks = o.picks
	if j.picks == "" {
		j.picks = " "
	}
	got, err := x.r.run(ctx, j, nil)
	if err != nil {
		return err
	}
	if !x.same(got, first.Kind) {
		x.note("the failure did not come back in a new process: it depends on more than the schedule, such as what earlier schedules left behind")
		first.Exact = false
		return nil
	}
	seed.Switches, seed.Choices = switches(got.events), choices(got.events)
	traced, back, tries, err := x.again(ctx, seed, first.Kind)
	if err != nil {
		return err
	}
	if back == 0 {
		x.note("the failure did not come back from its seed")
		first.Exact = false
		return nil
	}
	f := x.finding(traced, seed)
	f.Schedule, f.Exact, f.Original, f.Rank = first.Schedule, back == tries, seed.String(), Counts
	x.result.Finding = f
	if x.s.opts.NoMinimize || len(traced.events) == 0 {
		return nil
	}
	return x.minimize(ctx, traced, seed)
}
