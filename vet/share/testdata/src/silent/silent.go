// Package silent shares memory in order.
package silent

import (
	"context"
	"io"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/fearless-go/fearless/lock"
	"github.com/fearless-go/fearless/thread"
)

func beforeTheStart() {
	x := 1
	x++
	go func() { println(x) }()
}

func perIteration(xs []int) {
	for i := range xs {
		i++
		go func() { println(i) }()
	}
}

func elements(xs []int) int {
	var wg sync.WaitGroup
	for i := range xs {
		wg.Add(1)
		go func(i int) {
			defer wg.Done()
			xs[i]++
		}(i)
	}
	wg.Wait()
	return xs[0]
}

func halves(xs []int) {
	if len(xs) < 2 {
		return
	}
	m := len(xs) / 2
	var wg sync.WaitGroup
	wg.Go(func() { halves(xs[:m]) })
	halves(xs[m:])
	wg.Wait()
	xs[0] = 1
}

type counter struct {
	mu sync.Mutex
	n  int
	ok atomic.Bool
}

func (c *counter) add() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.addLocked()
}

func (c *counter) addLocked() { c.n++ }

func locks(c *counter) {
	go c.add()
	go c.ok.Store(true)
	c.add()
	c.ok.Load()
}

func library() int {
	var n lock.Mutex[int]
	total := 0
	thread.Scope(func(s *thread.ScopeHandle) {
		for range 10 {
			s.Go(func() { n.With(func(n *int) { *n++; total++ }) })
		}
	})
	return total
}

func guards() {
	var m lock.Mutex[int]
	x := 0
	h := thread.Go(func() {
		g := m.Lock()
		x++
		g.Unlock()
	})
	g := m.Lock()
	x++
	g.Unlock()
	h.Join()
	x++
}

func once() {
	var o sync.Once
	x := 0
	for range 2 {
		go func() {
			o.Do(func() { x = 1 })
			println(x)
		}()
	}
}

func cond() {
	var mu sync.Mutex
	c := sync.NewCond(&mu)
	x, ready := 0, false
	go func() {
		x = 1
		mu.Lock()
		ready = true
		mu.Unlock()
		c.Signal()
	}()
	mu.Lock()
	for !ready {
		c.Wait()
	}
	mu.Unlock()
	println(x)
}

// What is not evident is taken for synchronisation.
func unknown(ctx context.Context, wait, tell func(), r io.Reader) {
	x := 0
	go func() {
		x = 1
		tell()
	}()
	<-ctx.Done()
	println(x)

	y := 0
	go func() {
		y = 1
		tell()
	}()
	wait()
	println(y)
}

func pool(jobs []func()) {
	work := make(chan func())
	var wg sync.WaitGroup
	for range 4 {
		go func() {
			for f := range work {
				f()
				wg.Done()
			}
		}()
	}
	x := 0
	wg.Add(1)
	work <- func() { x = 1 }
	wg.Wait()
	println(x)
	close(work)
}

func subtests(t *testing.T) {
	n := 0
	for range 3 {
		t.Run("one", func(t *testing.T) { n++ })
	}
	println(n)
}

type worker struct{ done int }

func workers() {
	var ws []*worker
	for range 4 {
		ws = append(ws, new(worker))
	}
	var wg sync.WaitGroup
	for i := range ws {
		wg.Go(func() { ws[i].done++ })
	}
	wg.Wait()
}

// The value that tells it is over is not known here, but it is the one.
func generation(n int32) {
	var gen atomic.Int32
	x := 0
	go func() {
		x = 1
		gen.Store(n)
	}()
	for gen.Load() != n {
	}
	println(x)
}

type publisher struct {
	data []byte
	sent int
}

func (p *publisher) scramble(at int) { p.data[at%len(p.data)] = 1 }

// Each goroutine has a publisher of its own, with a buffer of its own.
func publish(at int) {
	publishers := make([]publisher, 4)
	for i := range publishers {
		publishers[i] = publisher{data: make([]byte, 8)}
	}
	var wg sync.WaitGroup
	for i := range publishers {
		wg.Go(func() { publishers[i].scramble(at) })
	}
	wg.Wait()
}

type heartbeat struct {
	mu    sync.Mutex
	timer *time.Timer
}

func (h *heartbeat) locked(f func()) func() {
	return func() {
		h.mu.Lock()
		f()
		h.mu.Unlock()
	}
}

// It runs with the lock held, as what locked has been given.
func (h *heartbeat) arm() { h.timer = time.AfterFunc(time.Second, h.locked(h.beat)) }

func (h *heartbeat) beat() {
	if h.timer != nil {
		h.timer.Reset(time.Second)
	}
}

func (h *heartbeat) start() { h.locked(h.arm)() }

type stripes struct {
	locks [4]sync.Mutex
	maps  [4]map[int]int
}

func (s *stripes) set(k int) {
	at := k % len(s.locks)
	s.locks[at].Lock()
	s.maps[at][k] = 1
	s.locks[at].Unlock()
}

func (s *stripes) sweep() {
	for i := range s.maps {
		s.locks[i].Lock()
		for k := range s.maps[i] {
			delete(s.maps[i], k)
		}
		s.locks[i].Unlock()
	}
}

// Each map has a lock, with the same index.
func striped(k int) {
	var s stripes
	for i := range s.maps {
		s.maps[i] = map[int]int{}
	}
	go s.sweep()
	s.set(k)
}

// A server that each test starts and stops: what follows it is behind its stop, but
// for a test that has failed before.
type server struct {
	look func() int
	done chan struct{}
	out  chan int
	wg   sync.WaitGroup
}

func newServer(look func() int) (*server, error) {
	s := &server{look: look, done: make(chan struct{}), out: make(chan int)}
	s.wg.Add(1)
	go func() {
		defer s.wg.Done()
		for {
			select {
			case <-s.done:
				return
			case s.out <- s.look():
			}
		}
	}()
	return s, nil
}

func (s *server) stop() {
	close(s.done)
	s.wg.Wait()
}

func serverPerTest(t *testing.T) {
	x := 0
	for range 3 {
		t.Run("", func(t *testing.T) {
			x++
			s, err := newServer(func() int { return x })
			if err != nil {
				t.Fatal(err)
			}
			defer t.Log("ends")
			s.stop()
		})
	}
}

func serverPerTestNotStopped(t *testing.T) {
	x := 0
	for range 3 {
		t.Run("", func(t *testing.T) {
			x++ // want `x.* is written here and read by the goroutine started at`
			s, err := newServer(func() int { return x })
			if err != nil {
				t.Fatal(err)
			}
			defer t.Log("ends")
			close(s.done)
		})
	}
}

// Deferred calls run when a test ends itself, too.
func deferredOfAFailure(t *testing.T) {
	x, done := 0, make(chan struct{})
	go func() {
		x = 1
		close(done)
	}()
	defer func() { x++ }() // want `x.* is written here and also by the goroutine started at`
	if len(os.Args) > 3 {
		t.Fatal("too many")
	}
	<-done
}

func deferredOfAnExit() {
	x, done := 0, make(chan struct{})
	go func() {
		x = 1
		close(done)
	}()
	defer func() { x++ }()
	if len(os.Args) > 3 {
		os.Exit(1)
	}
	<-done
}
