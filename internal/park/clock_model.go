//go:build fearless_model

package park

import (
	"time"

	"github.com/fearless-go/fearless/internal/engine"
)

// A Moment is a point in time, to measure how long a waiter has waited.
type Moment struct{ since time.Duration }

// Now returns this moment.
func Now() Moment { return Moment{time.Since(started)} }

// starvation is how long sync.Mutex, too, lets others pass a waiter.
const starvation = time.Millisecond

// Starved reports whether a waiter since m has waited so long that nobody may
// pass it any more. In the model it may have, and it may not: both are explored.
func (m Moment) Starved() bool {
	if t := engine.Current(); t != nil {
		return t.Choose(2) == 1
	}
	return time.Since(started)-m.since > starvation
}
