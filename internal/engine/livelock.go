package engine

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/fearless-go/fearless/internal/engine/graph"
	"github.com/fearless-go/fearless/internal/engine/source"
)

// livelock.go is for a program that has reached a limit: is there an execution that
// never ends, though the scheduler is fair? Its interleavings are searched for a state
// that comes again (states.go) by steps that a fair scheduler can repeat for ever
// (fair.go). Each interleaving is an execution under every memory model that we have.
//
// A state is all values of the modelled objects, and at which operation each thread
// stands with what it has found there. What a thread keeps in variables of its own is
// not seen. So the steps are done again and again, and have to lead through the same
// states each time; and whoever calls this has to make sure that the loops keep nothing
// of a round: Rounds has where they are. Then the state does repeat itself, and so do
// all that follow.
//
// That none is found says nothing: there may be too many states, or a thread keeps more
// than the search guesses.

// A Cycle is steps that lead back to the state before them, and the failure that they are.
type Cycle struct {
	*Found
	// Rounds has, for each thread that goes round, a nil and then the callers of each
	// operation of its round, innermost first, as Seen.Waits of a loop without SpinLoop.
	Rounds [][][]uintptr
	cycle  []stateStep
	before []stateStep // to where it begins
}

// How often a cycle has to come again to be one: so many times, and steps.
const (
	leastTurns     = 8
	leastTurnSteps = 1000
)

// mostCycleEvents is how many events a run of the search may have: a clock counts up to 2^16.
const mostCycleEvents = 1 << 15

// findLivelock looks for a livelock of main; nil: none was found. more is asked again
// and again whether to go on.
func findLivelock(main func(), o Options, more func() bool) *Cycle {
	o.Random, o.everyRound, o.Plain = true, true, true
	o.Unroll, o.Seen, o.MaxEvents = 0, nil, mostCycleEvents
	e := newEngine(main, o)
	defer e.close()
	e.x.Random = rand.New(rand.NewPCG(0, 0)) // each operation lets others run first
	s := &steering{e: e}
	e.steered = s
	e.x.Steer = func(n int) int { return s.choose(n) }
	// Most loops keep nothing but what they have read last. With more in mind there are
	// more states, and fewer that are told to be one and differ.
	for _, s.memories = range []int{1, 3} {
		if c := s.cycle(more); c != nil && s.show(c) {
			return c
		}
	}
	return nil
}

// cycle looks for a livelock; nil: none was found.
func (s *steering) cycle(more func() bool) (found *Cycle) {
	w := &stateWalk{stateGraph: &stateGraph{index: make(map[uint64]int32)}, s: s}
	if !w.explore(more) {
		return nil
	}
	w.fairCycles(func(set map[int32]bool) bool {
		if !more() {
			return true
		}
		c := new(Cycle)
		var keys []uint64
		if c.before, c.cycle, keys = w.cycleThrough(set); s.repeats(c, keys) && w.keepsAllIn(set, c, keys) {
			found = c
		}
		return found != nil
	})
	return found
}

// cycleThrough is a way from the beginning into a set of states that are strongly connected, and one
// from there back to where it began, in which each thread that has steps in the set does one, and
// one that changes memory if it can, and the keys of the states on it.
func (g *stateGraph) cycleThrough(set map[int32]bool) (before, cycle []stateStep, keys []uint64) {
	type edge struct {
		from int32
		*stateEdge
	}
	needed := make(map[int32]edge)
	changing := g.changes(set)
	g.stays(set, func(from int32, e *stateEdge) {
		_, has := needed[e.thr]
		if !has || changing>>e.thr&1 != 0 && g.nodes[needed[e.thr].from].memory == g.nodes[needed[e.thr].to].memory {
			needed[e.thr] = edge{from, e}
		}
	})
	start := int32(-1)
	at := start
	take := func(path []stateEdge) {
		for _, e := range path {
			cycle, keys, at = append(cycle, e.stateStep), append(keys, g.nodes[e.to].key), e.to
		}
	}
	for t := range int32(mostSteered) {
		e, ok := needed[t]
		if !ok {
			continue
		}
		if start < 0 {
			start, at = e.from, e.from
		}
		take(g.way(set, at, e.from))
		take([]stateEdge{*e.stateEdge})
	}
	take(g.way(set, at, start))
	return g.pathTo(start), cycle, keys
}

// way is a shortest way from one state of a set to another.
func (g *stateGraph) way(set map[int32]bool, from, to int32) (path []stateEdge) {
	type step struct {
		from int32
		edge stateEdge
	}
	come := map[int32]step{from: {from: -1}}
	for queue := []int32{from}; len(queue) > 0; queue = queue[1:] {
		n := queue[0]
		if n == to {
			break
		}
		for _, e := range g.nodes[n].out {
			if _, seen := come[e.to]; !seen && set[e.to] && !e.chose {
				come[e.to] = step{n, e}
				queue = append(queue, e.to)
			}
		}
	}
	for n := to; n != from; n = come[n].from {
		path = append(path, come[n].edge)
	}
	slices.Reverse(path)
	return path
}

