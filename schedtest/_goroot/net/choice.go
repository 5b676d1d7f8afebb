//go:build unix || windows

package net

import _ "unsafe" // for go:linkname

// What the seed decides beside the order of operations.

// fearlessChoose returns a number below n that the seed decides, and 0 for a
// goroutine that is not controlled; see package runtime.
//
//go:linkname fearlessChoose
func fearlessChoose(n uint32) uint32

// fearlessPacket is how many bytes of one Write arrive together, about as many
// as Linux sends over loopback at a time. A Read may get a part of a longer one.
const fearlessPacket = 64 << 10

// fearlessFaults reports whether connections have faults, too.
var fearlessFaults = fearlessMode() == "faults"

// How often there are faults, if there are any.
const (
	fearlessShort  = 4  // one Read in so many gets less than there is
	fearlessDelay  = 4  // one Write in so many arrives late
	fearlessBreak  = 32 // before one Read or Write in so many the connection is reset
	fearlessBreaks = 2  // connections in a schedule at most
	fearlessLate   = 1_000_000
)

// most is how many bytes a Read of n gets, or 0 if none has arrived: those of the
// first packet, or all that have; with faults sometimes fewer.
//
//go:norace
func (f *fearlessFlow) most(n int) int {
	now := fearlessNow()
	there := 0
	for s := f.first; s != nil && s.at <= now && there < n; s = s.next {
		there += len(s.data)
	}
	n = min(n, there)
	if fearlessFaults && n > 1 && fearlessChoose(fearlessShort) == 1 {
		return 1 + int(fearlessChoose(uint32(n-1)))
	}
	// Where only the order of Writes and Reads matters, that is explored anyhow.
	if s := f.first; s.more && len(s.data) < n && fearlessChoose(2) == 1 {
		return len(s.data)
	}
	return n
}

// fearlessArrives is when a segment arrives that is written now.
//
//go:norace
func fearlessArrives() int64 {
	if fearlessFaults && fearlessChoose(fearlessDelay) == 1 {
		return fearlessNow() + 1 + int64(fearlessChoose(fearlessLate))
	}
	return 0
}

// fault may reset the connection before an operation.
//
//go:norace
func (e *fearlessEnd) fault() {
	if !fearlessFaults || e.closed || e.reset || fearlessNet.breaks >= fearlessBreaks || fearlessChoose(fearlessBreak) != 1 {
		return
	}
	fearlessNet.breaks++
	for i := range e.pair.ends {
		e.pair.ends[i].in.drop()
		e.pair.ends[i].resetByPeer()
	}
}
