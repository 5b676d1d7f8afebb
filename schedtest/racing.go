package schedtest

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/fearless-go/fearless/internal/trace"
	"github.com/fearless-go/fearless/schedtest/strategy"
)

// A racingAccess is one of the two accesses in a report of the race detector.
type racingAccess struct {
	what  string // such as "previous write"
	stack []trace.Pos
}

// racingAccesses returns those of the last report, the later one first.
func racingAccesses(console string) []racingAccess {
	i := strings.LastIndex(console, "WARNING: DATA RACE")
	if i < 0 {
		return nil
	}
	var all []racingAccess
	lines := strings.Split(console[i:], "\n")
	for n, line := range lines {
		what, rest, ok := strings.Cut(line, " at 0x")
		if !ok || !strings.Contains(rest, " by ") || n+2 >= len(lines) {
			continue
		}
		a := racingAccess{what: strings.ToLower(strings.TrimSpace(what))}
		for m := n + 1; m+1 < len(lines) && strings.TrimSpace(lines[m]) != ""; m += 2 {
			// "      /dir/x.go:7 +0x3a"
			place, _, _ := strings.Cut(strings.TrimSpace(lines[m+1]), " +0x")
			file, number, _ := cutLast(place, ":")
			line, _ := strconv.Atoi(number)
			a.stack = append(a.stack, trace.Pos{File: file, Line: line, Func: withoutTypes(funcName(strings.TrimSpace(lines[m])))})
		}
		all = append(all, a)
	}
	return all
}

// withoutTypes is a function's name as a stack has it: the race detector writes the type
// arguments out, m.add[go.shape.int], where the runtime writes m.add[...].
func withoutTypes(fn string) string {
	open, end := strings.IndexByte(fn, '['), strings.LastIndexByte(fn, ']')
	if open < 0 || end < open {
		return fn
	}
	return fn[:open] + "[...]" + fn[end+1:]
}

// innermost returns the index of the innermost frame in the user's code, or 0.
func (o origin) innermost(stack []trace.Pos) int {
	return max(0, o.first(len(stack), func(i int) (fn, file string) { return stack[i].Func, stack[i].File }))
}

