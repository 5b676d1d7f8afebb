package parallel

import "golang.org/x/tools/go/ssa"

// withdrawn tells whether b reaches the memory by a pointer that it reads
// under a lock, which it still holds, and the goroutine of a takes that
// pointer away again under the lock: what it does to the memory without the
// lock, it does while there is no such pointer.
func (t *Tree) withdrawn(a, b *Access) bool {
	at, locks, ok := t.borrowed(b)
	if !ok {
		return false
	}
	for _, w := range t.accesses {
		if !w.Write || w.Thread != a.Thread || len(w.At) != 1 || w.At[0] != at || !isNil(w.stored) {
			continue
		}
		for l := range w.locks {
			if _, both := locks[l]; both {
				return true
			}
		}
	}
	return false
}

// borrowed is where the pointer through which a reaches its memory is read
// under a lock, and the locks that are held from then to a.
func (t *Tree) borrowed(a *Access) (at Ref, held lockSet, ok bool) {
	f, v := a.Frame, a.Addr
	for range 8 {
		switch x := v.(type) {
		case *ssa.FieldAddr:
			v = x.X
			continue
		case *ssa.IndexAddr:
			v = x.X
			continue
		case *ssa.Slice:
			v = x.X
			continue
		}
		g, origin := f.origin(v)
		if load, isLoad := origin.(*ssa.UnOp); isLoad && g.Thread == a.Thread {
			for _, look := range t.reads[load] {
				if held = look.locks.meet(a.locks); look.Frame == g && len(look.At) == 1 && len(held) > 0 {
					return look.At[0], held, true
				}
			}
		}
		if origin == v {
			break
		}
		f, v = g, origin
	}
	return Ref{}, nil, false
}

func isNil(v ssa.Value) bool {
	c, ok := v.(*ssa.Const)
	return ok && c.IsNil()
}
