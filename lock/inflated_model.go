//go:build fearless_model

package lock

// An inflated is what a lock needs beside its word. In the model it stands in the
// lock. Nothing is lost by that: the pointer of the default build is set once, from
// nil to a zero value, with Release, and read with Acquire, so every thread that
// gets the value gets the same, and sees it made. Explored it would be an event more
// for every look at a queue.
type inflated[T any] struct{ value T }

func (i *inflated[T]) get() *T { return &i.value }

func (i *inflated[T]) peek() *T { return &i.value }
