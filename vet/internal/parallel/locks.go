package parallel

import (
	"fmt"
	"go/types"
	"maps"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/fearless-go/fearless/vet/internal/api"
)

// A lockSet is the locks that are held, each for writing (true) or reading.
type lockSet map[Ref]bool

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

func (s lockSet) key() string {
	parts := make([]string, 0, len(s))
	for r, write := range s {
		parts = append(parts, fmt.Sprintf("%p%s%t", r.Obj, r.Path, write))
	}
	slices.Sort(parts)
	return strings.Join(parts, "|")
}

func (s lockSet) meet(o lockSet) lockSet {
	out := lockSet{}
	for r, write := range s {
		if w, ok := o[r]; ok {
			out[r] = write && w
		}
	}
	return out
}

// common tells whether two accesses hold a lock that keeps them apart.
func common(a, b *Access) bool {
	for r, wa := range a.locks {
		for s, wb := range b.locks {
			if (wa || wb) && (!a.Write || wa) && (!b.Write || wb) && (r == s || maybeSame(r, s)) {
				return true
			}
		}
	}
	return false
}

// maybeSame tells whether two locks, at least one of which was made elsewhere,
// may be one: the same field of the same type.
func maybeSame(r, s Ref) bool {
	if r.Obj.Kind != Unknown && s.Obj.Kind != Unknown {
		return false
	}
	return lockClass(r) == lockClass(s)
}

// callerHolds tells whether the callers of the root function are taken to
// hold a lock while it makes the access a: one that b holds, that root was
// handed, and that nothing in root takes or gives back.
func (t *Tree) callerHolds(a, b *Access) bool {
	if !t.internal || a.Thread.Parent != nil {
		return false
	}
	for l, write := range b.locks {
		if l.Obj.Kind == Unknown && l.Obj.Frame == nil && (write || !a.Write) && !t.locksItself[l] {
			return true
		}
	}
	return false
}

func lockClass(r Ref) string {
	typ := elem(r.Obj.typ)
	if typ == nil {
		return ""
	}
	return typeName(typ) + r.Path
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

// lockSets finds the locks that are held at each access, start of a
// goroutine, lock and unlock.
func (t *Tree) lockSets() {
	t.channelLocks()
	t.noteOwnLocks()
	held := map[*Thread]lockSet{}
	for _, th := range t.Threads {
		w := &lockWalk{tree: t, memo: map[lockVisit]lockSet{}, atStart: held}
		w.frame(th.Entry, lockSet{})
	}
	t.handOffs(held)
}

// noteOwnLocks notes the locks that the goroutine of the root function takes.
func (t *Tree) noteOwnLocks() {
	t.locksItself = map[Ref]bool{}
	for _, f := range t.Frames {
		if f.Thread.Parent != nil {
			continue
		}
		for b, events := range f.blocks {
			if !f.live[b] {
				continue
			}
			for _, e := range events {
				if e.lock != nil {
					if f == t.Root && e.lock.asked {
						continue
					}
					for _, l := range e.lock.on {
						t.locksItself[l] = true
					}
				}
			}
		}
	}
}

type lockVisit struct {
	frame *Frame
	held  string
}

type lockWalk struct {
	tree    *Tree
	memo    map[lockVisit]lockSet
	atStart map[*Thread]lockSet
}

// frame runs f with the locks held and returns those held at its end, or nil
// if it has none.
func (w *lockWalk) frame(f *Frame, held lockSet) lockSet {
	visit := lockVisit{f, held.key()}
	if out, ok := w.memo[visit]; ok {
		return out
	}
	w.memo[visit] = held
	in := make([]lockSet, len(f.blocks))
	in[0] = held
	work := []int{0}
	var out lockSet
	for len(work) > 0 {
		b := work[0]
		work = work[1:]
		state := maps.Clone(in[b])
		for i := range f.blocks[b] {
			if state = w.event(&f.blocks[b][i], state); state == nil {
				break
			}
		}
		if state == nil {
			continue
		}
		if b == f.exit() {
			out = state
		}
		for _, s := range f.succs[b] {
			next := state
			if l := f.edgeLocks[[2]int{b, s}]; l != nil {
				next = w.event(&event{lock: l}, maps.Clone(state))
			}
			if all := w.heldBehind(f, b, s); len(all) > 0 {
				next = maps.Clone(next)
				for _, l := range all {
					for _, r := range l.on {
						next[r] = l.write || next[r]
					}
				}
			}
			if in[s] != nil {
				next = in[s].meet(next)
				if maps.Equal(next, in[s]) {
					continue
				}
			}
			in[s] = maps.Clone(next)
			work = append(work, s)
		}
	}
	w.memo[visit] = out
	f.returns = f.returns || out != nil
	return out
}

func (w *lockWalk) event(e *event, held lockSet) lockSet {
	switch {
	case e.frames != nil:
		inside := held
		if e.lock != nil {
			inside = maps.Clone(held)
			for _, r := range e.lock.on {
				inside[r] = e.lock.write
			}
		}
		var out lockSet
		if e.maybe {
			out = maps.Clone(held)
		}
		for _, f := range e.frames {
			after := w.frame(f, maps.Clone(inside))
			if after == nil {
				continue
			}
			if e.lock != nil {
				after = maps.Clone(after)
				for _, r := range e.lock.on {
					delete(after, r)
				}
			}
			if out == nil {
				out = maps.Clone(after)
			} else {
				out = out.meet(after)
			}
		}
		return out
	case e.access != nil:
		if e.access.locks == nil {
			e.access.locks = maps.Clone(held)
		} else {
			e.access.locks = e.access.locks.meet(held)
		}
	case e.threads != nil:
		for _, th := range e.threads {
			if w.atStart[th] == nil {
				w.atStart[th] = maps.Clone(held)
			} else {
				w.atStart[th] = w.atStart[th].meet(held)
			}
		}
	case e.lock != nil:
		if !e.lock.seen {
			e.lock.seen, e.lock.held = true, maps.Clone(held)
		} else {
			e.lock.held = e.lock.held.meet(held)
		}
		for _, r := range e.lock.on {
			if e.lock.take {
				held[r] = e.lock.write || held[r]
			} else {
				delete(held, r)
			}
		}
	}
	return held
}

// handOffs marks the locks that one goroutine takes and another, which it
// starts meanwhile, gives back: taking such a lock again waits for that.
func (t *Tree) handOffs(atStart map[*Thread]lockSet) {
	handed := map[Ref]bool{}
	each := func(do func(f *Frame, l *lockEvent)) {
		for _, f := range t.Frames {
			for _, events := range f.blocks {
				for _, e := range events {
					if e.lock != nil && e.lock.op != nil {
						do(f, e.lock)
					}
				}
			}
		}
	}
	each(func(f *Frame, l *lockEvent) {
		_, own := l.held[l.op.on]
		if _, given := atStart[f.Thread][l.op.on]; given && !l.take && !own {
			handed[l.op.on] = true
			l.op.vague = false
		}
	})
	each(func(f *Frame, l *lockEvent) {
		_, given := atStart[f.Thread][l.op.on]
		_, own := l.held[l.op.on]
		if l.take && handed[l.op.on] && (given || own) {
			l.op.vague = false
		}
	})
}
