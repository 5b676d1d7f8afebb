package sync

import (
	"internal/race"
	"unsafe"
)

// A Pool that the code under test uses has, when proving, a list of its items, and what
// Get gives is a choice: each of them is tried, and none. Items that did not come that
// way (init has put them, or package testing's own code) are where they always are: a
// pool that has such ones is not enumerated.
//
// The race detector is not to see the list. An item itself orders the Put that it came
// by before the Get that it goes by, as the documentation says, and nothing else; the
// hash that Pool uses for that orders others, too.

// A fearlessItem is an item of a Pool.
type fearlessItem struct {
	before *fearlessItem // the one that was put before it
	x      any
}

// fearlessItems are those of one Pool.
type fearlessItems struct {
	last  *fearlessItem
	n     int  // package runtime looks at it
	mixed bool // there may be others
}

//go:linkname fearlessPool
//go:noescape
func fearlessPool(what uint8, obj, at unsafe.Pointer, n int) (variant uint8, ok bool)

//go:linkname fearlessPoolSampled
func fearlessPoolSampled()

// fearlessPut puts x on the list, if that is where it belongs.
//
//go:norace
func (p *Pool) fearlessPut(x any) bool {
	l := &p.fearless
	if fearlessProving {
		if _, ok := fearlessPool(fearlessPut, unsafe.Pointer(p), unsafe.Pointer(&l.n), l.n); ok {
			i := &fearlessItem{l.last, x}
			race.ReleaseMerge(unsafe.Pointer(i))
			l.last = i
			l.n++
			return true
		}
	}
	l.mixed = true
	return false
}

// fearlessGet is Get, if it is the list's.
func (p *Pool) fearlessGet() (x any, ok bool) {
	x, ok = p.fearlessTake()
	if ok && x == nil && p.New != nil {
		x = p.New()
	}
	return x, ok
}

// fearlessTake takes an item from the list, or none, which is nil.
//
//go:norace
func (p *Pool) fearlessTake() (x any, ok bool) {
	l := &p.fearless
	k, ok := fearlessPool(fearlessTake, unsafe.Pointer(p), unsafe.Pointer(&l.n), l.n)
	if l.mixed && ok || l.n > 0 && !ok {
		fearlessPoolSampled()
	}
	if !ok || l.mixed {
		return nil, false
	}
	at := &l.last
	for range k {
		if *at != nil {
			at = &(*at).before
		}
	}
	i := *at
	if i == nil {
		return nil, true
	}
	*at = i.before
	l.n--
	race.Acquire(unsafe.Pointer(i))
	return i.x, true
}
