// Package generics has atomic operations in generic code.
package generics

import "github.com/fearless-go/fearless/atomic"

type cell[T any] struct {
	p atomic.Ptr[T]
	n atomic.Int64
}

func (c *cell[T]) set(v T) {
	c.p.Store(&v, atomic.Relaxed) // want `c.p publishes a pointer with a Relaxed store`
}

func (c *cell[T]) get() *T {
	return c.p.Load(atomic.Release) // want `Load cannot be Release`
}

func count[T any](c *cell[T]) {
	c.n.Store(c.n.Load(atomic.SeqCst)+1, atomic.SeqCst) // want `c.n is stored here from what was loaded`
}
