package arc

import "github.com/fearless-go/fearless/atomic"

// A counter counts owners.
//
// The methods are here and not in shared because that is generic, and the
// compiler does not inline package atomic's operations where only generic
// code uses them: Clone and Drop would each cost a call more.
type counter struct{ n atomic.Int }

// add counts one more. Relaxed: the new owner gets the value from the old one,
// so whatever passes it on to another thread orders it.
func (c *counter) add() (previous int) { return c.n.FetchAdd(1, atomic.Relaxed) }

// sub counts one less. Release: what this owner did comes before what the one
// does who finds the others gone.
func (c *counter) sub() (previous int) { return c.n.FetchSub(1, atomic.Release) }
