// Package generics has type parameters whose values cross.
package generics

import (
	"github.com/fearless-go/fearless/arc"
	"github.com/fearless-go/fearless/rc"
	"github.com/fearless-go/fearless/thread"
)

type Pair[T any] struct{ a, b T }

func later[T any](v T, f func(T)) { // want later:"sends type parameters \\[0\\]"
	thread.Go(func() { f(v) })
}

// twice hands its type parameter on.
func twice[T any](v T, f func(T)) { // want twice:"sends type parameters \\[0\\]"
	later(Pair[T]{v, v}, func(p Pair[T]) { f(p.a) })
}

func here[T any](v T, f func(T)) { f(v) }

func calls() {
	later(1, func(int) {})
	later(arc.New(1), func(arc.Arc[int]) {})
	later(rc.New(1), func(rc.Rc[int]) {}) // want "later sends a value of its type argument to another goroutine, but rc.Rc\\[int\\] is not Send"
	twice(rc.New(1), func(rc.Rc[int]) {}) // want "twice sends a value of its type argument to another goroutine, but rc.Rc\\[int\\] is not Send"
	here(rc.New(1), func(rc.Rc[int]) {})
}

func instance(p *Pair[rc.Rc[int]]) {
	go func() { _ = p }() // want "`p` is captured by another goroutine, but \\*generics.Pair\\[.*rc.Rc\\[int\\]\\] is not Send: its field a is an rc.Rc\\[int\\]"
}
