package lockdebug

import (
	"slices"

	"github.com/fearless-go/fearless/internal/watch"
)

// An analysis finds who waits for whom. The goroutines of which no wait is known
// can go on, whatever they do.
type analysis struct {
	watch.State
	waiting map[uint64]watch.Wait
	needs   map[uint64]need
}

// A need is what ends a wait.
type need struct {
	by      []uint64 // goroutines
	any     bool     // one of them is enough
	unknown bool     // nobody knows: it may end
	guessed bool     // others than by may end it, but have not done so before
}

func analyse(s watch.State) *analysis {
	a := &analysis{s, map[uint64]watch.Wait{}, map[uint64]need{}}
	for _, w := range s.Waits {
		a.waiting[w.Goroutine] = w
	}
	for _, w := range s.Waits {
		a.needs[w.Goroutine] = a.need(w)
	}
	return a
}

func (a *analysis) need(w watch.Wait) need {
	switch w.For.Kind {
	case watch.Join:
		return need{by: []uint64{uint64(w.For.At)}, unknown: w.For.At == 0}
	case watch.Condvar, watch.Park:
		k, known := a.Wakers[w.For]
		if !known || k.N > len(k.Goroutines) {
			return need{unknown: true}
		}
		// It cannot end its own wait.
		by := slices.DeleteFunc(slices.Clone(k.Goroutines[:k.N]), func(g uint64) bool { return g == w.Goroutine })
		return need{by: by, any: true, unknown: len(by) == 0, guessed: true}
	case watch.Barrier:
		return need{unknown: true}
	}
	n := need{any: w.As == watch.Any}
	as := w.As &^ watch.Behind
	for _, h := range a.Holds {
		own := as == watch.Upgrade && h.As == watch.Upgradable
		if h.Of == w.For && !own && (h.As == watch.Alone || conflicts(as, h.As)) {
			n.by = append(n.by, h.Goroutine)
		}
	}
	if n.by == nil && w.As != as {
		// Nobody who is in keeps it out, so it is who came before and waits to write.
		// That one has not got the lock meanwhile, or what this goroutine holds would
		// not be among what that one waits for.
		for _, other := range a.Waits {
			if other.For == w.For && other.Turn < w.Turn && (other.As == watch.Alone || other.As == watch.Upgrade) {
				n.by = append(n.by, other.Goroutine)
			}
		}
	}
	n.unknown = n.by == nil
	return n
}

// conflicts reports whether who waits as a cannot enter while another is in as b,
// which is not Alone.
func conflicts(a, b watch.As) bool {
	switch a {
	case watch.Reader:
		return false
	case watch.Upgradable:
		return b == watch.Upgradable
	}
	return true
}

// stuck returns the goroutines that can never go on, if no limit ends a wait; or,
// with limits, those that cannot although limits do.
func (a *analysis) stuck(limits bool) map[uint64]bool {
	stuck := map[uint64]bool{}
	for g, w := range a.waiting {
		if !a.needs[g].unknown && !(limits && w.Limited) {
			stuck[g] = true
		}
	}
	for changed := true; changed; {
		changed = false
		for g := range stuck {
			n := a.needs[g]
			isFree := func(by uint64) bool { return !stuck[by] }
			free := !slices.ContainsFunc(n.by, func(by uint64) bool { return stuck[by] }) // all of them can go on
			if n.any {
				free = slices.ContainsFunc(n.by, isFree)
			}
			if free {
				delete(stuck, g)
				changed = true
			}
		}
	}
	return stuck
}

// deadlocks returns one cycle for each set of goroutines that wait for each other.
func (a *analysis) deadlocks() []Deadlock {
	all := []Deadlock{}
	seen := map[uint64]bool{}
	lasting := a.stuck(true)
	for _, found := range []map[uint64]bool{lasting, a.stuck(false)} {
		for _, w := range a.inOrder(found) {
			if seen[w] || a.expected(w) {
				continue
			}
			cycle := a.cycle(found, seen, w)
			if cycle == nil {
				continue
			}
			d := Deadlock{Certain: true}
			for _, g := range cycle {
				d.Cycle = append(d.Cycle, a.tell(a.waiting[g]))
				d.Certain = d.Certain && !a.needs[g].guessed
				d.Limited = d.Limited || !lasting[g]
			}
			waiting := a.waitingFor(found, cycle)
			d.Behind = len(waiting) - len(cycle)
			all = append(all, d)
			for g := range a.waitedFor(found, cycle) {
				seen[g] = seen[g] || waiting[g] // of the same set
			}
		}
	}
	return all
}

// expected reports whether a wait is for a notification and has a limit. A cycle of
// nothing else is no deadlock: nobody in it holds what another one wants, and each has
// provided for a notification that does not come. Workers that notify each other, and
// look again after a while, are in such a cycle whenever all of them are idle. In any
// other cycle there is a wait that is not expected, and so it is found from there.
func (a *analysis) expected(g uint64) bool {
	return a.waiting[g].Limited && a.needs[g].guessed
}

// inOrder returns the goroutines of a set, who waited first before the others.
func (a *analysis) inOrder(set map[uint64]bool) []uint64 {
	var all []uint64
	for g := range set {
		all = append(all, g)
	}
	slices.SortFunc(all, func(x, y uint64) int {
		if a.waiting[x].Turn < a.waiting[y].Turn {
			return -1
		}
		return 1
	})
	return all
}

// cycle returns a shortest way from g to itself, from who waits to whom it waits for,
// within the set and past those that were seen; or nil.
func (a *analysis) cycle(set, seen map[uint64]bool, g uint64) []uint64 {
	from := map[uint64]uint64{}
	for next := []uint64{g}; len(next) > 0; next = next[1:] {
		for _, by := range a.needs[next[0]].by {
			if _, met := from[by]; met || !set[by] || seen[by] {
				continue
			}
			from[by] = next[0]
			if by != g {
				next = append(next, by)
				continue
			}
			way := []uint64{g}
			for at := from[g]; at != g; at = from[at] {
				way = append(way, at)
			}
			slices.Reverse(way[1:])
			return way
		}
	}
	return nil
}

// waitingFor returns those of the set that wait for one of goroutines, directly or
// not, and these.
func (a *analysis) waitingFor(set map[uint64]bool, goroutines []uint64) map[uint64]bool {
	reached := map[uint64]bool{}
	for _, g := range goroutines {
		reached[g] = true
	}
	for n := 0; n != len(reached); {
		n = len(reached)
		for g := range set {
			if slices.ContainsFunc(a.needs[g].by, func(by uint64) bool { return reached[by] }) {
				reached[g] = true
			}
		}
	}
	return reached
}

// waitedFor returns those of the set that one of goroutines waits for, directly or
// not, and these.
func (a *analysis) waitedFor(set map[uint64]bool, goroutines []uint64) map[uint64]bool {
	reached := map[uint64]bool{}
	for next := slices.Clone(goroutines); len(next) > 0; next = next[1:] {
		if g := next[0]; set[g] && !reached[g] {
			reached[g] = true
			next = append(next, a.needs[g].by...)
		}
	}
	return reached
}

func (a *analysis) tell(w watch.Wait) Wait {
	as := ""
	if w.For.Kind == watch.RWLock {
		as = asName(w.For, w.As&^watch.Behind)
	}
	return Wait{
		Goroutine: w.Goroutine, Thread: w.Thread, Labels: w.Labels, On: name(w.For), As: as, For: a.At.Sub(w.Since), At: place(w.By),
		Limited: w.Limited, By: a.needs[w.Goroutine].by,
	}
}
