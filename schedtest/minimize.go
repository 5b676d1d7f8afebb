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
	if o.earlyFires == 0 {
		seed.Late = 0 // nothing was late
	}
	list := switches(o.events)
	kind := x.result.Finding.Kind
	deadline := time.Now().Add(minimizeTime)
	processes := 0
	// try returns the index of the first candidate that fails alike, or -1.
	try := func(candidates [][]strategy.Switch) (int, error) {
		at := 0
		for at < len(candidates) && processes < minimizeProcesses && time.Now().Before(deadline) {
			processes++
			j := &job{mode: "try", strict: true, test: x.name, warm: !seed.Cold, prove: seed.Proof, tries: candidates[at:], choices: seed.Choices, duration: time.Until(deadline), late: seed.Late}
			for range j.tries {
				j.seeds = append(j.seeds, seed.Value)
			}
			if seed.Cold {
				j.tries, j.seeds = j.tries[:1], j.seeds[:1]
			}
			got, err := x.r.run(ctx, j, func(uint64, float64) {
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
	i, err := try([][]strategy.Switch{{}, list})
	if err != nil {
		return err
	}
	switch i {
	case 0:
		list = nil
	case 1:
		if list, err = byGoroutine(list, try); err != nil {
			return err
		}
	default:
		// The switches do not say it all; the seed still does.
		x.note("the schedule did not repeat when it was written down as %d context switches, so which of them matter is not known", len(list))
		return nil
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
	if len(list) > 1 && (processes >= minimizeProcesses || !time.Now().Before(deadline)) {
		x.note("the search for the context switches that matter was cut after %v: perhaps fewer are enough", minimizeTime)
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
		few, err := x.fewer(ctx, len(list), short, got.events, try)
		if err != nil {
			return err
		}
		if few != nil {
			other := short
			other.Switches = few
			again, err := x.r.run(ctx, other.job(x.name, true), nil)
			if err != nil {
				return err
			}
			if x.same(again, kind) {
				got, short = again, other
			}
		}
	}
	f := x.finding(got, short)
	old := x.result.Finding
	f.Schedule, f.Original, f.Exact, f.Rank, f.Late = old.Schedule, old.Original, true, Counts, got.lateBy
	x.result.Finding = f
	return nil
}

// byGoroutine takes away all switches from and to one goroutine after the other,
// where the failure does not need them: of twenty workers two may matter.
func byGoroutine(list []strategy.Switch, try func([][]strategy.Switch) (int, error)) ([]strategy.Switch, error) {
	for {
		var candidates [][]strategy.Switch
		seen := map[uint32]bool{}
		for _, s := range slices.Backward(list) {
			for _, id := range []uint32{s.To, s.From} {
				if !seen[id] {
					seen[id] = true
					candidates = append(candidates, slices.DeleteFunc(slices.Clone(list), func(s strategy.Switch) bool { return s.From == id || s.To == id }))
				}
			}
		}
		i, err := try(candidates)
		if err != nil || i < 0 {
			return list, err
		}
		list = candidates[i]
	}
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

// maxCandidates is how many lists of one, of two and of three switches are tried:
// a long schedule has too many.
const maxCandidates = 4000

// fewer looks for a list of at most three and fewer than n switches that leads
// to the failure, too: each single one that the default schedule or the shortened
// one could have, if they are not too many, and else a sample, then pairs, then
// threes. It returns nil if there was none.
func (x *exploration) fewer(ctx context.Context, n int, seed Seed, events []event, try func([][]strategy.Switch) (int, error)) ([]strategy.Switch, error) {
	plain := seed
	plain.Switches, plain.Late = []strategy.Switch{}, 0
	first, err := x.r.run(ctx, plain.job(x.name, true), nil)
	if err != nil {
		return nil, err
	}
	singles := singleSwitches(slices.Concat(events, first.events))
	if len(singles) == 0 {
		return nil, nil
	}
	random := strategy.RandomSource(seed.Value)
	for k := 1; k <= min(n-1, 3); k++ {
		var candidates [][]strategy.Switch
		if k == 1 && len(singles) <= maxCandidates {
			for _, s := range singles {
				candidates = append(candidates, []strategy.Switch{s})
			}
		}
		for len(candidates) < maxCandidates && (k > 1 || len(singles) > maxCandidates) {
			var list []strategy.Switch
			for range k {
				list = append(list, singles[random.Below(uint64(len(singles)))])
			}
			candidates = append(candidates, list)
		}
		if i, err := try(candidates); err != nil || i >= 0 {
			if err != nil {
				return nil, err
			}
			return candidates[i], nil
		}
	}
	return nil, nil
}

// singleSwitches are all that a schedule with the recorded points could have, in
// their order.
func singleSwitches(events []event) (list []strategy.Switch) {
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
		if e.op == strategy.OpChoice || e.op == strategy.OpStart || e.op == strategy.OpTimer {
			continue
		}
		at := 2 * e.done
		if e.op == strategy.OpNone {
			at++
		}
		for _, to := range ids {
			s := strategy.Switch{From: e.last, At: at, To: to}
			if to != e.last && !seen[s] {
				seen[s] = true
				list = append(list, s)
			}
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
