package proven

import "sync"

// A Closer tells all who wait on Done that it is over. Any of them may close it.
type Closer struct {
	once sync.Once
	done chan struct{}
}

// NewCloser returns one that is not closed.
func NewCloser() *Closer { return &Closer{done: make(chan struct{})} }

// Close ends what Done waits for.
func (c *Closer) Close() { c.once.Do(func() { close(c.done) }) }

// Done is closed by the first Close.
func (c *Closer) Done() <-chan struct{} { return c.done }
