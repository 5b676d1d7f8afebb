//go:build fearless_model

package word

// Take replaces 0 by 1 and reports whether it did.
func (w *number[T]) Take() bool { return w.CompareAndSwap(0, 1, Acquire, Relaxed) }
