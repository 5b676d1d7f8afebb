package schedtest

import (
	"context"
	"slices"
	"time"

	"github.com/fearless-go/fearless/schedtest/strategy"
)

// How long a failure is shortened for.
const (
	minimizeTime      = 15 * time.Second
	minimizeProcesses = 300
)

// minimize looks for the fewest forced context switches that still fail. It
// writes the recorded schedule down as switches from the default rule and takes
// ever smaller parts away (Zeller, Hildebrandt: "Simplifying and isolating
// failure-inducing input", TSE 2002). What is left may still be more than
// another way to the failure needs: so it tries every single switch, too.
func (x *exploration) minimize(ctx context.Context, o *outcome, seed Seed) error {
	list := switches(o.events)
	kind := x.result.Finding.Kind
	deadline := time.Now().Add(minimizeTime)
	processes := 0
	// try returns the index of the first candidate that fails alike, or -1.
	try := func(candidates [][]strategy.Switch) (int, error) {
		at := 0
		for at < len(candidates) && processes < minimizeProcesses && time.Now().Before(deadline) {
			processes++
			j := &job{mode: "try", test: x.name, warm: !seed.Cold, prove: seed.Proof, tries: candidates[at:], choices: seed.Choices, duration: time.Until(deadline), late: seed.Late}
			for range j.tries {
				j.seeds = append(j.seeds, seed.Value)
			}
			if seed.Cold {
				j.tries, j.seeds = j.tries[:1], j.seeds[:1]
			}
			got, err := x.r.run(ctx, j, func(uint64) {
				x.s.progress(Progress{Package: x.result.Package, Test: x.name, Phase: "minimize", Schedules: int(x.result.Schedules)}, false)
			})
			if err != nil {
				return -1, err
			}
			if got.word == "pass" && !got.worn {
				at += len(j.tries)
				continue
			}
			if x.same(got, kind) {
				return at + int(got.index), nil
			}
			at += int(got.index) + 1 // it failed in another way
		}
		return -1, nil
	}
	i, err := try([][]strategy.Switch{list, {}})
	if err != nil || i < 0 {
		return err // the switches do not say it all; the seed still does
	}
	if i == 1 {
		list = nil
	}
	for parts := 2; len(list) > 0; {
		parts = min(parts, len(list))
		var candidates [][]strategy.Switch
		for p := range parts {
			from, to := p*len(list)/parts, (p+1)*len(list)/parts
			candidates = append(candidates, slices.Concat(list[:from], list[to:]))
		}
		i, err := try(candidates)
		if err != nil {
			return err
		}
		switch {
		case i >= 0:
			list = candidates[i]
			parts = max(parts-1, 2)
		case parts == len(list) || processes >= minimizeProcesses || !time.Now().Before(deadline):
			parts = -1
		default:
			parts *= 2
		}
		if parts < 0 {
			break
		}
	}
	short := Seed{Kind: strategy.KindSwitches, Late: seed.Late, Cold: seed.Cold, Proof: seed.Proof, Value: seed.Value, Switches: list, Choices: seed.Choices}
	if short.Switches == nil {
		short.Switches = []strategy.Switch{}
	}
	got, err := x.r.run(ctx, short.job(x.name, true), nil)
	if err != nil {
		return err
	}
	if !x.same(got, kind) {
		return nil
	}
	if len(list) > 1 && !seed.Cold {
		singles := singleSwitches(got.events)
		i, err := try(singles)
		if err != nil {
			return err
		}
		if i >= 0 {
			single := short
			single.Switches = singles[i]
			again, err := x.r.run(ctx, single.job(x.name, true), nil)
			if err != nil {
				return err
			}
			if x.same(again, kind) {
				got, short = again, single
			}
		}
	}
	f := x.finding(got, short)
	old := x.result.Finding
	f.Schedule, f.Original, f.Exact, f.Rank, f.Late = old.Schedule, old.Original, true, Counts, got.lateBy
	x.result.Finding = f
	return nil
}

// switches is a recorded schedule, written down as what differs from the default rule.
func switches(events []event) []strategy.Switch {
	list := []strategy.Switch{}
	for _, e := range events {
		if !e.deviate || e.op == strategy.OpChoice {
			continue
		}
		at := 2 * e.done
		if e.op == strategy.OpNone {
			at++
		}
		list = append(list, strategy.Switch{From: e.last, At: at, To: e.pick})
	}
	return list
}

// maxSingles is how many single switches are tried: a long trace has too many.
const maxSingles = 3000

// singleSwitches are all that a schedule with one switch could have, in the
// order of the recorded one.
func singleSwitches(events []event) (list [][]strategy.Switch) {
	var ids []uint32
	for _, e := range events {
		for _, id := range []uint32{e.id, e.pick} {
			if id != 0 && !slices.Contains(ids, id) {
				ids = append(ids, id)
			}
		}
	}
	slices.Sort(ids)
	seen := map[strategy.Switch]bool{}
	for _, e := range events {
		if e.op == strategy.OpChoice || e.op == strategy.OpStart {
			continue
		}
		at := 2 * e.done
		if e.op == strategy.OpNone {
			at++
		}
		for _, to := range ids {
			s := strategy.Switch{From: e.last, At: at, To: to}
			if to == e.last || seen[s] {
				continue
			}
			if seen[s] = true; len(seen) > maxSingles {
				return nil
			}
			list = append(list, []strategy.Switch{s})
		}
	}
	return list
}

// choices are those of a recorded schedule that the seed's random numbers did
// not make.
func choices(events []event) (list []strategy.Switch) {
	for _, e := range events {
		if e.op == strategy.OpChoice {
			list = append(list, strategy.Switch{From: e.id, At: e.done, To: e.pick})
		}
	}
	return list
}
