package exact

import (
	"golang.org/x/tools/go/ssa"

	"github.com/fearless-go/fearless/vet/internal/api"
)

// A Stuck is an operation that waits for good: in some execution all
// goroutines have ended or wait, and one waits here.
type Stuck struct {
	Instr ssa.Instruction
	Start ssa.Instruction // of the goroutine that waits; nil for the first
	// All tells that the function that was explored has not returned either:
	// the runtime ends such a program, if nothing else runs in it.
	All bool
	// Lock tells that some goroutine waits for a mutex.
	Lock bool
	// Known tells that a package variable leads to what is waited for, so that
	// another function may end the wait.
	Known bool
	// Guessed tells that the execution takes a branch of which it is not
	// known whether it can be taken.
	Guessed bool
}

// A Broken is an operation that panics in some execution.
type Broken struct {
	Instr   ssa.Instruction
	Why     Why
	Guessed bool // see Stuck
}

// Why is the reason of a panic.
type Why uint8

// The reasons.
const (
	SentToClosed Why = iota
	ClosedTwice
	CountedBelowZero
)

// noteBroken notes that the operation which t is at panics.
func (m *search) noteBroken(s *state, t *thread, why Why) {
	b := Broken{t.siteOf(), why, s.guessed}
	if !m.broken[b] {
		m.broken[b] = true
		m.result.Broken = append(m.result.Broken, b)
	}
}

type stuckKey struct {
	instr   ssa.Instruction
	all     bool
	guessed bool
}

// noteStuck notes the goroutines that wait in s, where nobody can go on. No
// step leads out of s: what the search does between two steps makes only more
// of them possible, and so nothing that a reduction has left out would help.
func (m *search) noteStuck(s *state) {
	lock := false
	for _, t := range s.threads {
		lock = lock || len(t.frames) > 0 && waitsForLock(t)
	}
	known := m.reachable(s)
	for i, t := range s.threads {
		if len(t.frames) == 0 {
			continue
		}
		x := Stuck{Instr: t.siteOf(), Start: t.site, All: len(s.threads[0].frames) > 0, Lock: lock, Guessed: s.guessed}
		for _, obj := range m.waitsFor(s, t) {
			x.Known = x.Known || known[obj]
		}
		if i == 0 {
			x.Start = nil
		}
		key := stuckKey{x.Instr, x.All, x.Guessed}
		if !m.stuck[key] {
			m.stuck[key] = true
			m.result.Stuck = append(m.result.Stuck, x)
		}
	}
}

// waitsForLock reports whether t waits for a mutex, or for a function that a
// Once runs elsewhere.
func waitsForLock(t *thread) bool {
	f := t.top()
	if f.native == nil || f.call == nil {
		return false
	}
	switch name := api.CalleeOf(f.call); name.Recv {
	case "Mutex", "RWMutex", "Once":
		return true
	}
	return false
}

// waitsFor are the objects that t waits for.
func (m *search) waitsFor(s *state, t *thread) (objects []int) {
	if f := t.top(); f.native != nil {
		for _, a := range f.args {
			objects = append(objects, m.pointsTo(a)...)
		}
		return objects
	}
	for _, offer := range m.offers(s, t) {
		objects = append(objects, m.pointsTo(offer.channel)...)
	}
	return objects
}

// reachable are the objects that package variables lead to.
func (m *search) reachable(s *state) map[int]bool {
	seen := map[int]bool{}
	var visit func(id int)
	visit = func(id int) {
		if seen[id] || s.heap[id] == nil {
			return
		}
		seen[id] = true
		o := s.heap[id]
		each := func(v value) {
			for _, next := range m.pointsTo(v) {
				visit(next)
			}
		}
		for _, c := range o.cells {
			each(c.val)
		}
		for _, e := range o.entries {
			each(e.key)
			for _, v := range e.val {
				each(v)
			}
		}
		if o.chann != nil {
			for _, msg := range o.chann.queue {
				each(msg.val)
			}
		}
	}
	for _, g := range s.globals {
		visit(g.obj)
	}
	return seen
}

// pointsTo are the objects that v leads to.
func (m *search) pointsTo(v value) (objects []int) {
	each := func(list []value) {
		for _, v := range list {
			objects = append(objects, m.pointsTo(v)...)
		}
	}
	switch v := v.(type) {
	case pointer:
		return []int{v.obj}
	case slice:
		return []int{v.obj}
	case reference:
		return []int{v.obj}
	case *closure:
		each(v.free)
	case boxed:
		return m.pointsTo(v.val)
	case aggregate:
		each(v)
	case tuple:
		each(v)
	}
	return objects
}
