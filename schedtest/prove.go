package schedtest

import (
	"cmp"
	"context"
	"fmt"
	"runtime"
	"slices"
	"strconv"
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
	if _, err := parseBound(opts.Bound); err != nil {
		return nil, err
	}
	if opts.Processes < 0 {
		return nil, fmt.Errorf("%d processes: it takes at least one", opts.Processes)
	}
	opts.beProof()
	opts.fill()
	s := &session{opts: &opts, started: time.Now()}
	return s.run(ctx)
}

// beProof makes o the options of a proof.
func (o *Options) beProof() {
	o.proving = true
	o.preemptions, _ = parseBound(o.Bound)
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
	Done       float64 `json:"done"`                // about this part of all is done: an estimate that does not go back; 1 when all are
	Bound      string  `json:"bound"`               // which schedules are meant, and what was assumed of time and data races
	Limits     []Limit `json:"limits,omitempty"`    // what was met that is not enumerated
}

// prove runs every schedule of the test.
func (x *exploration) prove(ctx context.Context) error {
	opts := x.s.opts
	p := &Proof{Bound: proofBound(opts)}
	x.result.Proof = p
	s := x.newSearch()
	if done, err := s.resume(); err != nil || done {
		return err
	}
	err := s.run(ctx)
	u := &s.sums
	x.result.Schedules = u.Ran
	x.result.External = u.External
	x.result.Skipped = u.Skips > 0 && u.Skips == u.Ran
	p.Executions, p.Blocked, p.Schedules, p.Done, p.Limits = u.Executions, u.Blocked, u.Schedules, s.tree.Done(), u.Limits
	p.take(opts)
	switch {
	case err != nil:
		x.undecided("it was interrupted" + part(p))
		return err
	case s.failure != nil:
		p.Executions = u.Ran
		return x.refuted(ctx, s.failure)
	}
	x.judge(s)
	return s.keep()
}

// judge gives the verdict of a search that has found no failure.
func (x *exploration) judge(s *search) {
	p := x.result.Proof
	opts := x.s.opts
	whole := s.how == "all" && s.sums.Cut == 0
	if !whole {
		p.Done = min(p.Done, 1-1e-9)
	}
	if s.how == "diverged" {
		x.result.Verdict = Unsuitable
		x.result.Reason = "the same schedule did not run the same way twice: the test depends on more than the schedule, such as what earlier executions left behind"
		return
	}
	for level, verdict := range []Verdict{Undecided, Undecided, Unsuitable} {
		for _, l := range p.Limits {
			if int(l.Level) == level {
				x.result.Verdict, x.result.Reason = verdict, l.String()
				if l.Level == Cut && s.sums.Whole > 0 {
					x.result.Reason += fmt.Sprintf("; %d executions were cut there, nothing failed in %d others", s.sums.Cut, s.sums.Whole)
				}
			}
		}
	}
	switch {
	case x.result.Verdict != "":
	case s.sums.External:
		x.result.Verdict = Unsuitable
		x.result.Reason = "it waits for something outside: what the outside does cannot be enumerated"
	case whole && opts.Race && runtime.GOARCH != "amd64" && runtime.GOARCH != "arm64":
		// There the locks of package testing, and the like, order goroutines for the race
		// detector: see _goroot/runtime/prove_unseen.go.
		x.undecided("the race detector of " + runtime.GOARCH + " may have missed a race beside a t.Log or a print: use -race=false, which assumes that there is none")
	case whole && x.result.Skipped:
		x.result.Verdict = Passed
		x.result.Reason = "it skips itself in every execution, so that nothing is proven"
	case whole && opts.preemptions >= 0:
		x.result.Verdict, x.result.Complete, x.result.Bound = Passed, true, preempted(opts.preemptions)
		x.result.Reason = "every schedule with " + x.result.Bound + " was run; of those with more nothing is proven"
	case whole:
		x.result.Verdict = Proven
	case s.how == "time":
		x.undecided(fmt.Sprintf("%v were not enough%s; nothing failed", opts.Duration, part(p)))
	case s.how == "count":
		x.undecided(fmt.Sprintf("%d executions were not enough%s; nothing failed", opts.MaxExecutions, part(p)))
	case s.how == "worn":
		x.undecided("goroutines are left behind that nothing is wrong with, and that would disturb what follows: end them in the test")
	case s.how == "all":
		// No limit was met, or the reason would be that one.
		x.undecided("so many goroutines count a WaitGroup, or the readers of an RWMutex, that not every set of them was tried which may come before what waits: 16,384 sets are the most; use fewer goroutines; nothing failed")
	default:
		x.undecided("the search did not come to an end: " + s.how)
	}
}

