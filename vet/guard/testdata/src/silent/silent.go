// Package silent uses mutexes rightly, in ways that look wrong.
package silent

import (
	"errors"
	"sync"
	"testing"
)

type table struct {
	mu   sync.RWMutex
	rows []*row
	full bool
}

type row struct {
	mu   sync.Mutex
	next *row
	n    int
}

// Wrappers lock for their callers.
func (t *table) lock()   { t.mu.Lock() }
func (t *table) unlock() { t.mu.Unlock() }

func (t *table) size() int {
	t.lock()
	defer t.unlock()
	return len(t.rows)
}

// lockUnlessFull returns locked if it returns no error.
func (t *table) lockUnlessFull() error {
	t.mu.Lock()
	if t.full {
		t.mu.Unlock()
		return errors.New("full")
	}
	return nil
}

func (t *table) add(r *row) error {
	if err := t.lockUnlessFull(); err != nil {
		return err
	}
	t.rows = append(t.rows, r)
	t.unlock()
	return nil
}

// The same condition twice has the same outcome twice.
func (t *table) count(locked bool) int {
	if !locked {
		t.mu.RLock()
	}
	n := len(t.rows)
	if !locked {
		t.mu.RUnlock()
	}
	return n
}

func (t *table) drain(f func(*row)) {
	t.mu.Lock()
	locked := true
	for _, r := range t.rows {
		if r.next != nil {
			t.mu.Unlock()
			locked = false
			break
		}
	}
	if locked {
		t.mu.Unlock()
	}
}

// Every iteration has a lock of its own.
func (t *table) lockAll() int {
	sum := 0
	for _, r := range t.rows {
		r.mu.Lock()
	}
	for _, r := range t.rows {
		sum += r.n
		r.mu.Unlock()
	}
	return sum
}

// Hand over hand.
func (r *row) last() int {
	r.mu.Lock()
	for r.next != nil {
		next := r.next
		next.mu.Lock()
		r.mu.Unlock()
		r = next
	}
	n := r.n
	r.mu.Unlock()
	return n
}

func (t *table) try() bool {
	if !t.mu.TryLock() {
		return false
	}
	defer t.mu.Unlock()
	t.full = true
	return true
}

// withoutLock gives the lock back while it runs f.
func (t *table) withoutLock(f func()) {
	t.mu.Unlock()
	defer t.mu.Lock()
	f()
}

func (t *table) refill() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.withoutLock(func() {
		t.mu.Lock()
		t.full = false
		t.mu.Unlock()
	})
}

// upgradeLocked is called with the read lock held, and returns with it held.
func (t *table) upgradeLocked() {
	t.mu.RUnlock()
	defer t.mu.RLock()
	t.mu.Lock()
	defer t.mu.Unlock()
	t.full = true
}

func (t *table) mark() {
	t.mu.RLock()
	defer t.mu.RUnlock()
	if !t.full {
		t.upgradeLocked()
	}
}

// A mutex can be a signal that another goroutine gives.
func wait(f func()) {
	var done sync.Mutex
	done.Lock()
	go func() {
		f()
		done.Unlock()
	}()
	done.Lock()
}

// The unlock function goes to the caller.
func (t *table) acquire() (unlock func()) {
	t.mu.Lock()
	return t.mu.Unlock
}

func (t *table) use() {
	defer t.acquire()()
	t.full = true
}

// A deferred closure may do more than unlock.
func (t *table) visit(f func(*row)) (err error) {
	t.mu.RLock()
	defer func() {
		t.mu.RUnlock()
		if recover() != nil {
			err = errors.New("panic")
		}
	}()
	for _, r := range t.rows {
		f(r)
	}
	return nil
}

func (t *table) replace(rows []*row, lock bool) {
	if lock {
		t.mu.Lock()
		defer t.mu.Unlock()
	}
	t.rows = rows
}

func (t *table) reload() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.replace(nil, false)
}

// A lock that a goroutine gives back for this one.
func handedOver(done func()) {
	var box struct{ mu sync.Mutex }
	box.mu.Lock()
	go func() {
		done()
		box.mu.Unlock()
	}()
	box.mu.Lock()
	box.mu.Unlock()
}

type queue struct{ mu sync.Mutex }

// The first message takes the lock.
func (q *queue) messages(next func() bool) {
	locked := false
	for next() {
		if !locked {
			q.mu.Lock()
			defer q.mu.Unlock()
			locked = true
		}
	}
}

// require ends the test if there is an error.
func require(t *testing.T, err error) {
	if err != nil {
		t.Fatal(err)
	}
}

func (q *queue) tested(t *testing.T, err error) {
	q.mu.Lock()
	if err != nil {
		q.mu.Unlock()
		require(t, err)
	}
	q.mu.Unlock()
}

type diskStore struct{ mu sync.Mutex }

func (*diskStore) store() {}

type memoryStore struct{ mu sync.Mutex }

func (*memoryStore) store() {}

type holder struct{ it interface{ store() } }

// Which of the two it is does not change.
func (h *holder) hold(work func()) {
	if d, ok := h.it.(*diskStore); ok {
		d.mu.Lock()
	} else if m, ok := h.it.(*memoryStore); ok {
		m.mu.Lock()
	}
	x := 1
	if d, ok := h.it.(*diskStore); ok {
		d.mu.Unlock()
	} else if m, ok := h.it.(*memoryStore); ok {
		m.mu.Unlock()
	}
	if d, ok := h.it.(*diskStore); ok {
		d.mu.Lock()
		println(x)
		d.mu.Unlock()
	}
}

// A variable whose only store is of what it holds.
func itself(get func() (bool, bool)) {
	var ok bool
	for {
		func() { println(ok) }()
		if _, ok = get(); ok {
			return
		}
	}
}

// lockIf tells its caller whether the lock is held.
func lockIf(mu *sync.Mutex, condition func() bool) bool {
	mu.Lock()
	if condition() {
		return true
	}
	mu.Unlock()
	return false
}

// Whoever calls the function that is returned unlocks.
func (q *queue) lock() func() {
	q.mu.Lock()
	return q.mu.Unlock
}
