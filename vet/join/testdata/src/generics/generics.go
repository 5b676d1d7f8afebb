// Package generics joins, or forgets to, in generic code.
package generics

import (
	"sync"

	"github.com/fearless-go/fearless/thread"
)

func each[T any](items []T, f func(T) error) {
	var wg sync.WaitGroup
	for _, item := range items {
		wg.Add(1)
		go func() {
			if f(item) == nil {
				wg.Done()
			}
		}() // want `the goroutine started at generics.go:14 ends here without calling wg.Done`
	}
	wg.Wait()
}

func start[T any](f func() T) {
	thread.Spawn(f) // want `the JoinHandle of this thread is dropped`
}

func run[T any](f func() T) (T, error) {
	return thread.Spawn(f).Join()
}
