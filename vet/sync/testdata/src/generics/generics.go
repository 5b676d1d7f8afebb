// Package generics holds NoSync through a type argument.
package generics

import (
	"github.com/fearless-go/fearless/marker"
	"github.com/fearless-go/fearless/thread"
)

type single struct{ _ marker.NoSync }

type box[T any] struct{ v T }

func shared(b *box[single], c *box[int]) {
	thread.Go(func() { _ = b }) // want "`b` is captured by another goroutine and still used by this one"
	thread.Go(func() { _ = c })
	_, _ = b, c
}
