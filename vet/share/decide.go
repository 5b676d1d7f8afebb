package share

import (
	"strconv"

	"golang.org/x/tools/go/ssa"

	"github.com/fearless-go/fearless/vet/internal/closed"
	"github.com/fearless-go/fearless/vet/internal/exact"
	"github.com/fearless-go/fearless/vet/internal/parallel"
	"github.com/fearless-go/fearless/vet/internal/rule"
)

// maxAround is how many states are looked at in one package of programs that
// call functions which are not known.
const maxAround = 240_000

// A decider holds what package parallel sees against the executions that are known.
type decider struct {
	*closed.Result
	around     map[*ssa.Function]*exact.Result // of what calls functions that are not known
	leftAround int                             // states that are left for these
}

func newDecider(programs *closed.Result) *decider {
	return &decider{Result: programs, around: map[*ssa.Function]*exact.Result{}, leftAround: maxAround}
}

// confirms reports whether a race that package parallel sees from root is to
// be told of. Where all executions are known, it has to be in one of them.
func (d *decider) confirms(root *ssa.Function, race parallel.Race) bool {
	if !d.Decided(root) {
		return !d.excludes(root, race)
	}
	for _, r := range d.Explored {
		if has(r, race) {
			return true
		}
	}
	return false
}

func has(r *exact.Result, race parallel.Race) bool {
	for _, known := range r.Races {
		a, b := known.A.Instr, known.B.Instr
		if a == race.A.Instr && b == race.B.Instr || a == race.B.Instr && b == race.A.Instr {
			return true
		}
	}
	return false
}

// excludes reports whether race happens in no execution of root, whatever the
// functions that are not known return to it; or whether that is in doubt, and
// no execution shows it.
func (d *decider) excludes(root *ssa.Function, race parallel.Race) bool {
	r := d.executions(root)
	if r == nil {
		return race.Doubtful
	}
	return (race.Doubtful || r.Complete && !r.Fails) && !has(r, race)
}

// executions are those of root, whatever the functions that are not known
// return to it; nil if too many were looked at already.
func (d *decider) executions(root *ssa.Function) *exact.Result {
	r, known := d.around[root]
	if !known && d.leftAround > 0 {
		r = exact.ExploreAround(root)
		d.leftAround -= r.States
		d.around[root] = r
	}
	return r
}

// category is how certain a race is that confirms has let through.
func (d *decider) category(root *ssa.Function, race parallel.Race) string {
	switch around := d.around[root]; {
	case d.Decided(root):
		return rule.Must
	case around != nil && has(around, race):
		return rule.May("what the calls that are not known do orders nothing, and they can return what leads there")
	}
	return "" // the rule's own
}

// report tells of the races that are certain, and of those that stand on a
// branch of which it is not known whether it is taken if all else is known.
func (d *decider) report(r *reporter) {
	for _, fn := range d.Programs {
		result := d.Explored[fn]
		for _, race := range result.Races {
			if race.Guessed && !result.Complete {
				continue
			}
			what := variable{race.Made, strconv.Itoa(race.Cell), race.A.Start, race.B.Start}
			r.report(exactSide(race.A), exactSide(race.B), what, exact.Confidence(race.Guessed))
		}
	}
}
