package parallel

import (
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/fearless-go/fearless/vet/internal/api"
)

// A lockEvent takes or gives back a lock.
type lockEvent struct {
	on     []Ref // one lock; more than one if it is not known which
	take   bool
	write  bool
	around bool // it is held while the event's frames run, and only then
	asked  bool // it is taken or given back only if a parameter says so

	held lockSet // before the event, on every way to it
	seen bool
	op   *op
}

// lockOf is the lock that site takes or gives back, or nil.
func (t *Tree) lockOf(f *Frame, site ssa.CallInstruction) *lockEvent {
	if _, isGo := site.(*ssa.Go); isGo {
		return nil
	}
	call := site.Common()
	if l := t.wrappedLock(f, call); l != nil {
		return l
	}
	name := api.CalleeOf(call)
	recv := api.Receiver(call)
	if recv == nil {
		return nil
	}
	var l lockEvent
	switch {
	case name.Pkg == "sync" && (name.Recv == "Mutex" || name.Recv == "RWMutex" || name.Recv == "Locker"):
		switch name.Name {
		case "Lock":
			l.take, l.write = true, true
		case "RLock":
			l.take = true
		case "Unlock", "RUnlock":
		default:
			return nil
		}
	case name.Pkg == api.Lock && (name.Recv == "Mutex" || name.Recv == "RWLock"):
		switch {
		case strings.Contains(name.Name, "Lock") || strings.Contains(name.Name, "Write") && !strings.HasPrefix(name.Name, "With"):
			l.take, l.write = true, true
		case strings.Contains(name.Name, "Read") && !strings.HasPrefix(name.Name, "With"):
			l.take = true
		default:
			return nil
		}
	case name.Pkg == api.Lock && strings.HasSuffix(name.Recv, "Guard") && name.Name == "Unlock":
		if recv = guarded(recv); recv == nil {
			return nil
		}
	default:
		// A lock of another kind: what is a sync.Locker says by its methods'
		// names what they do.
		if !locker(recv.Type()) {
			return nil
		}
		switch name.Name {
		case "Lock":
			l.take, l.write = true, true
		case "RLock":
			l.take = true
		case "Unlock", "RUnlock":
		default:
			return nil
		}
	}
	if l.on = t.targets(f, recv); len(l.on) == 0 {
		return nil
	}
	l.asked = asked(site.Block())
	return &l
}

// tried is the lock that a branch on cond has on its first side: that of a
// TryLock, which it has only if the result is true.
func (t *Tree) tried(f *Frame, cond ssa.Value) *lockEvent {
	site, ok := cond.(*ssa.Call)
	if !ok {
		return nil
	}
	name, recv := api.CalleeOf(&site.Call), api.Receiver(&site.Call)
	if recv == nil || name.Name != "TryLock" && name.Name != "TryRLock" || name.Pkg != "sync" && !locker(recv.Type()) {
		return nil
	}
	on := t.targets(f, recv)
	if len(on) == 0 {
		return nil
	}
	return &lockEvent{on: on, take: true, write: name.Name == "TryLock"}
}

// locker tells whether t, or what t points to, has the methods of sync.Locker.
func locker(t types.Type) bool {
	for _, name := range []string{"Lock", "Unlock"} {
		m, _, _ := types.LookupFieldOrMethod(t, true, nil, name)
		fn, ok := m.(*types.Func)
		if !ok || fn.Signature().Params().Len() > 0 || fn.Signature().Results().Len() > 0 {
			return false
		}
	}
	return true
}

// asked tells whether b is reached only if a parameter has one of its values.
func asked(b *ssa.BasicBlock) bool {
	for up := b.Idom(); up != nil; b, up = up, up.Idom() {
		cond, ok := up.Instrs[len(up.Instrs)-1].(*ssa.If)
		if !ok || len(b.Preds) > 1 {
			continue
		}
		if _, ok := cond.Cond.(*ssa.Parameter); ok {
			return true
		}
	}
	return false
}

// targets are the locks that v may mean. If it is not known which one, all of
// them count as held: where one is locked, what it guards is reached in the
// same way.
func (t *Tree) targets(f *Frame, v ssa.Value) []Ref {
	var on []Ref
	for _, r := range t.places(f, v) {
		on = append(on, Ref{Obj: r.Obj, Path: r.Path})
	}
	return on
}

// guarded is the mutex whose Lock gave the guard that is kept at addr.
func guarded(addr ssa.Value) ssa.Value {
	if cell, ok := addr.(*ssa.Alloc); ok {
		addr = nil
		for _, ref := range *cell.Referrers() {
			if s, ok := ref.(*ssa.Store); ok && s.Addr == ssa.Value(cell) {
				addr = s.Val
			}
		}
	}
	if e, ok := addr.(*ssa.Extract); ok {
		addr = e.Tuple
	}
	if c, ok := addr.(*ssa.Call); ok {
		return api.Receiver(&c.Call)
	}
	return nil
}

// single is the one place that v means.
func (t *Tree) single(f *Frame, v ssa.Value) (Ref, bool) {
	places := t.places(f, v)
	if len(places) != 1 {
		return Ref{}, false
	}
	return Ref{Obj: places[0].Obj, Path: places[0].Path}, true
}

// withLock is the lock that a function from outside holds while it calls the
// functions it was given. A Once counts as one: of the functions it is given,
// no two run at a time.
func (t *Tree) withLock(f *Frame, site ssa.CallInstruction) *lockEvent {
	call := site.Common()
	name := api.CalleeOf(call)
	write := true
	switch {
	case name == api.Func{Pkg: "sync", Recv: "Once", Name: "Do"}:
	case name.Pkg == api.Lock && (name.Name == "With" || name.Name == "WithWrite" || name.Recv == "Once"):
	case name.Pkg == api.Lock && name.Name == "WithRead":
		write = false
	default:
		return nil
	}
	on := t.targets(f, api.Receiver(call))
	if len(on) == 0 {
		return nil
	}
	return &lockEvent{on: on, take: true, write: write, around: true}
}
