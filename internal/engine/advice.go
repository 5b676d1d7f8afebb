package engine

import (
	"fmt"
	"slices"
	"strings"
)

// A demand is a stronger ordering for all that a line of the program does: for
// its writes, for its reads, or for both.
type demand struct {
	line  string
	write bool // else reads; with SeqCst both
	order Order
}

// An adviser looks for the orderings that would mend a race: with which the
// first access would happen before what thread t does now, or the execution
// would not be consistent. It computes the graph's clocks anew for each try.
type adviser struct {
	e      *Engine
	was    *accessAt
	t      int32
	linear []int32
	orders []Order // as the program has them
}

// mostAdvised is how many events an execution may have for SeqCst to be tried,
// which takes their square.
const mostAdvised = 600

// advice says which orderings would mend the race between an earlier access
// and the one of thread t now.
func (e *Engine) advice(was *accessAt, t int32) string {
	const none = "; nothing orders the two"
	g := e.x.g
	if e.recording == nil || e.x.memory == SC {
		return none
	}
	a := &adviser{e: e, was: was, t: t, linear: g.linear()}
	for i := range g.ev {
		a.orders = append(a.orders, g.ev[i].order)
	}
	defer a.set(nil)
	weak := a.demands(false)
	for i := len(weak) - 1; i >= 0; i-- {
		if a.set(weak[i : i+1]); a.ordered() {
			return a.single(weak[i])
		}
	}
	if least := a.least(weak); least != nil {
		return a.several(least, "it would take ")
	}
	if len(g.ev) > mostAdvised {
		return none
	}
	if least := a.least(a.demands(true)); least != nil {
		return a.several(least, "it could not happen with ")
	}
	return none
}

// demands is what can be asked of the program's lines, in the order of the
// execution. The library's own operations are not the user's to change.
func (a *adviser) demands(seqCst bool) (list []demand) {
	x := a.e.x
	add := func(d demand) {
		if d.line != "" && !slices.Contains(list, d) {
			list = append(list, d)
		}
	}
	for _, id := range a.linear {
		e := &x.g.ev[id]
		switch o := a.orders[id]; {
		case o == NonAtomic || o == SeqCst || e.kind > kFence || seqCst && e.waits():
		case seqCst:
			add(demand{line: a.line(e), order: SeqCst})
		case e.kind == kWrite && !o.releases():
			add(demand{a.line(e), true, Release})
		case e.kind == kRead && !o.acquires():
			add(demand{a.line(e), false, Acquire})
		}
	}
	return list
}

// line is where the program does e; "" if the library does, or that is unknown.
func (a *adviser) line(e *event) string {
	at := place{e.thr, e.idx}
	if c, ok := a.e.x.calls[at]; ok && !c.inside {
		return short(c.at)
	}
	return ""
}

// set gives the graph the orderings that the program would have with what list demands.
func (a *adviser) set(list []demand) {
	g := a.e.x.g
	for i := range g.ev {
		g.ev[i].order = a.orders[i]
	}
	for _, d := range list {
		for i := range g.ev {
			e := &g.ev[i]
			if e.order == NonAtomic || e.kind > kFence || a.line(e) != d.line {
				continue
			}
			switch {
			case d.order == SeqCst:
				e.order = SeqCst
			case e.kind == kFence || (e.kind == kWrite) != d.write || e.order == SeqCst || e.order == d.order:
			case e.order == Relaxed:
				e.order = d.order
			default:
				e.order = AcqRel
			}
		}
	}
	for _, id := range a.linear {
		e := &g.ev[id]
		e.fence = -1
		if e.idx > 0 {
			e.fence = g.ev[g.thr[e.thr].ev[e.idx-1]].fence
		}
		if e.kind == kFence && e.order.releases() {
			e.fence = e.idx
		}
		g.computeClocks(id)
	}
	g.listSC()
}

