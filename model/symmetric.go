package model

import (
	"fmt"

	"github.com/fearless-go/fearless/internal/engine"
	"github.com/fearless-go/fearless/thread"
)

// Symmetric starts n threads that all run f, and returns a function that waits for them.
// In a model, executions that differ only in which of these threads did what are the
// same: of those that are one another with threads in each other's places at least one
// is explored, and most of the others are not. Verdicts are the same as with threads
// that were started one by one, by thread.Go; there are fewer executions, and an
// outcome that tells the threads apart may be missing for another one that is alike.
// How the executions are fewer, and why none is lost, is in internal/engine/symmetry.go.
//
// f must not tell the threads apart but by what its operations return: not by the number
// or name of a thread, nor by a plain variable that each of them changes at its start.
// The function that is returned waits for all threads, and panics with the error of the
// first one that panicked.
//
// Outside of a model, and with option Plain, it starts n threads. It panics if n is less
// than 1. The start of a thread, and its end and the return of join, synchronize as with
// thread.Go and Join.
func Symmetric(n int, f func()) (join func()) {
	if n < 1 {
		panic(fmt.Errorf("model: Symmetric(%d): use 1 thread or more", n))
	}
	if t := engine.Current(); t != nil {
		t.SymmetricBegin()
		defer t.SymmetricEnd()
	}
	handles := make([]*thread.JoinHandle[thread.Void], n)
	for i := range handles {
		handles[i] = thread.Go(f)
	}
	return func() {
		var first error
		for _, h := range handles {
			if _, err := h.Join(); err != nil && first == nil {
				first = err
			}
		}
		if first != nil {
			panic(first)
		}
	}
}

// Plain explores every execution, also those that are another one with threads of
// Symmetric in each other's places.
func Plain() Option { return func(c *config) { c.engine.Plain = true } }
