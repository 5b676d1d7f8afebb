//go:build fearless_model

package model_test

import (
	"testing"

	"github.com/fearless-go/fearless/atomic"
	"github.com/fearless-go/fearless/model"
	"github.com/fearless-go/fearless/thread"
)

// A deferred function that recovers sees how the engine ends a thread, too. What it does
// then is not the program's.
func TestRecoveredEndOfARun(t *testing.T) {
	for name, told := range map[string]func(r any){
		"panics again":      func(r any) { panicIf(r != nil) },
		"wants a type":      func(r any) { _, ok := r.(string); panicIf(r != nil && !ok) },
		"asserts":           func(r any) { model.Assert(r == nil) },
		"does an operation": func(r any) { flagOf(r).Store(3, atomic.Relaxed) },
	} {
		t.Run(name, func(t *testing.T) {
			model.Check(t, func() {
				var flag atomic.Uint32
				h := thread.Go(func() { flag.Store(1, atomic.Release) })
				func() {
					defer func() { told(recover()) }()
					for flag.Load(atomic.Acquire) == 0 {
						atomic.SpinLoop()
					}
				}()
				h.Join()
			})
		})
	}
}

func panicIf(c bool) {
	if c {
		panic("another")
	}
}

func flagOf(r any) *atomic.Uint32 {
	if r != nil {
		return nil // and the store panics
	}
	return new(atomic.Uint32)
}

// The program's own panic is a failure as before.
func TestPanicInDeferredFunction(t *testing.T) {
	r := model.Explore(func() {
		var x atomic.Uint32
		h := thread.Go(func() { x.Store(1, atomic.Relaxed) })
		defer h.Join()
		defer func() { panicIf(x.Load(atomic.Relaxed) == 1) }()
	})
	if r.Failure == nil {
		t.Errorf("%v, want a panic", r.Failure)
	}
}