// ordered reports whether the first access happens before the second one.
func (a *adviser) ordered() bool { return a.was.before(a.e.x.clockNow(a.t)) }

// consistent reports whether the execution can happen.
func (a *adviser) consistent() bool {
	g := a.e.x.g
	for id := range g.ev {
		if e := &g.ev[id]; e.access() {
			p := g.prev(e)
			if p < 0 {
				continue
			}
			if low := g.lower(e.loc, g.clock(p, hbClock)); g.posOf(e) < low || e.kind == kWrite && e.pos == low {
				return false
			}
		}
	}
	return !a.e.x.psc.anyCycle(g)
}

func (a *adviser) mends(list []demand) bool {
	a.set(list)
	return a.ordered() || !a.consistent()
}

// least is a part of list that mends the race and of which nothing can be left
// out; nil if the whole does not.
func (a *adviser) least(list []demand) []demand {
	if len(list) == 0 || !a.mends(list) {
		return nil
	}
	list = slices.Clone(list)
	for i := 0; i < len(list); {
		if without := slices.Delete(slices.Clone(list), i, i+1); len(without) > 0 && a.mends(without) {
			list = without
		} else {
			i++
		}
	}
	return list
}

// single is the advice when one line is at fault.
func (a *adviser) single(d demand) string {
	x := a.e.x
	a.set(nil)
	reads := slices.DeleteFunc(slices.Clone(a.linear), func(id int32) bool { return x.g.ev[id].kind != kRead || x.g.ev[id].rf < 0 })
	// Where no read acquires, a fence after it does.
	slices.SortStableFunc(reads, func(i, j int32) int { return truth(!x.g.ev[i].order.acquires()) - truth(!x.g.ev[j].order.acquires()) })
	for _, id := range reads {
		r := &x.g.ev[id]
		for w := r.rf; w >= 0; w = x.g.carries(w) {
			store := &x.g.ev[w]
			switch {
			case store.thr == r.thr:
			case d.write && a.line(store) == d.line:
				return fmt.Sprintf("; the store to %s at %s is %v, so it does not synchronize with the load at %s: Release would",
					x.locName(store.loc), d.line, store.order, short(x.calls[place{r.thr, r.idx}].at))
			case !d.write && a.line(r) == d.line:
				return fmt.Sprintf("; the load of %s at %s is %v, so it does not synchronize with the store at %s: Acquire would",
					x.locName(r.loc), d.line, r.order, short(x.calls[place{store.thr, store.idx}].at))
			}
		}
	}
	return a.several([]demand{d}, "it would take ")
}

// carries is the write whose release sequence the write w carries on; -1: none.
func (g *graph) carries(w int32) int32 {
	e := &g.ev[w]
	if !e.has(fUpdate) {
		return -1
	}
	return g.ev[g.thr[e.thr].ev[e.idx-1]].rf
}

// several is the advice when it takes more than one ordering.
func (a *adviser) several(list []demand, intro string) string {
	x := a.e.x
	a.set(nil)
	var parts []string
	said := NonAtomic
	for _, d := range list {
		for _, id := range a.linear {
			e := &x.g.ev[id]
			if a.line(e) != d.line || d.order != SeqCst && (e.kind == kWrite) != d.write {
				continue
			}
			what := "the fence"
			switch {
			case e.has(fUpdate):
				what = "the update of " + x.locName(e.loc)
			case e.kind == kRead:
				what = "the load of " + x.locName(e.loc)
			case e.kind == kWrite:
				what = "the store to " + x.locName(e.loc)
			}
			part := fmt.Sprintf("%s at %s", what, d.line)
			if d.order != said {
				part = fmt.Sprintf("%v for %s", d.order, part)
			}
			parts, said = append(parts, part), d.order
			break
		}
	}
	if last := len(parts) - 1; last > 0 {
		parts = append(parts[:last-1], parts[last-1]+" and "+parts[last])
	}
	return "; " + intro + strings.Join(parts, ", ")
}
