package thread

import (
	"runtime"
	"time"
)

// Void is the result of a thread that has none.
type Void = struct{}

// Spawn starts a thread that runs f, and returns the handle to join it. It
// panics with a *LimitError if the limit of SetLimit is reached.
func Spawn[T any](f func() T) *JoinHandle[T] {
	h := &JoinHandle[T]{f: f}
	if err := h.start(); err != nil {
		panic(err)
	}
	return h
}

// Go is Spawn for a function without a result.
func Go(f func()) *JoinHandle[Void] {
	h, err := startPlain(f)
	if err != nil {
		panic(err)
	}
	return h
}

// SpawnWith is Spawn for a thread as b says. It returns a *BuilderError if b
// asks for what cannot be had, and a *LimitError if the limit of SetLimit is reached.
func SpawnWith[T any](b Builder, f func() T) (*JoinHandle[T], error) {
	if err := b.check(); err != nil {
		return nil, err
	}
	h := &JoinHandle[T]{f: f, builder: &b}
	h.thread.name = b.Name
	if err := h.start(); err != nil {
		return nil, err
	}
	return h, nil
}

// YieldNow lets other threads run first.
func YieldNow() { yield() }

// Sleep blocks the calling thread for at least d.
func Sleep(d time.Duration) { sleep(d) }

// AvailableParallelism returns how many threads can run at the same instant.
func AvailableParallelism() int { return runtime.GOMAXPROCS(0) }
