package around

import (
	"os"
	"runtime"
	"sync"
	"sync/atomic"
)

// The twins of around.go with a mistake.

type w1 struct {
	closed atomic.Bool
	done   chan struct{}
}

func (x *w1) Close() {
	if x.closed.Load() {
		return
	}
	x.closed.Store(true)
	close(x.done) // want `.x.done. is closed here and closed at wrong.go:\d+`
}

func UseW1() {
	x := &w1{done: make(chan struct{})}
	go func() {
		os.Getwd()
		x.Close()
	}()
	os.Getwd()
	x.Close()
	<-x.done
}

type w2 struct {
	ready atomic.Bool
	mu    sync.Mutex
	m     map[string]int
}

func (l *w2) get(k string) int {
	if !l.ready.Load() {
		l.init()
	}
	return l.m[k]
}

func (l *w2) init() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.ready.Store(true)                   // too early
	l.m = map[string]int{"a": unknown(1)} // want `.l.m. is written here`
}

func UseW2() {
	l := &w2{}
	for range 3 {
		go func() { unknown(l.get("a")) }()
	}
	unknown(l.get("b"))
}

func W3() int {
	var mu sync.Mutex
	left, best := 3, 0
	done := make(chan struct{})
	for i := range 3 {
		go func() {
			if n := unknown(i); n > best {
				best = n // want `.best. is written here`
			}
			mu.Lock()
			left--
			last := left == 0
			mu.Unlock()
			if last {
				close(done)
			}
		}()
	}
	<-done
	return best
}

func W4() int {
	ball := 0
	there, back := make(chan int), make(chan int, 1)
	go func() {
		for range there {
			back <- 1
			ball += unknown(1)
		}
	}()
	for range 5 {
		ball++ // want `.ball. is written here and also by the goroutine started at wrong.go:\d+`
		there <- 1
		<-back
	}
	close(there)
	return ball
}

type w5 struct{ v atomic.Uint32 }

func (s *w5) lock() {
	for !s.v.CompareAndSwap(0, 1) {
		runtime.Gosched()
	}
}

func (s *w5) unlock() { s.v.Store(0) }

func W5() int {
	var s w5
	n := 0
	for i := range 3 {
		go func() {
			s.lock()
			s.unlock()
			n += unknown(i)
		}()
	}
	s.lock()
	n++ // want `.n. is written here`
	s.unlock()
	return n
}

func W6() {
	box := make(chan *[]int, 2)
	one := &[]int{}
	box <- one
	box <- one
	for i := range 3 {
		go func() {
			p := <-box
			*p = append(*p, unknown(i)) // want `is written here`
			box <- p
		}()
	}
}
