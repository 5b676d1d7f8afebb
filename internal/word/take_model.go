//go:build fearless_model

package word

// Take replaces 0 by 1 and reports whether it did.
func (w *number[T]) Take() bool { return w.CompareAndSwap(0, 1, Acquire, Relaxed) }

// Enter replaces 0 by n and reports whether it did.
func (w *number[T]) Enter(n T) bool {
	return w.Load(Relaxed) == 0 && w.CompareAndSwap(0, n, Acquire, Relaxed)
}

// Leave adds delta and reports whether that left 0.
func (w *number[T]) Leave(delta T) bool { return w.FetchAdd(delta, Release)+delta == 0 }
