package schedtest

import (
	"context"
	"slices"
	"time"

	"github.com/fearless-go/fearless/schedtest/strategy"
)

// A Rank says how much a finding weighs.
type Rank string

// The ranks. Only the first fails a run, and Late with Options.LateFails.
const (
	Counts          Rank = "counts"
	Late            Rank = "late"             // it needs a goroutine that can run and does not for long: see Finding.Late
	NotReproducible Rank = "not reproducible" // it did not come back in a new process
	ForOutside      Rank = "outside"          // it waits for the outside: the network, a process, a file lock
)

// found confirms the failure o: it runs the schedule again in a new process, and
// decides what the failure weighs. It reports whether the test is done with; if
// not, the exploration goes on without what led to this one.
func (x *exploration) found(ctx context.Context, o *outcome) (over bool, err error) {
	seed := o.seed
	seed.Late = x.late
	seed.Cold = seed.Cold || x.alone
	switch seed.Kind {
	case strategy.KindFirst:
		seed.Late = 0
	case strategy.KindDFS:
		// A DFS's schedule is where its search stands: write it down as switches.
		seed = Seed{Kind: strategy.KindSwitches, Cold: seed.Cold, Value: seed.Value, Switches: switches(o.events), Choices: choices(o.events)}
	case strategy.KindSwitches:
	default:
		if strategy.Lateness(seed.Value, int64(seed.Late)) == 0 {
			seed.Late = 0
		}
	}
	first := x.finding(o, seed)
	first.Schedule = x.result.Schedules
	// For an interrupt, until more is known. It may be that the test cannot
	// run twice in a process.
	if !x.alone || o.ran == 1 {
		x.result.Finding = first
	}
	traced, back, tries, err := x.again(ctx, seed, first.Kind)
	if err != nil {
		return true, err
	}
	x.result.Finding = nil
	// What only the first run leaves polling is taken for the package's own
	// (see _goroot/testing/iteration.go), so such a one is always of a later run.
	if o.ran > 1 && !seed.Cold && o.word != "polls" {
		once, err := x.onlyOnce(ctx, seed, first.Kind, back > 0)
		if err != nil {
			return true, err
		}
		if once {
			x.alone = true
			return false, nil
		}
	}
	if back > 0 && seed.Kind == strategy.KindFirst {
		if needs, err := x.needsEarlier(ctx, first); err != nil || needs {
			return true, err
		}
	}
	if back == 0 {
		x.strange++
		first.Rank, first.Exact = NotReproducible, false
		x.aside(first)
		if !x.alone && o.ran > 1 {
			x.alone = true // what earlier schedules left behind may be the reason
		}
		return x.strange >= mostStrange, nil
	}
	exact := x.finding(traced, seed)
	exact.Schedule, exact.Exact, exact.Original, exact.Rank = first.Schedule, back == tries, seed.String(), Counts
	x.result.Finding = exact
	if back < tries {
		x.note("the failure came back in %d of %d new processes: it depends on more than the schedule, such as real time or the outside", back, tries)
	}
	if traced.earlyFires > 0 {
		if traced, seed, err = x.inTime(ctx, traced, seed, exact); err != nil {
			return true, err
		}
	}
	if !x.s.opts.NoMinimize && len(traced.events) > 0 {
		if err := x.minimize(ctx, traced, seed); err != nil {
			return true, err
		}
	}
	if f := x.result.Finding; f.Late > 0 {
		f.Rank = Late
		if !x.s.opts.LateFails {
			x.result.Finding = nil
			x.aside(f)
			x.late = 0
			return false, nil
		}
	}
	return true, nil
}

// A failure that does not come back in a new process gets more attempts. After
// mostStrange failures that never came back, a test is left alone.
const (
	attempts    = 4
	mostStrange = 3
)

// again runs the schedule in a new process, with every step recorded, and, if
// that does not fail alike, in more. It returns a run that did, and in how many
// of how many processes there was one.
func (x *exploration) again(ctx context.Context, seed Seed, kind Kind) (traced *outcome, back, tries int, err error) {
	for tries < attempts {
		o, err := x.r.run(ctx, seed.job(x.name, true), nil)
		if err != nil {
			return nil, 0, 0, err
		}
		tries++
		if x.same(o, kind) {
			traced = o
			back++
		}
		if back == tries {
			break
		}
	}
	return traced, back, tries, nil
}

// aside puts a finding with those that do not fail the run, unless it has one
// like it.
func (x *exploration) aside(f *Finding) {
	if !slices.ContainsFunc(x.result.Aside, func(g *Finding) bool { return g.Rank == f.Rank && g.Kind == f.Kind && g.Message == f.Message }) {
		x.result.Aside = append(x.result.Aside, f)
	}
}

// onlyOnce reports whether the test cannot run twice in a process, as one that
// registers something cannot: then a failure of a schedule that was not the first
// one in its process says nothing. Such a test fails in the default schedule,
// too, when that is run again and again, and passes the schedule at fault in a
// process that has not run it before.
func (x *exploration) onlyOnce(ctx context.Context, seed Seed, kind Kind, back bool) (bool, error) {
	cold := seed
	cold.Cold = true
	o, err := x.r.run(ctx, cold.job(x.name, false), nil)
	if err != nil || x.same(o, kind) {
		return false, err
	}
	again := &job{mode: "replay", test: x.name, kind: strategy.KindFirst, count: 2, warm: true}
	if !back {
		again.count = min(x.result.Schedules, 200) // it may take more than a few runs
	}
	if o, err = x.r.run(ctx, again, nil); err != nil || !o.failed() || o.ran < 2 {
		return false, err
	}
	x.note("the test cannot run twice in a process, as with go test -count=2: %s; so each schedule had a process of its own", x.finding(o, seed).Message)
	return true, nil
}

// earlierTime is how long the tests before another one get, at least.
const earlierTime = 5 * time.Second

// needsEarlier reports whether the test fails in the default schedule only
// because the tests before it have not run, as go test would have them. Its
// schedules have no meaning by themselves: nobody knows what it needs of which.
func (x *exploration) needsEarlier(ctx context.Context, first *Finding) (bool, error) {
	o, err := x.r.run(ctx, &job{mode: "replay", test: x.name, kind: strategy.KindFirst, count: 1, earlier: true, duration: max(time.Until(x.until), earlierTime)}, nil)
	if err != nil || o.word != "pass" || o.worn || o.ran < 2 {
		return false, err
	}
	x.result.Verdict, x.result.Reason = Unsuitable, "passes only after the tests before it, which leave something that it needs; alone it fails in the default schedule, as it does with go test -run: "+first.Message
	return true, nil
}

// inTime tries the schedule again without the timers that fire early. It returns
// the run that is to be reported and its seed.
func (x *exploration) inTime(ctx context.Context, traced *outcome, seed Seed, f *Finding) (*outcome, Seed, error) {
	f.Late = traced.lateBy
	punctual := Seed{Kind: strategy.KindSwitches, Cold: seed.Cold, Value: seed.Value, Choices: seed.Choices,
		Switches: slices.DeleteFunc(switches(traced.events), func(s strategy.Switch) bool { return s.To == strategy.TimerID })}
	o, err := x.r.run(ctx, punctual.job(x.name, true), nil)
	if err != nil || !x.same(o, f.Kind) {
		return traced, seed, err
	}
	g := x.finding(o, punctual)
	g.Schedule, g.Exact, g.Original, g.Rank = f.Schedule, f.Exact, seed.String(), Counts
	x.result.Finding = g
	return o, punctual, nil
}
