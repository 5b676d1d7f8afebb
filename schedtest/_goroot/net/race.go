//go:build unix || windows

package net

import (
	"internal/race"
	"sync/atomic"
	"unsafe"
)

// What the race detector is told. With the real network it learns of two edges:
//
//   - Operations on one file descriptor are ordered: each begins and ends with an
//     atomic operation on the lock word of internal/poll.FD.
//   - A write comes before every read that returns after it. Package syscall
//     has one variable for that in the whole process, so that a write to one
//     connection seems to order a read from another one.
//
// Here it learns of the first edge as it is, and of the second where it is true:
// between a write and the read that returns its bytes. So it reports no race
// that is none, for bytes that were read were written before; and it sees more
// than with the real network, never less. Nothing else is an edge: neither
// dial and accept, nor close and the end of a stream, nor the memory of this
// package. For that its functions are go:norace, and keep what they share in
// linked lists and words: append, copy and maps of the runtime tell the
// detector what they touch, whoever calls them.

// fearlessUse is the lock word of a file descriptor.
type fearlessUse struct{ word uint32 }

// touch is what the beginning and the end of an operation are.
//
//go:norace
func (u *fearlessUse) touch() {
	if race.Enabled {
		atomic.AddUint32(&u.word, 1)
	}
}

// fearlessWritten says that the caller has read p, its own, and that whoever
// gets s, a segment of it, comes after the caller.
func fearlessWritten(s *fearlessSegment, p []byte) {
	if race.Enabled && len(p) > 0 {
		race.ReleaseMerge(unsafe.Pointer(s))
		race.ReadRange(unsafe.Pointer(&p[0]), len(p))
	}
}

// fearlessGot says that the caller comes after the write of s.
func fearlessGot(s *fearlessSegment) {
	if race.Enabled {
		race.Acquire(unsafe.Pointer(s))
	}
}

// fearlessFilled says that the caller has written to p, its own.
func fearlessFilled(p []byte) {
	if race.Enabled && len(p) > 0 {
		race.WriteRange(unsafe.Pointer(&p[0]), len(p))
	}
}
