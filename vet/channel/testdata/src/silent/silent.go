// Package silent has what looks like package wrong and is right.
package silent

import (
	"sync"
	"testing"
)

type box struct {
	c      chan int
	closed bool
}

func (b *box) end() {
	if !b.closed {
		b.closed = true
		close(b.c)
	}
}

func (b *box) put(n int) {
	if !b.closed {
		b.c <- n
	}
}

func twice() {
	b := &box{c: make(chan int, 1)}
	b.end()
	b.end()
	b.put(1)
}

type again struct{ c chan int }

func (a *again) reset() {
	close(a.c)
	a.c = make(chan int, 1)
	a.c <- 1
}

func resets(a *again) {
	a.reset()
	a.reset()
	close(a.c)
}

func sameCondition(c chan int, stop bool) {
	if stop {
		close(c)
	}
	println("stopped?", stop)
	if !stop {
		c <- 1
	}
}

func flag(c chan int, f func() error) {
	closed := false
	if f() != nil {
		close(c)
		closed = true
	}
	if !closed {
		close(c)
	}
}

func many(cs []chan int) {
	for _, c := range cs {
		close(c)
	}
	for _, c := range cs {
		close(c)
		return
	}
}

func perRound(n int) {
	for range n {
		c := make(chan int, 1)
		c <- 1
		close(c)
	}
}

func panics(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	c := make(chan int)
	close(c)
	close(c)
}

func bySender(tasks []func() int) (sum int) {
	c := make(chan int)
	go func() {
		defer close(c)
		for _, t := range tasks {
			c <- t()
		}
	}()
	for n := range c {
		sum += n
	}
	return sum
}

func receivedAll(tasks []func() int) (sum int) {
	c := make(chan int)
	for _, t := range tasks {
		go func() { c <- t() }()
	}
	for range tasks {
		sum += <-c
	}
	close(c)
	return sum
}

type pool struct {
	jobs chan int
	wg   sync.WaitGroup
}

func (p *pool) work() {
	for range p.jobs {
		p.wg.Done()
	}
}

func (p *pool) push(n int) {
	for i := range n {
		p.wg.Add(1)
		p.jobs <- i
	}
	p.wg.Wait()
}

func addedBefore(f func()) {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		f()
		wg.Done()
	}()
	wg.Add(1)
	wg.Wait()
}

func oneByOne(tasks []func()) {
	var wg sync.WaitGroup
	for _, t := range tasks {
		wg.Add(1)
		go func() {
			defer wg.Done()
			t()
		}()
		wg.Wait()
	}
}

func TestWaits(t *testing.T) {
	done := make(chan bool)
	go func() {
		t.Log("in time")
		close(done)
	}()
	<-done
}

func closedWhereFound(xs []int, c chan bool) {
	for _, x := range xs {
		if x == 1 {
			close(c) // one of them is 1
		}
	}
}

func closedInTheLastRound(c chan int, stop func() bool) {
	for {
		if stop() {
			close(c)
			break
		}
	}
}

func closedByTheLast(c chan int, n int) {
	for i := range n {
		if i < n-1 {
			continue
		}
		close(c)
	}
}

func closedInOneRound(c chan int) {
	for done := false; !done; done = true {
		close(c)
	}
}

func closedAnew() {
	c := make(chan int)
	for range 3 {
		close(c)
		c = make(chan int)
	}
}

func anotherDeferred(c, d chan int) {
	defer close(d)
	close(c)
}

func deferredLater(c chan int, bad bool) {
	if bad {
		close(c)
		return
	}
	defer close(c)
	c <- 1
}

func deferredOnOneWay(c chan int, last bool) {
	if last {
		defer close(c)
	}
	if !last {
		close(c)
	}
}

func oneRound(c, d chan int) {
	for range 1 {
		close(c)
	}
	for i := 0; i < 1; i++ {
		close(d)
	}
}

type server struct{ stopped bool }

func (s *server) stop(c chan int) {
	for !s.stopped {
		close(c)
		s.stopped = true
	}
}

func (s *server) stopForOne(requests []int, c chan int) {
	for _, r := range requests {
		if s.stopped {
			break
		}
		println(r)
		close(c)
		s.stopped = true
	}
}
