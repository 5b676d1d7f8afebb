package litmus

import (
	"maps"
	"slices"

	"github.com/fearless-go/fearless/internal/engine"
)

// awaits reports whether the loop is an await: no round that repeats does
// anything that another thread, or a later round, could notice, unless one of
// the compare-exchanges whose success done names took effect. A last round
// that is the only one stands for all of them, because a thread that reads the
// value that it waits for could have read it at once. What the states show is set in each round.
func (w *While) awaits(named func(reg int) bool) (done []int, last *swap, ok bool) {
	a := await{set: make(map[int]bool)}
	if len(w.Body) == 0 {
		a.last = lastSwap(w.Eval)
	}
	a.collect(w.Body)
	a.collect(w.Eval)
	known := make(map[int]bool)
	ok = a.loads && a.independent(w.Body, known) && a.independent(w.Eval, known) && a.knows(&w.Cond, known)
	for r := range a.set {
		ok = ok && (known[r] || !named(r))
	}
	return a.done, a.last, ok
}

// races reports whether a round that is not the last may be half of a race that the last one
// is no half of: it has a plain load that the last may not do, or may do behind an operation
// that acquires. The rest of the race may depend on what comes behind the loop. So a round is
// run before those that wait. One is enough: of an execution that races, all rounds can be
// left out but the one with that load and the last.
func races(eval []Stmt) bool {
	plain, other := false, false
	for _, s := range eval {
		switch s := s.(type) {
		case Load:
			plain = plain || s.Order == engine.NonAtomic
			other = other || s.Order != engine.NonAtomic
		case CompareExchange, Update:
			other = true
		case If:
			if plainly(s.Then) || plainly(s.Else) {
				return true
			}
			other = other || !local(s.Then) || !local(s.Else)
		}
	}
	return plain && other
}

// plainly reports whether body has a plain load.
func plainly(body []Stmt) bool {
	return slices.ContainsFunc(body, func(s Stmt) bool {
		switch s := s.(type) {
		case Load:
			return s.Order == engine.NonAtomic
		case If:
			return plainly(s.Then) || plainly(s.Else)
		}
		return false
	})
}

// An await is what is known of a loop's registers.
type await struct {
	set   map[int]bool // the loop sets it
	loads bool
	done  []int // its compare-exchanges' success
	last  *swap
}

func (a *await) collect(body []Stmt) {
	for _, s := range body {
		switch s := s.(type) {
		case Set:
			a.set[s.Reg] = true
		case Load:
			a.set[s.Reg], a.loads = true, true
		case CompareExchange:
			a.set[s.Old], a.set[s.Done], a.loads = true, true, true
			a.done = append(a.done, s.Done)
		case Update:
			a.set[s.Old], a.loads = true, true
		case If:
			a.collect(s.Then)
			a.collect(s.Else)
		}
	}
}

// independent reports whether body only reads, and whatever registers it uses
// have been set in the same round. It adds to known those that it sets in any case.
func (a *await) independent(body []Stmt, known map[int]bool) bool {
	for _, s := range body {
		switch s := s.(type) {
		case Set:
			if !a.knows(&s.Expr, known) {
				return false
			}
			known[s.Reg] = true
		case Load:
			if !a.places(s.At, known) {
				return false
			}
			known[s.Reg] = true
		case CompareExchange: // where it fails it only reads
			if !a.knows(&s.Expected, known) || !a.knows(&s.Arg, known) || !a.places(s.At, known) {
				return false
			}
			known[s.Old], known[s.Done] = true, true
		case Update:
			if !a.last.is(&s) || !a.knows(&s.Arg, nil) {
				return false
			}
			known[s.Old] = true
		case If:
			then, other := maps.Clone(known), maps.Clone(known)
			if !a.knows(&s.Cond, known) || !a.independent(s.Then, then) || !a.independent(s.Else, other) {
				return false
			}
			for r := range then {
				if other[r] {
					known[r] = true
				}
			}
		default:
			return false
		}
	}
	return true
}

func (a *await) places(at *Index, known map[int]bool) bool {
	return at == nil || a.knows(&at.Expr, known)
}

// knows reports whether e uses no register of a former round.
func (a *await) knows(e *Expr, known map[int]bool) bool {
	if e == nil {
		return true
	}
	if e.Op == "reg" {
		return known[e.Reg] || !a.set[e.Reg]
	}
	return a.knows(e.Left, known) && a.knows(e.Right, known)
}

// rounds says why a loop that is no await is run round by round.
func (w *While) rounds() string {
	if why := unlikeWaiting(w.Eval); why != "" {
		return why
	}
	if why := unlikeWaiting(w.Body); why != "" {
		return why
	}
	return "a round uses what a former one has computed"
}

func unlikeWaiting(body []Stmt) string {
	for _, s := range body {
		why := ""
		switch s := s.(type) {
		case Store:
			why = "it stores"
		case Update:
			why = "it updates a variable, and is no loop that ends with an exchange, fetch_or or fetch_and in its condition"
		case Fence:
			why = "it has a fence"
		case Break, Return:
			why = "it is left in the middle"
		case While:
			why = "it has a loop inside"
		case If:
			if why = unlikeWaiting(s.Then); why == "" {
				why = unlikeWaiting(s.Else)
			}
		}
		if why != "" {
			return why
		}
	}
	return ""
}
