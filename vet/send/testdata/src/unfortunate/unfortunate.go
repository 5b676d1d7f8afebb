// Package unfortunate has what rule send gets wrong.
package unfortunate

import (
	"github.com/fearless-go/fearless/cell"
	"github.com/fearless-go/fearless/rc"
	"github.com/fearless-go/fearless/thread"
)

// An interface hides what it holds, unless it is made where it crosses.
func hidden(v any) {
	thread.Go(func() { _ = v })
}

func hides(r rc.Rc[int]) { hidden(r) }

// A function value hides what it captures, unless it is evident.
func function(f func()) {
	thread.Go(func() { f() })
}

// A cell that is only handed over, never shared, would be safe.
func handedOver() {
	c := cell.NewCell(1)
	thread.Go(func() { c.Set(2) }) // want "`c` is captured by another goroutine"
}
