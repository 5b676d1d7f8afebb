package progs

import (
	"fmt"

	"github.com/fearless-go/fearless/atomic"
)

// Reset begins anew with the variables of the package.
func Reset() { global, shared = 0, state{} }

var (
	global int
	shared state
)

type state struct {
	n, m int
	next *state
	list [3]int
	f    func() bool
}

func (s *state) add()          { s.n++ }
func (s *state) set(v int)     { s.m = v }
func (s state) copied() int    { s.n++; return s.n }
func (s *state) get() int      { return s.n }
func (s *state) text() string  { return fmt.Sprint(s.n, s.m, s.list) }
func (s *state) is(v int) bool { return s.n == v }
func (s *state) counts() bool  { s.n++; return true }

type embedded struct {
	*state
	k int
}

type adder interface {
	add()
	get() int
}

type box[T any] struct{ v T }

func (b *box[T]) put(v T) { b.v = v }
func (b box[T]) look() T  { return b.v }

func put[T any](p *T, v T) { *p = v }
func pick[T any](c bool, a, b T) T {
	if c {
		return a
	}
	return b
}

func isSet(x *atomic.Uint32, v uint32) bool { return x.Load(atomic.Acquire) == v }
func load(x *atomic.Uint32) int             { return int(x.Load(atomic.Acquire)) }
func stored(x *atomic.Uint32)               { x.Store(2, atomic.Release) }
func pause()                                { atomic.SpinLoop() }
func pauses() bool                          { atomic.SpinLoop(); return true }
func counts() bool                          { global++; return true }
func bump(p *int) int                       { *p++; return *p }
func both(f, g func() bool) bool            { return f() && g() }
func call(f func() bool) bool               { return f() }

func polled(x *atomic.Uint32) (v int) {
	for {
		atomic.SpinLoop()
		v = load(x)
		return v
	}
}

// mayStore returns before its operation, by a panic that it recovers.
func mayStore(x *atomic.Uint32, v int) {
	defer func() { recover() }()
	_ = 1 / v
	x.Store(2, atomic.Release)
}

func named(x *atomic.Uint32) (v int, ok bool) {
	defer func() { ok = true }()
	v = load(x)
	return v, false
}

func until(ready func() bool) {
	for !ready() {
		pause()
	}
}

func loadOrPause(x *atomic.Uint32) int {
	v := load(x)
	if v == 0 {
		atomic.SpinLoop()
	}
	return v
}

func each(yield func(int) bool) {
	for i := range 2 {
		if !yield(i) {
			return
		}
	}
}

func (s *state) all(yield func(int) bool) {
	s.n++
	for i := range 2 {
		if !yield(i) {
			return
		}
	}
}

func counter() func() bool {
	n := 0
	return func() bool {
		n++
		return n > 3
	}
}
