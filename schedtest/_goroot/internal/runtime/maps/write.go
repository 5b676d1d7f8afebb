package maps

import _ "unsafe" // for go:linkname

// fearlessMap is a scheduling point in the middle of a write to m, where an
// access without synchronization finds the mark that the write has set; see
// package runtime.
//
//go:linkname fearlessMap
//go:noescape
func fearlessMap(m *Map)

// fearlessIterated notes that an iteration of a map with so many entries begins;
// see package runtime.
//
//go:linkname fearlessIterated
func fearlessIterated(used uint64)
