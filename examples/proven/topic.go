package proven

import "sync"

// A Topic holds a value, and tells who waits when there is a newer one.
type Topic struct {
	mu      sync.Mutex
	value   int
	changed chan struct{}
}

// NewTopic returns one that holds v.
func NewTopic(v int) *Topic { return &Topic{value: v, changed: make(chan struct{})} }

// Set changes the value.
func (t *Topic) Set(v int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.value = v
	close(t.changed)
	t.changed = make(chan struct{})
}

// Get returns the value, and what is closed when there is a newer one.
func (t *Topic) Get() (int, <-chan struct{}) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.value, t.changed
}
