//go:build fearless_model

package thread

import "sync/atomic"

// A claim can be taken once. It is no event of the model: of two joins of one
// thread the second one is a mistake whichever it is.
type claim struct{ taken atomic.Bool }

func (c *claim) take() bool    { return c.taken.CompareAndSwap(false, true) }
func (c *claim) giveBack()     { c.taken.Store(false) }
func (c *claim) isTaken() bool { return c.taken.Load() }
