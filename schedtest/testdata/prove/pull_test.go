package prove

import (
	"iter"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
)

func TestPullProven(t *testing.T) {
	next, stop := iter.Pull(slices.Values([]int{1, 2, 3}))
	defer stop()
	n := 0
	for {
		v, ok := next()
		if !ok {
			break
		}
		n += v
	}
	if n != 6 {
		t.Error(n)
	}
}

func counting(x *atomic.Int32, n int) iter.Seq[int32] {
	return func(yield func(int32) bool) {
		for range n {
			if !yield(x.Add(1)) {
				return
			}
		}
	}
}

func TestPullTwoProven(t *testing.T) {
	var x atomic.Int32
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			next, stop := iter.Pull(counting(&x, 2))
			next()
			next()
			stop()
		})
	}
	wg.Wait()
	if x.Load() != 4 {
		t.Error(x.Load())
	}
}

func TestPullLostUpdateFails(t *testing.T) {
	var x atomic.Int32
	bad := func(yield func(bool) bool) {
		v := x.Load()
		if !yield(true) {
			return
		}
		x.Store(v + 1)
	}
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			next, stop := iter.Pull(bad)
			next()
			next()
			stop()
		})
	}
	wg.Wait()
	if x.Load() != 2 {
		t.Error(x.Load())
	}
}

func TestPullRaceFails(t *testing.T) {
	n := 0
	seq := func(yield func(int) bool) { n++; yield(n) }
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			next, stop := iter.Pull(seq)
			next()
			stop()
		})
	}
	wg.Wait()
}

func TestPullNoStopFails(t *testing.T) { // the goroutine is left
	next, _ := iter.Pull(slices.Values([]int{1, 2}))
	next()
}

func TestPullChannelProven(t *testing.T) {
	c := make(chan int)
	go func() { c <- 1; c <- 2; close(c) }()
	next, stop := iter.Pull(func(yield func(int) bool) {
		for v := range c {
			if !yield(v) {
				return
			}
		}
	})
	defer stop()
	a, _ := next()
	b, _ := next()
	if _, ok := next(); ok || a != 1 || b != 2 {
		t.Error(a, b)
	}
}

func TestPullDeadlockFails(t *testing.T) {
	c := make(chan int)
	next, stop := iter.Pull(func(yield func(int) bool) { yield(<-c) })
	defer stop()
	next()
}

// A loop that hands over does something in every turn.
func TestPullLoopProven(t *testing.T) {
	var done atomic.Bool
	next, stop := iter.Pull(func(yield func(int) bool) {
		for i := range 3 {
			if i == 2 {
				done.Store(true)
			}
			if !yield(i) {
				return
			}
		}
	})
	defer stop()
	for !done.Load() {
		next()
	}
}

func TestPullPanicProven(t *testing.T) {
	next, stop := iter.Pull(func(yield func(int) bool) { panic("x") })
	defer stop()
	defer func() {
		if recover() != "x" {
			t.Error("no panic")
		}
	}()
	next()
}

func TestPullElsewhereProven(t *testing.T) { // handed from one goroutine to another
	var x atomic.Int32
	next, stop := iter.Pull(counting(&x, 3))
	next()
	c := make(chan int32)
	go func() { v, _ := next(); c <- v }()
	x.Add(10)
	v := <-c
	if v != 2 && v != 12 {
		t.Error(v)
	}
	stop()
}

func TestPullWaitingProven(t *testing.T) { // a coroutine that waits in a loop
	var ready atomic.Bool
	go func() { ready.Store(true) }()
	next, stop := iter.Pull(func(yield func(bool) bool) {
		for !ready.Load() {
			runtime.Gosched()
		}
		yield(true)
	})
	defer stop()
	if v, ok := next(); !v || !ok {
		t.Error(v, ok)
	}
}
