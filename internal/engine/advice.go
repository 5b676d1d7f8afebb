package engine

import (
	"fmt"
	"slices"
	"strings"

	"github.com/fearless-go/fearless/internal/engine/graph"
	"github.com/fearless-go/fearless/internal/engine/picture"
	"github.com/fearless-go/fearless/internal/engine/source"
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
	g := e.x.G
	if e.recording == nil || e.x.Check.Memory == SC {
		return none
	}
	a := &adviser{e: e, was: was, t: t, linear: g.Linear()}
	for i := range g.Ev {
		a.orders = append(a.orders, g.Ev[i].Order)
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
	if len(g.Ev) > mostAdvised {
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
		e := &x.G.Ev[id]
		switch o := a.orders[id]; {
		case o == NonAtomic || o == SeqCst || e.Kind > graph.Fence || seqCst && e.Waits():
		case seqCst:
			add(demand{line: a.line(e), order: SeqCst})
		case e.Kind == graph.Write && !o.Releases():
			add(demand{a.line(e), true, Release})
		case e.Kind == graph.Read && !o.Acquires():
			add(demand{a.line(e), false, Acquire})
		}
	}
	return list
}

// line is where the program does e; "" if the library does, or that is unknown.
func (a *adviser) line(e *graph.Event) string {
	at := picture.At(e.Thr, e.Idx)
	if c, ok := a.e.picture.Calls[at]; ok && !c.Inside {
		return source.Short(c.At)
	}
	return ""
}

// set gives the graph the orderings that the program would have with what list demands.
func (a *adviser) set(list []demand) {
	g := a.e.x.G
	for i := range g.Ev {
		g.Ev[i].Order = a.orders[i]
	}
	for _, d := range list {
		for i := range g.Ev {
			e := &g.Ev[i]
			if e.Order == NonAtomic || e.Kind > graph.Fence || a.line(e) != d.line {
				continue
			}
			switch {
			case d.order == SeqCst:
				e.Order = SeqCst
			case e.Kind == graph.Fence || (e.Kind == graph.Write) != d.write || e.Order == SeqCst || e.Order == d.order:
			case e.Order == Relaxed:
				e.Order = d.order
			default:
				e.Order = AcqRel
			}
		}
	}
	g.Reorder(a.linear)
}

// ordered reports whether the first access happens before the second one.
func (a *adviser) ordered() bool { return a.was.before(a.e.x.G.ClockNow(a.t)) }

func (a *adviser) mends(list []demand) bool {
	a.set(list)
	return a.ordered() || !a.e.x.Check.Whole(a.e.x.G)
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
	reads := slices.DeleteFunc(slices.Clone(a.linear), func(id int32) bool { return x.G.Ev[id].Kind != graph.Read || x.G.Ev[id].RF < 0 })
	// Where no read acquires, a fence after it does.
	slices.SortStableFunc(reads, func(i, j int32) int { return truth(!x.G.Ev[i].Order.Acquires()) - truth(!x.G.Ev[j].Order.Acquires()) })
	for _, id := range reads {
		r := &x.G.Ev[id]
		for w := r.RF; w >= 0; w = x.G.Carries(w) {
			store := &x.G.Ev[w]
			switch {
			case store.Thr == r.Thr:
			case d.write && a.line(store) == d.line:
				return fmt.Sprintf("; the store to %s at %s is %v, so it does not synchronize with the load at %s: Release would",
					x.G.Name(store.Loc), d.line, store.Order, source.Short(a.e.picture.Calls[picture.At(r.Thr, r.Idx)].At))
			case !d.write && a.line(r) == d.line:
				return fmt.Sprintf("; the load of %s at %s is %v, so it does not synchronize with the store at %s: Acquire would",
					x.G.Name(r.Loc), d.line, r.Order, source.Short(a.e.picture.Calls[picture.At(store.Thr, store.Idx)].At))
			}
		}
	}
	return a.several([]demand{d}, "it would take ")
}

// several is the advice when it takes more than one ordering.
func (a *adviser) several(list []demand, intro string) string {
	x := a.e.x
	a.set(nil)
	var parts []string
	said := NonAtomic
	for _, d := range list {
		for _, id := range a.linear {
			e := &x.G.Ev[id]
			if a.line(e) != d.line || d.order != SeqCst && (e.Kind == graph.Write) != d.write {
				continue
			}
			what := "the fence"
			switch {
			case e.Has(graph.Update):
				what = "the update of " + x.G.Name(e.Loc)
			case e.Kind == graph.Read:
				what = "the load of " + x.G.Name(e.Loc)
			case e.Kind == graph.Write:
				what = "the store to " + x.G.Name(e.Loc)
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
