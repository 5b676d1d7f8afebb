//go:build race || fearless_debug || fearless_model

package checked

import "sync/atomic"

// A Handle knows whether what it stands in, such as a guard, was ended, by
// whichever copy. The zero Handle was.
type Handle struct{ live *atomic.Bool }

// NewHandle returns a handle that is live.
func NewHandle() Handle {
	h := Handle{new(atomic.Bool)}
	h.live.Store(true)
	return h
}

// Live reports whether no copy of the handle was ended.
func (h Handle) Live() bool { return h.live != nil && h.live.Load() }

// End ends the handle and its copies, and reports whether it was live.
func (h Handle) End() bool { return h.live != nil && h.live.Swap(false) }
