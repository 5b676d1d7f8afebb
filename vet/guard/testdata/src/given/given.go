// Package given returns with a lock that is held, for the caller to give back,
// or takes the lock again for a deferred Unlock. Each right function has a twin
// that is wrong.
package given

import (
	"context"
	"errors"
	"sync"
)

var errEmpty = errors.New("empty")

type conn struct {
	rlock sync.Mutex
	buf   []int
}

// The lock is a result where it is held.
func (c *conn) wait(id int) (size int, lock *sync.Mutex, err error) {
	for {
		c.rlock.Lock()
		if len(c.buf) == 0 {
			err = errEmpty
			c.rlock.Unlock()
			break
		}
		if c.buf[0] == id {
			size, lock = 4, &c.rlock
			break
		}
		c.rlock.Unlock()
	}
	return
}

func (c *conn) read(id int) int {
	n, lock, err := c.wait(id)
	if err != nil {
		return 0
	}
	defer lock.Unlock()
	return n
}

type reader struct {
	rlock sync.Mutex
	buf   []int
}

// One way leaves the loop with the lock held and nil for it.
func (c *reader) wait(id int) (size int, lock *sync.Mutex, err error) {
	for {
		c.rlock.Lock()
		if len(c.buf) == 0 {
			err = errEmpty
			break
		}
		if c.buf[0] == id {
			size, lock = 4, &c.rlock
			break
		}
		c.rlock.Unlock()
	}
	return // want `c.rlock is still locked when the function returns here: it was locked at given.go:\d+, and other paths release it`
}

type shelf struct {
	mu    sync.RWMutex
	items map[string]int
}

// As a sync.Locker, early.
func (s *shelf) pick(name string) (int, sync.Locker) {
	s.mu.Lock()
	n, ok := s.items[name]
	if !ok {
		s.mu.Unlock()
		return 0, nil
	}
	return n, &s.mu
}

type stack struct {
	mu    sync.RWMutex
	items map[string]int
}

func (s *stack) pick(name string) (int, sync.Locker) {
	s.mu.Lock()
	n, ok := s.items[name]
	if !ok {
		return 0, nil // want `s.mu is still locked when the function returns here: it was locked at given.go:\d+, and other paths return it to the caller`
	}
	return n, &s.mu
}

// In an object that is made for it.
type ticket struct {
	mu *sync.Mutex
	n  int
}

func (t *ticket) done() { t.mu.Unlock() }

type desk struct {
	mu sync.Mutex
	n  int
}

func (d *desk) open() *ticket {
	d.mu.Lock()
	d.n++
	if d.n > 9 {
		d.mu.Unlock()
		return nil
	}
	return &ticket{&d.mu, d.n}
}

type counter struct {
	mu sync.Mutex
	n  int
}

func (d *counter) open() *ticket {
	d.mu.Lock()
	d.n++
	if d.n > 9 {
		return nil // want `d.mu is still locked when the function returns here`
	}
	return &ticket{&d.mu, d.n}
}

type file struct {
	lock sync.RWMutex
	data []byte
}

type log struct {
	mu    sync.RWMutex
	files map[int]*file
}

// A locked getter: release gives the lock back.
func (l *log) getRLocked(id int) (*file, error) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	f, ok := l.files[id]
	if !ok {
		return nil, errEmpty
	}
	f.lock.RLock()
	return f, nil
}

func (l *log) read(id int) ([]byte, func(), error) {
	f, err := l.getRLocked(id)
	if err != nil {
		return nil, nil, err
	}
	return f.data, l.release(f), nil
}

func (l *log) release(f *file) func() {
	if f == nil {
		return nil
	}
	return f.lock.RUnlock
}

type page struct {
	lock sync.Mutex
	data []byte
}

type book struct{ pages map[int]*page }

// The caller gives it back itself.
func (b *book) open(id int) *page {
	p := b.pages[id]
	p.lock.Lock()
	return p
}

func (b *book) size(id int) int {
	p := b.open(id)
	defer p.lock.Unlock()
	return len(p.data)
}

type leaf struct {
	lock sync.Mutex
	data []byte
}

type pad struct{ leaves map[int]*leaf }

// Nobody gives it back.
func (b *pad) open(id int) *leaf {
	p := b.leaves[id]
	p.lock.Lock() // want `b.leaves\[id\].lock is locked here and never unlocked: whoever locks it next waits forever`
	return p
}

func (b *pad) size(id int) int { return len(b.open(id).data) }

type future struct {
	mu  sync.Mutex
	ctx context.Context
	ls  []chan struct{}
	v   int
	ok  bool
}

func (f *future) get() (int, bool) { return f.v, f.ok }

// Unlock, wait, lock again: the deferred Unlock is for the second Lock.
func (f *future) wait() (int, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if v, ok := f.get(); ok {
		return v, ok
	}
	ch := make(chan struct{})
	f.ls = append(f.ls, ch)
	f.mu.Unlock()
	select {
	case <-ch:
	case <-f.ctx.Done():
	}
	f.mu.Lock()
	return f.get()
}

// The same in a loop, and with three cases.
func (f *future) poll(more chan int) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	for !f.ok {
		f.mu.Unlock()
		select {
		case f.v = <-more:
		case more <- 1:
		case <-f.ctx.Done():
		}
		f.mu.Lock()
	}
	return f.v
}

// One case returns without taking it again.
func (f *future) forget(ch chan int) (int, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.mu.Unlock() // want `f.mu is unlocked here, and again by the call deferred at given.go:\d+`
	select {
	case <-ch:
		return 0, false
	case <-f.ctx.Done():
	}
	f.mu.Lock()
	return f.get()
}

// A panic of the source does happen.
func (f *future) must(ch chan int) (int, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.mu.Unlock() // want `f.mu is unlocked here, and again by the call deferred at given.go:\d+`
	if <-ch > 1 {
		panic("more than one")
	}
	f.mu.Lock()
	return f.get()
}

// topics has a lock for each of its names: the goroutine unlocks what it has captured.
type topics struct{ locks sync.Map }

func (t *topics) add(name string, later bool, work func()) bool {
	lock, _ := t.locks.LoadOrStore(name, &sync.Mutex{})
	lock.(*sync.Mutex).Lock()
	if !later {
		defer lock.(*sync.Mutex).Unlock()
		work()
		return true
	}
	go func() {
		defer lock.(*sync.Mutex).Unlock()
		work()
	}()
	return false
}

// The goroutine unlocks another one.
func (t *topics) move(name, other string, later bool, work func()) {
	lock, _ := t.locks.LoadOrStore(name, &sync.Mutex{})
	second, _ := t.locks.Load(other)
	lock.(*sync.Mutex).Lock()
	if !later {
		defer lock.(*sync.Mutex).Unlock()
		work()
		return
	}
	go func() {
		defer second.(*sync.Mutex).Unlock()
		work()
	}()
} // want `lock is still locked when the function returns here`