// raceMessage is the two accesses of the last report of the race detector, each
// by its innermost frame in the user's code.
func (o origin) raceMessage(console string) string {
	var parts []string
	for _, a := range racingAccesses(console) {
		if len(a.stack) == 0 {
			continue
		}
		at := a.stack[o.innermost(a.stack)]
		parts = append(parts, fmt.Sprintf("%s in %s at %s:%d", a.what, shortFunc(at.Func), at.File[strings.LastIndexAny(at.File, `/\`)+1:], at.Line))
	}
	if len(parts) == 0 {
		return "the race detector reported a race"
	}
	return strings.Join(parts, "; ")
}

// racing draws the two accesses of a data race into a trace, where accesses of plain
// memory are no steps.
type racing struct {
	accesses []racingAccess
	reports  uint32 // in the whole execution
	seen     bool
	by       uint32 // the goroutine of the later access
	before   int    // the step that it comes before
}

func newRacing(o *outcome, f *Finding) *racing {
	r := &racing{}
	if f.Kind != DataRace {
		return r
	}
	r.accesses = racingAccesses(o.console)
	for _, e := range o.events {
		r.reports = max(r.reports, e.races)
	}
	return r
}

// see is told of each event, and how many steps there are when it comes. Only one
// goroutine runs at a time, so the access of which the detector's last report is was
// made by that of the first event that knows of the report, since its step before.
func (r *racing) see(e event, steps int) {
	if r.seen {
		return
	}
	r.before = steps
	switch r.seen = r.reports > 0 && e.races == r.reports; {
	case !r.seen:
		r.by = e.pick // if nothing comes after it
	case e.op == strategy.OpNone:
		r.by = e.last
	default:
		r.by = e.id
	}
}

// draw adds the accesses to t, with what would have ordered them. The detector has
// numbers of its own for goroutines, so the earlier access is given to one that runs the
// same functions.
func (r *racing) draw(t *trace.Trace, x *exploration, lanes map[uint32]int) {
	later, ok := lanes[r.by]
	if len(r.accesses) != 2 || len(r.accesses[0].stack) == 0 || len(r.accesses[1].stack) == 0 || !ok {
		return
	}
	if !r.seen {
		r.before = len(t.Steps)
	}
	step := func(a racingAccess, lane int) trace.Step {
		return trace.Step{Lane: lane, Op: strings.TrimPrefix(a.what, "previous "), Flags: trace.Failing,
			Pos: a.stack[x.origin.innermost(a.stack)], Note: "one of the two accesses that nothing orders"}
	}
	insertStep(t, r.before, step(r.accesses[0], later))
	earlier := r.accesses[1]
	at, lane := -1, 0
	for l := range t.Lanes {
		if l == later {
			continue
		}
		if i := placeOf(t.Steps[:r.before], l, earlier.stack); i > at {
			at, lane = i, l
		}
	}
	if test, ok := lanes[2]; at < 0 && ok && test != later && slices.ContainsFunc(earlier.stack, func(p trace.Pos) bool { return strings.HasSuffix(p.Func, "."+x.name) }) {
		at, lane = r.before, test // the test itself, which has had no step yet
	}
	if at < 0 {
		return
	}
	s := step(earlier, lane)
	s.Note += "; the race detector does not say when: this is the last place that its line allows"
	insertStep(t, at, s)
	t.Detail = wouldOrder(t, at, r.before+1)
}

// placeOf returns before which of steps an access of a lane belongs, the last of which
// its stack allows: after a step of the same function at or above the access's line, and
// not between two steps further up in it. It is -1 if no step of the lane is in a
// function of the stack.
func placeOf(steps []trace.Step, lane int, stack []trace.Pos) int {
	var own []int
	for i, s := range steps {
		if s.Lane == lane {
			own = append(own, i)
		}
	}
	for _, at := range stack {
		for n, i := range slices.Backward(own) {
			s := steps[i].Pos
			if s.Func != at.Func || s.Line > at.Line {
				continue
			}
			if n+1 < len(own) {
				if next := steps[own[n+1]].Pos; next.Func == at.Func && next.Line < at.Line && next.Line >= s.Line {
					continue
				}
			}
			return i + 1
		}
	}
	return -1
}

// insertStep puts a step before that at i, and leads the edges past it.
func insertStep(t *trace.Trace, i int, s trace.Step) {
	t.Steps = slices.Insert(t.Steps, i, s)
	for n := range t.Edges {
		if t.Edges[n].From >= i {
			t.Edges[n].From++
		}
		if t.Edges[n].To >= i {
			t.Edges[n].To++
		}
	}
}

// wouldOrder says what each of two steps holds, and what would have ordered them. Steps
// have the numbers that they get when the first ones of a long trace are left out.
func wouldOrder(t *trace.Trace, first, second int) string {
	cut := max(0, len(t.Steps)-maxSteps)
	at := func(step int) string {
		if step < cut {
			return "one that is left out"
		}
		return fmt.Sprintf("step %d", step-cut+1)
	}
	holds := func(step int) string {
		held := heldBy(t, step)
		name := t.Lanes[t.Steps[step].Lane].Name
		if len(held) == 0 {
			return name + " holds no lock that the steps show"
		}
		return name + " holds " + strings.Join(held, ", ")
	}
	return fmt.Sprintf("nothing orders the accesses at %s and %s: at the first %s, at the second %s; one lock held around both would order them, or a channel, a WaitGroup or an atomic by which one waits for the other",
		at(first), at(second), holds(first), holds(second))
}

// heldBy returns what the lane of a step holds when it comes there.
func heldBy(t *trace.Trace, step int) []string {
	var held []string
	for _, s := range t.Steps[:step] {
		if s.Lane != t.Steps[step].Lane {
			continue
		}
		i := slices.Index(held, s.Object)
		switch s.Effect {
		case trace.Acquire, trace.AcquireShared:
			held = append(held, s.Object)
		case trace.Release, trace.ReleaseShared:
			if i >= 0 {
				held = slices.Delete(held, i, i+1)
			}
		}
	}
	return held
}
