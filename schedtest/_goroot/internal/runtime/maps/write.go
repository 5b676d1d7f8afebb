package maps

import _ "unsafe" // for go:linkname

// fearlessMap is a scheduling point in the middle of a write to m, where an
// access without synchronization finds the mark that the write has set; see
// package runtime.
//
//go:linkname fearlessMap
//go:noescape
func fearlessMap(m *Map)

// fearlessGoesOn notes an iteration that has come to one entry, and goes on though the
// map had no other when it began: whether it comes to one that was put there since is
// random, too. It may be in the place of the first, which is not come to again.
func (it *Iter) fearlessGoesOn() {
	if it.key == nil || it.m.used == 0 {
		return
	}
	if it.m.used == 1 {
		var now Iter
		now.Init(it.typ, it.m)
		now.Next()
		if now.key == it.key {
			return
		}
	}
	fearlessIterated(2)
}

// fearlessIterated notes that an iteration of a map with so many entries begins;
// see package runtime.
//
//go:linkname fearlessIterated
func fearlessIterated(used uint64)
