//go:build unix || windows

package net

import (
	"time"
	"unsafe"
)

// fearlessPoint is a scheduling point before an operation on what addr points to.
//
//go:linkname fearlessPoint
//go:noescape
func fearlessPoint(addr unsafe.Pointer)

// fearlessLock and fearlessUnlock enclose each look at the network and each
// change of it. In between nothing may block.
//
//go:linkname fearlessLock
func fearlessLock()

//go:linkname fearlessUnlock
func fearlessUnlock()

// fearlessWaiter is runtime.fearlessNetWaiter: one wait of a goroutine.
type fearlessWaiter struct {
	state uint32
	gp    uintptr
	until int64
	what  string
	next  *fearlessWaiter // in a fearlessQueue
}

//go:linkname fearlessWake
func fearlessWake(w *fearlessWaiter)

// fearlessPollWait is the function of internal/poll that waits for the network.
//
//go:linkname fearlessPollWait internal/poll.runtime_pollWait
func fearlessPollWait(w *fearlessWaiter, mode int) int

// fearlessWaits is the mode of fearlessPollWait for a wait in memory.
const fearlessWaits = 'f'

// fearlessQueue are the goroutines that wait for one thing.
type fearlessQueue struct{ first *fearlessWaiter }

// wait waits for wake, or until a time, with fearlessLock released. Its caller
// then looks again.
//
//go:norace
func (q *fearlessQueue) wait(until int64, what string) {
	q.await(&fearlessWaiter{until: until, what: what})
}

// await is wait for one that others may know, too.
//
//go:norace
func (q *fearlessQueue) await(w *fearlessWaiter) {
	w.next, q.first = q.first, w
	fearlessUnlock()
	fearlessPollWait(w, fearlessWaits)
	fearlessLock()
	q.drop(w)
}

//go:norace
func (q *fearlessQueue) drop(w *fearlessWaiter) {
	for at := &q.first; *at != nil; at = &(*at).next {
		if *at == w {
			*at = w.next
			return
		}
	}
}

// wake lets all that wait look again.
//
//go:norace
func (q *fearlessQueue) wake() {
	w := q.first
	q.first = nil
	for w != nil {
		next := w.next
		w.next = nil
		fearlessWake(w)
		w = next
	}
}

// fearlessDeadline is a time of the virtual clock, or 0 for none.
type fearlessDeadline int64

func fearlessDeadlineOf(t time.Time) fearlessDeadline {
	if t.IsZero() {
		return 0
	}
	// Far ahead it would overflow; long ago is enough in the past.
	d := min(time.Until(t), 1<<62-1)
	return fearlessDeadline(max(fearlessNow()+int64(d), 1))
}

//go:norace
func (d fearlessDeadline) over() bool { return d != 0 && int64(d) <= fearlessNow() }
