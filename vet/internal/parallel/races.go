package parallel

import (
	"cmp"
	"go/token"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// A Race is two accesses to the same memory, at least one of them a write,
// that nothing orders. A and B are the same access if two goroutines that
// are started at the same place race with each other.
type Race struct {
	A, B *Access
	Obj  *Object
	// Doubtful says that values may keep the two apart in a way that is not
	// counted here: see doubtful.
	Doubtful bool
}

// Limits on the work for one object.
const (
	maxAccesses = 120
	maxViews    = 60
)

// Races returns the races of the tree, each pair of instructions once.
func (t *Tree) Races() []Race {
	byObject := map[*Object][]*Access{}
	for _, a := range t.accesses {
		for _, at := range a.At {
			if list := byObject[at.Obj]; len(list) == 0 || list[len(list)-1] != a {
				byObject[at.Obj] = append(byObject[at.Obj], a)
			}
		}
	}
	objects := make([]*Object, 0, len(byObject))
	for o, list := range byObject {
		if t.contended(list) && len(list) <= maxAccesses {
			objects = append(objects, o)
		}
	}
	t.prune(objects)
	t.noteTellers()
	slices.SortFunc(objects, func(a, b *Object) int {
		return cmp.Compare(byObject[a][0].order(), byObject[b][0].order())
	})
	var races []Race
	for _, o := range objects {
		found := t.racesOn(o, byObject[o])
		slices.SortStableFunc(found, func(a, b Race) int {
			switch {
			case a.both() == b.both():
				return 0
			case a.both():
				return -1
			}
			return 1
		})
		races = append(races, found...)
	}
	return races
}

// Excluded are the pairs that Races has left out since values keep them apart:
// latches, and what never changes.
func (t *Tree) Excluded() []Race { return t.excluded }

func (a *Access) order() int { return a.Frame.ID*1_000_000 + int(a.Instr.Block().Index) }

// contended tells whether more than one goroutine may use what list accesses.
func (t *Tree) contended(list []*Access) bool {
	written := false
	several := false
	for _, a := range list {
		written = written || a.Write
		if a.Thread != list[0].Thread || t.instances(a.Thread, nil) > 1 {
			several = true
		}
	}
	return written && several
}

func (t *Tree) racesOn(o *Object, list []*Access) []Race {
	views := map[*Access]*view{}
	see := func(a *Access) *view {
		v := views[a]
		if v == nil {
			v = t.see(a, o, false)
			views[a] = v
		}
		return v
	}
	type pair struct{ a, b ssa.Instruction }
	done := map[pair]bool{}
	var races []Race
	for i, a := range list {
		for _, b := range list[i:] {
			if !t.conflict(a, b, o) || done[pair{a.Instr, b.Instr}] || done[pair{b.Instr, a.Instr}] {
				continue
			}
			if len(views) >= maxViews {
				return races
			}
			if !unordered(see(a), see(b)) {
				continue
			}
			done[pair{a.Instr, b.Instr}] = true
			if t.latched(a, b, o) || t.settled(a, b) {
				t.excluded = append(t.excluded, Race{A: a, B: b, Obj: o})
				continue
			}
			races = append(races, Race{a, b, o, t.doubtful(a, b, o)})
		}
	}
	return races
}

// unordered tells whether what a and b are the views of may happen at once.
func unordered(a, b *view) bool {
	laterA, earlierA := a.beside(b.a)
	if !laterA && !earlierA {
		return false
	}
	laterB, earlierB := b.beside(a.a)
	return laterA && earlierB || earlierA && laterB
}

// oneByOne tells whether a group runs a and b, and no two goroutines at once.
func (t *Tree) oneByOne(a, b *Thread) bool {
	for _, g := range a.group {
		if t.serial[g] && slices.Contains(b.group, g) {
			return true
		}
	}
	return false
}

// both tells whether both accesses are writes, which says more than that one
// reads what the other writes.
func (r Race) both() bool { return r.A.Write && r.B.Write }

// conflict tells whether a and b can race at all, whenever they happen.
func (t *Tree) conflict(a, b *Access, o *Object) bool {
	if !a.Write && !b.Write || a.Atomic && b.Atomic || common(a, b) {
		return false
	}
	if a.Thread == b.Thread && t.instances(a.Thread, o) <= 1 {
		return false
	}
	if a.Thread == b.Thread && t.handedIn(a, o) && t.handedIn(b, o) {
		return false
	}
	if t.oneByOne(a.Thread, b.Thread) || t.callerHolds(a, b) || t.callerHolds(b, a) {
		return false
	}
	if t.private(a, o) || t.private(b, o) {
		return false
	}
	if a.onlyOwner(o) || b.onlyOwner(o) {
		return false
	}
	for _, p := range a.At {
		for _, q := range b.At {
			if p.Obj == o && q.Obj == o && overlap(p.Path, q.Path) && !(a.Thread == b.Thread && distinct(p.Path)) {
				return true
			}
		}
	}
	return false
}

// handedIn tells whether a happens in a function that its goroutine has
// received over a channel and that is made once for each o: only one of the
// goroutines that receive there can get it.
func (t *Tree) handedIn(a *Access, o *Object) bool {
	for f := a.Frame; f != nil && f.Parent != nil; f = f.Parent {
		if f.closure == nil || f.closure.Frame == nil || f.closure.Frame.Thread == f.Thread {
			continue
		}
		origin, ok := f.closure.origin()
		if ok && t.repeats(origin, o) <= 1 && received(f.Site.Common().Value, 0) {
			return true
		}
	}
	return false
}

// received tells whether v comes out of a channel.
func received(v ssa.Value, depth int) bool {
	if depth > 6 {
		return false
	}
	switch x := v.(type) {
	case *ssa.UnOp:
		return x.Op == token.ARROW || received(x.X, depth+1)
	case *ssa.Extract:
		_, sel := x.Tuple.(*ssa.Select)
		return sel || received(x.Tuple, depth+1)
	case *ssa.Field:
		return received(x.X, depth+1)
	case *ssa.FieldAddr:
		return received(x.X, depth+1)
	case *ssa.Phi:
		for _, e := range x.Edges {
			if !received(e, depth+1) {
				return false
			}
		}
		return true
	case *ssa.Alloc:
		for _, ref := range *x.Referrers() {
			if s, ok := ref.(*ssa.Store); ok && s.Addr == v {
				return received(s.Val, depth+1)
			}
		}
	}
	return false
}

// distinct tells whether a path names another element in each goroutine that
// is started at the same place.
func distinct(path string) bool {
	for _, s := range steps(path) {
		if len(s) > 1 && s[1] == '$' {
			return true
		}
	}
	return false
}

// onlyOwner tells whether a is made by a finalizer or a cleanup to what it
// was given, which nobody else can reach then.
func (a *Access) onlyOwner(o *Object) bool {
	if a.Thread.Start.Via.Pkg != "runtime" {
		return false
	}
	for _, p := range a.Thread.Entry.Fn.Params {
		for _, r := range a.Thread.Entry.value(p).at("") {
			if r.Obj == o {
				return true
			}
		}
	}
	return false
}
