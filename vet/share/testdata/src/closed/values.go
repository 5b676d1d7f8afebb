// Package closed has closed programs, which share decides by running them:
// what keeps goroutines apart in them is what variables say.
package closed

import (
	"runtime"
	"sync"
	"sync/atomic"
)

type byFlag struct {
	closed atomic.Bool
	done   chan struct{}
}

func (x *byFlag) Close() {
	if !x.closed.CompareAndSwap(false, true) {
		return
	}
	close(x.done)
}

type byLock struct {
	mu     sync.Mutex
	closed bool
	done   chan struct{}
}

func (x *byLock) Close() {
	x.mu.Lock()
	if x.closed {
		x.mu.Unlock()
		return
	}
	x.closed = true
	x.mu.Unlock()
	close(x.done)
}

// All that close ask first whether they are the one.
func ClosedOnce() {
	x, y := &byFlag{done: make(chan struct{})}, &byLock{done: make(chan struct{})}
	go x.Close()
	go x.Close()
	go y.Close()
	go y.Close()
	<-x.done
	<-y.done
}

type careless struct {
	closed atomic.Bool
	done   chan struct{}
}

func (x *careless) Close() {
	if !x.closed.Load() {
		x.closed.Store(true)
		close(x.done) // want "closed here and closed at"
	}
}

// Two can see that it is not closed.
func ClosedTwice() {
	x := &careless{done: make(chan struct{})}
	go x.Close()
	x.Close()
}

type lazy struct {
	ready atomic.Bool
	mu    sync.Mutex
	table []int
}

func (l *lazy) get() []int {
	if !l.ready.Load() {
		l.mu.Lock()
		if !l.ready.Load() {
			l.table = []int{1, 2, 3}
			l.ready.Store(true)
		}
		l.mu.Unlock()
	}
	return l.table
}

func DoubleChecked() {
	l := &lazy{}
	done := make(chan int)
	go func() { done <- l.get()[0] }()
	println(l.get()[1], <-done)
}

type hasty struct {
	ready atomic.Bool
	mu    sync.Mutex
	table []int
}

func (l *hasty) get() []int {
	if !l.ready.Load() {
		l.mu.Lock()
		defer l.mu.Unlock()
		if !l.ready.Swap(true) {
			l.table = make([]int, 3) // want "written here"
		}
	}
	return l.table
}

// The flag says that there is a table before there is one.
func ReadyTooEarly() {
	l := &hasty{}
	go l.get()
	l.get()
}

func SpinLock() {
	total := 0
	var busy atomic.Int32
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			for !busy.CompareAndSwap(0, 1) {
				runtime.Gosched()
			}
			total++
			busy.Store(0)
		})
	}
	wg.Wait()
	println(total)
}

// The second store lets both in.
func SpinLockLetGoTwice() {
	total := 0
	var busy atomic.Int32
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			for !busy.CompareAndSwap(0, 1) {
				runtime.Gosched()
			}
			busy.Store(0)
			total++ // want "by every goroutine|by another of the goroutines"
			busy.Store(0)
		})
	}
	wg.Wait()
	println(total)
}

func SingleWinner() {
	first := make([]int, 1)
	var taken atomic.Int32
	for i := range 3 {
		go func() {
			if !taken.CompareAndSwap(0, 1) {
				return
			}
			first[0] = i
		}()
	}
}

// A winner that gives up lets another win.
func WinnerGivesUp() {
	first := make([]int, 1)
	var taken atomic.Int32
	for i := range 2 {
		go func() {
			if taken.CompareAndSwap(0, 1) {
				taken.Store(0)
				first[0] = i // want "by every goroutine"
			}
		}()
	}
}

func LastOneSums() {
	const n = 3
	left := int32(n)
	sum := make([]int, n)
	total := make(chan int, 1)
	for i := range n {
		go func() {
			sum[i] = i
			if atomic.AddInt32(&left, -1) == 0 {
				total <- sum[0] + sum[1] + sum[2]
			}
		}()
	}
	<-total
}

// One too early.
func LastButOneSums() {
	left := int32(2)
	sum := make([]int, 2)
	for i := range 2 {
		go func() {
			sum[i] = i // want "is written here"
			if atomic.AddInt32(&left, -1) == 1 {
				println(sum[0] + sum[1])
			}
		}()
	}
}

func FlagClearedUnderLock() {
	sum, pending := 0, 1
	var mu sync.Mutex
	go func() {
		sum = 5
		mu.Lock()
		pending = 0
		mu.Unlock()
	}()
	mu.Lock()
	open := pending > 0
	mu.Unlock()
	if !open {
		sum++
	}
}

func FlagMisread() {
	sum, pending := 0, 1
	var mu sync.Mutex
	go func() {
		sum = 5
		mu.Lock()
		pending = 0
		mu.Unlock()
	}()
	mu.Lock()
	open := pending > 0
	mu.Unlock()
	if open {
		sum++ // want "is written here"
	}
}
