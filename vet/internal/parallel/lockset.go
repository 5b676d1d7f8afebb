package parallel

import (
	"fmt"
	"slices"
	"strings"
)

// A lockSet is the locks that are held, each for writing (true) or reading.
type lockSet map[Ref]bool

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
