// Package twice has methods that close a channel which may be closed already.
package twice

import (
	"fmt"
	"sync"
	"sync/atomic"
)

type watcher struct {
	mu    sync.Mutex
	paths map[string]bool
	done  chan struct{}
}

func (w *watcher) isClosed() bool {
	select {
	case <-w.done:
		return true
	default:
		return false
	}
}

func (w *watcher) Add(path string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.paths[path] = true
}

func (w *watcher) Close() {
	if w.isClosed() {
		return
	}
	close(w.done) // want "w.done is closed here by whoever has found it open: of two goroutines that call Close at once both may, and the second panics"
}

func (w *watcher) Stop() {
	select {
	case <-w.done:
	default:
		close(w.done) // want "w.done is closed here by whoever has found it open"
	}
}

func (w *watcher) Quit() error {
	if !w.isClosed() {
		fmt.Println("quit")
		w.name()
		close(w.done) // want "w.done is closed here"
		return nil
	}
	return fmt.Errorf("closed")
}

func (w *watcher) name() string { return "watcher" }

type embeds struct {
	sync.RWMutex
	stop chan int
	n    int
}

func (e *embeds) Shutdown() {
	select {
	case <-e.stop:
		return
	default:
	}
	e.n = 0
	close(e.stop) // want "e.stop is closed here"
}

type guarded struct {
	mu *sync.Mutex
	c  chan bool
}

func (g *guarded) End() {
	select {
	case _, ok := <-g.c:
		fmt.Println(ok)
		return
	default:
		close(g.c) // want "g.c is closed here"
	}
}

// The look and the close are one under a lock, or one goroutine goes through.
type fine struct {
	mu    sync.Mutex
	once  sync.Once
	won   atomic.Bool
	token chan struct{}
	done  chan struct{}
}

func (f *fine) isClosed() bool {
	select {
	case <-f.done:
		return true
	default:
		return false
	}
}

func (f *fine) Locked() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.isClosed() {
		close(f.done)
	}
}

func (f *fine) Once() {
	if f.isClosed() {
		return
	}
	f.once.Do(func() { close(f.done) })
}

func (f *fine) Won() {
	if f.isClosed() || !f.won.CompareAndSwap(false, true) {
		return
	}
	close(f.done)
}

func (f *fine) Token() {
	<-f.token
	if !f.isClosed() {
		close(f.done)
	}
	f.token <- struct{}{}
}

func (f *fine) lock() { f.mu.Lock() }

func (f *fine) Helper() {
	f.lock()
	if !f.isClosed() {
		close(f.done)
	}
	f.mu.Unlock()
}

func (f *fine) unexported() {
	if !f.isClosed() {
		close(f.done)
	}
}

// For one goroutine: it has no lock.
type single struct{ done chan struct{} }

func (s *single) Close() {
	select {
	case <-s.done:
	default:
		close(s.done)
	}
}
