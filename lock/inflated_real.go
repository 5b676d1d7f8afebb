//go:build !fearless_model

package lock

import "github.com/fearless-go/fearless/internal/word"

// An inflated is what a lock needs beside its word once threads have met at it: a
// queue, for the most part. A lock that no thread ever waited for has none, which is
// most locks at all times. Once made it stays, for where threads met they meet
// again, and is garbage with the lock.
//
// It hangs at the lock, and stands in no table of all locks: so the goroutine leak
// profile reaches who waits just if it reaches the lock, the collector needs no help,
// and two locks have nothing in common that could order their threads for the race
// detector.
type inflated[T any] struct{ at word.Pointer[T] }

// get returns it, made if need be.
func (i *inflated[T]) get() *T {
	if v := i.at.Load(word.Acquire); v != nil {
		return v
	}
	return i.inflate()
}

func (i *inflated[T]) inflate() *T {
	i.at.CompareAndSwap(nil, new(T), word.Release, word.Relaxed)
	return i.at.Load(word.Acquire)
}

// peek returns it, or nil if it was not made.
func (i *inflated[T]) peek() *T { return i.at.Load(word.Acquire) }
