//go:build !fearless_model

package park

import "sync"

// A Pool keeps values that are expensive to make and hold no state between
// uses, such as parkers that nobody will unpark. The zero Pool is ready.
type Pool[T any] struct{ pool sync.Pool }

// Get returns a value that was Put, or a new one.
func (p *Pool[T]) Get() *T {
	if v := p.pool.Get(); v != nil {
		return v.(*T)
	}
	return new(T)
}

// Put keeps v for a later Get.
func (p *Pool[T]) Put(v *T) { p.pool.Put(v) }
