package schedtest

import (
	"context"
	"fmt"
	"strings"

	"github.com/fearless-go/fearless/schedtest/strategy"
)

// replay runs the seed's schedule, each time in a process of its own.
func (x *exploration) replay(ctx context.Context, seed Seed) error {
	alike := &x.result.Replayed
	for i := range x.s.opts.Count {
		o, err := x.r.run(ctx, seed.job(x.name, i == 0), nil)
		if err != nil {
			return err
		}
		x.count(o)
		f := x.result.Finding
		switch {
		case o.word == "pass":
			if i == 0 {
				x.note("the schedule %s passed", seed)
			}
		case o.word == "long":
			x.result.Verdict = Undecided
			x.result.Reason = fmt.Sprintf("the schedule %s took more than %d steps and was given up: raise -max-steps", seed, x.s.opts.MaxSteps)
			return nil
		case o.waits():
			x.outside(o, seed)
			return nil
		case f == nil:
			f = x.finding(o, seed)
			f.Exact, f.Original = true, f.Seed
			x.result.Finding = f
			*alike++
		case x.same(o, f.Kind):
			*alike++
		}
		x.s.progress(Progress{Package: x.result.Package, Test: x.name, Phase: "replay", Schedules: i + 1, Total: i + 1}, false)
	}
	if n := x.s.opts.Count; n > 1 && *alike > 0 {
		x.note("%d of %d processes failed this way", *alike, n)
		x.result.Finding.Exact = *alike == n
	}
	if x.result.Finding != nil && x.s.opts.Debug != nil {
		return x.debug(ctx, seed)
	}
	return nil
}

// job returns the job that runs the seed's schedule once.
func (s Seed) job(test string, trace bool) *job {
	j := &job{mode: "replay", test: test, kind: s.Kind, depth: s.Depth, length: s.Length, seed: s.Value, count: 1, warm: !s.Cold, trace: trace, late: s.Late, prove: s.Proof}
	if s.Kind == strategy.KindSwitches {
		j.seeds, j.tries = []uint64{s.Value}, [][]strategy.Switch{s.Switches}
		j.choices = s.Choices
	}
	return j
}

// same reports whether o is a failure of the given kind.
func (x *exploration) same(o *outcome, kind Kind) bool {
	return o.failed() && x.kindOf(o) == kind
}

func (x *exploration) replayCommand(seed Seed) string {
	flags := x.s.opts.forReplay()
	switch {
	case x.r.system && x.s.opts.Net != "real":
		flags += "-net real "
	case x.s.opts.Faults != "":
		flags += "-faults " + x.s.opts.Faults + " "
	}
	return fmt.Sprintf("fearless test %s-run '^%s$' -replay '%s' %s", flags, x.name, seed, x.result.Package)
}

// forReplay are the flags of the run without which a seed is another schedule.
func (o *Options) forReplay() string {
	var b strings.Builder
	if o.Race {
		b.WriteString("-race ")
	}
	if o.Short {
		b.WriteString("-short ")
	}
	if o.Tags != "" {
		fmt.Fprintf(&b, "-tags '%s' ", o.Tags)
	}
	if o.CPU > 0 {
		fmt.Fprintf(&b, "-cpu %d ", o.CPU)
	}
	if o.Parallel != 8 {
		fmt.Fprintf(&b, "-parallel %d ", o.Parallel)
	}
	if o.Net == "real" {
		b.WriteString("-net real ")
	}
	return b.String()
}
