// Package unfortunate has a counter that one goroutine alone writes, so that
// a load and a store are enough. The rule cannot know.
package unfortunate

import "sync/atomic"

type progress struct{ done atomic.Int64 }

func (p *progress) step() {
	p.done.Store(p.done.Load() + 1) // want `p.done is stored here from what was loaded`
}
