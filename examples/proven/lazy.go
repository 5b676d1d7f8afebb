package proven

import (
	"sync"
	"sync/atomic"
)

// Lazy makes a value when it is first asked for, once.
type Lazy struct {
	value atomic.Pointer[int]
	mu    sync.Mutex
	make  func() int
}

// Get returns the value.
func (l *Lazy) Get() int {
	if p := l.value.Load(); p != nil {
		return *p
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if p := l.value.Load(); p != nil {
		return *p // another was faster
	}
	v := l.make()
	l.value.Store(&v)
	return v
}