// follow makes the next run do those steps, for as long as goOn reports true of how many
// are done.
func (s *steering) follow(step func(i int) stateStep, goOn func(done int) bool) {
	i := 0
	var doing stateStep
	s.choose = func(n int) int { return min(int(doing.choice), n-1) }
	s.next = func() *Thread {
		if !goOn(i) {
			return nil
		}
		doing = step(i)
		i++
		t := s.e.threads[doing.thr]
		if !s.e.canGoOn(t) {
			return nil
		}
		return t
	}
}

// at is step i of those that lead to the cycle and then go round.
func (l *Cycle) at(i int) stateStep {
	if i -= len(l.before); i >= 0 {
		return l.cycle[i%len(l.cycle)]
	}
	return l.before[i+len(l.before)]
}

// repeats reports whether the steps lead through the states with those keys, again and again.
func (s *steering) repeats(l *Cycle, keys []uint64) bool {
	turns := max(leastTurns, leastTurnSteps/len(l.cycle))
	first, last := len(l.before), len(l.before)+turns*len(l.cycle)
	same := 0
	s.follow(l.at, func(done int) bool {
		if done > first && s.now().key == keys[(done-first-1)%len(keys)] {
			same++
		}
		return done < last && (done <= first || same == done-first)
	})
	return s.run() && same == last-first
}

// keepsAllIn reports whether no thread that changes nothing gets out of the set by its own
// steps from a state of the cycle. The graph says so (fair.go), but of states that may
// have been told to be one: here it is tried.
func (w *stateWalk) keepsAllIn(set map[int32]bool, c *Cycle, keys []uint64) bool {
	changing := w.changes(set)
	for i := range c.cycle {
		at := &w.nodes[w.index[keys[i]]]
		for t := range int32(mostSteered) {
			if at.enabled>>t&1 == 0 || changing>>t&1 != 0 {
				continue
			}
			begin, inside := len(c.before)+i+1, true
			w.s.follow(func(k int) stateStep {
				if k < begin {
					return c.at(k)
				}
				return stateStep{thr: t}
			}, func(done int) bool {
				if done < begin {
					return true
				}
				n, known := w.index[w.s.now().key]
				inside = known && set[n]
				return inside && done < begin+len(set)
			})
			if !w.s.run() || !inside {
				return false
			}
		}
	}
	return true
}

// show runs the way to the cycle and two rounds of it, and keeps what a report needs. It
// reports false if it did not come to the end of them.
func (s *steering) show(l *Cycle) bool {
	e := s.e
	x := e.x
	e.recording = newRecorder(Limit)
	e.picture.Record()
	s.frames = true
	first, last := len(l.before), len(l.before)+2*len(l.cycle)
	rounds := make(map[int32][][]uintptr)
	events, complete := int32(0), false
	s.follow(l.at, func(done int) bool {
		if done == last-len(l.cycle) {
			events = int32(len(x.G.Ev))
		}
		if complete = done == last; complete {
			l.Found = s.found(l, events)
			return false
		}
		if done >= first {
			t := l.at(done).thr
			rounds[t] = append(rounds[t], s.standing[t].callers)
		}
		return true
	})
	if !s.run() || !complete {
		return false
	}
	for _, r := range rounds {
		slices.SortFunc(r, slices.Compare)
		l.Rounds = append(l.Rounds, append([][]uintptr{nil}, slices.CompactFunc(r, slices.Equal)...))
	}
	e.recording = nil
	e.picture.Forget()
	return true
}

// found is the failure. The last round begins with the event of that number.
func (s *steering) found(l *Cycle, round int32) *Found {
	e := s.e
	x := e.x
	steps := make([][]string, len(e.threads))
	for id := round; id < int32(len(x.G.Ev)); id++ {
		if ev := &x.G.Ev[id]; ev.Kind != graph.Write || !ev.Has(graph.Update) {
			st := e.shown().Step(id)
			steps[ev.Thr] = append(steps[ev.Thr], fmt.Sprintf("%s at %s", st.Op, source.Short(st.Pos)))
		}
	}
	var list []string
	for _, t := range e.threads {
		switch {
		case t.state == idle || t.state == over:
		case len(steps[t.id]) > 0:
			list = append(list, fmt.Sprintf("%s goes round in %s", e.shown().ThreadName(t.id), strings.Join(steps[t.id], ", ")))
		case t.state == deferred:
			list = append(list, fmt.Sprintf("%s %s at %s", e.shown().ThreadName(t.id), e.waitsFor(t), source.Short(e.recording.waits[t.id].At)))
		}
	}
	f := &Failure{Kind: Livelock, Message: fmt.Sprintf("a fair scheduler can repeat these %d steps for ever, for they lead back to the same state: %s", len(l.cycle), strings.Join(list, "; "))}
	found := &Found{Failure: f, Trace: e.shown().Trace(f.Error())}
	for i := range found.Trace.Lanes {
		if i >= len(e.threads) {
			break
		}
		switch t := e.threads[i]; {
		case len(steps[i]) > 0:
			found.Trace.Lanes[i].End = "goes round for ever"
		case t.state != over && t.state != idle:
			found.Trace.Lanes[i].End = e.lastOf(t)
		}
	}
	return found
}