// part says how much of the search is done, if that is known.
func part(p *Proof) string {
	switch {
	case p.Done <= 0:
		return ""
	case p.Done < 0.0001:
		return ", an estimated part of less than 0.01 % is done"
	}
	return fmt.Sprintf(", an estimated %.2g %% of all is done", min(100*p.Done, 99))
}

// preempted is how a search is limited that allows n preemptions.
func preempted(n int) string {
	switch n {
	case 0:
		return "no preemption"
	case 1:
		return "at most one preemption"
	}
	return fmt.Sprintf("at most %d preemptions", n)
}

// parseBound reads Options.Bound. No bound is -1.
func parseBound(text string) (preemptions int, err error) {
	if text == "" {
		return -1, nil
	}
	if n, ok := strings.CutPrefix(text, "preemptions:"); ok {
		if p, err := strconv.ParseUint(n, 10, 16); err == nil {
			return int(p), nil
		}
	}
	return 0, fmt.Errorf("bound %q: use preemptions:N, such as preemptions:2", text)
}

func (x *exploration) undecided(why string) {
	x.result.Verdict, x.result.Reason = Undecided, why
}

// proofBound says what a proof assumes.
func proofBound(opts *Options) string {
	parts := []string{"every order of synchronisation"}
	if opts.preemptions >= 0 {
		parts[0] = preempted(opts.preemptions)
	}
	if opts.Time == TimeIdeal {
		parts = append(parts, "computing takes no time")
	} else {
		parts = append(parts, "any goroutine may be up to 10s late for its timers")
	}
	if !opts.Race {
		parts = append(parts, "assuming no data race")
	}
	return strings.Join(parts, ", ")
}

// take moves what is given from the limits to what the proof assumes.
func (p *Proof) take(opts *Options) {
	var given []string
	p.Limits = slices.DeleteFunc(slices.Clone(p.Limits), func(l Limit) bool {
		if l.Level == Given {
			if l.What == limitTexts[limitProcs] {
				l.What = fmt.Sprintf("GOMAXPROCS %d", cmp.Or(opts.CPU, 4))
			}
			given = append(given, l.String())
		}
		return l.Level == Given
	})
	if len(given) > 0 {
		p.Bound += ", given " + strings.Join(given, ", and ")
	}
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
	j.names = o.proof.names
	if over, err := x.onlyAfterOthers(ctx, j, o, first.Kind); err != nil || over {
		return err
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

// onlyAfterOthers reports whether o, a failure of the job's schedule that was found behind
// other executions, needs them: then it is none of the test's, which is undecided. What
// executions leave behind that is not put back is in files, in the standard library (a
// function that sync.Once calls again may register something twice there), and in the heap.
//
// A test that goes another way in the first run of a process may only seem to need them,
// for the schedule is then not the same one: its failure counts, unless something is
// known to have changed, or it was the second run of the process, which has the first
// one's schedule. A data race counts always: no other order of what came before makes
// it none. If the test fails by itself it does not matter how.
func (x *exploration) onlyAfterOthers(ctx context.Context, j *job, o *outcome, kind Kind) (bool, error) {
	has := func(code int) int {
		return slices.IndexFunc(x.result.Proof.Limits, func(l Limit) bool { return l.code == code })
	}
	changed := has(limitChanged)
	if changed < 0 && (has(limitFirstTime) >= 0 || kind == DataRace) {
		return false, nil
	}
	cold := *j
	cold.warm = false
	got, err := x.r.run(ctx, &cold, nil)
	if err != nil || got.failed() || got.strayed && changed < 0 && o.ran != 2 {
		return false, err
	}
	x.result.Finding = nil
	why := "depends on what others leave behind, such as in files or in the standard library: make that anew in the test"
	sampled := slices.IndexFunc(x.result.Proof.Limits, func(l Limit) bool { return l.Level == Sampled })
	switch {
	case changed >= 0:
		why = x.result.Proof.Limits[changed].String()
	case sampled >= 0: // that is the better guess
		why = x.result.Proof.Limits[sampled].String()
	}
	x.undecided("an execution failed that does not by itself: the test " + why)
	return true, nil
}
