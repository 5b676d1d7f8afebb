// Package documented has types whose documentation says whether they are for
// several goroutines.
package documented

import (
	"sync"
	"sync/atomic"
)

// Cache is a thread-safe map that forgets. You can use one from as many
// goroutines as you want.
type Cache struct {
	mu       sync.Mutex
	items    map[string]int
	isClosed bool
	name     string
	stop     chan struct{}
	hits     int
	opened   bool
	done     atomic.Bool
}

func (c *Cache) Get(key string) (int, bool) {
	if c == nil || c.isClosed {
		return 0, false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	n, ok := c.items[key]
	return n, ok
}

// Close stops all goroutines.
func (c *Cache) Close() {
	if c.isClosed {
		return
	}
	c.stop <- struct{}{}
	c.isClosed = true // want "`c.isClosed` is written here, and read at documented.go:[0-9]+, neither with a lock: the documentation of Cache says that it is for several goroutines, which may call Close and Get at once"
}

// SetName is an option.
func (c *Cache) SetName(name string) { c.name = name }

func (c *Cache) Name() string { return c.name }

// Open must be called before the Cache is used.
func (c *Cache) Open() { c.opened = true }

func (c *Cache) Opened() bool { return c.opened }

func (c *Cache) Touch() {
	c.mu.Lock()
	c.hits++
	c.mu.Unlock()
}

func (c *Cache) Hits() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.hits
}

func (c *Cache) Finish() { c.done.Store(true) }

func (c *Cache) Finished() bool { return c.done.Load() }

// A Meter counts. It is safe for concurrent use by multiple goroutines.
type Meter struct {
	n    int
	last string
}

func (m *Meter) Add(n int) {
	m.n += n // want "`m.n` is written here, and read at documented.go:[0-9]+, neither with a lock: the documentation of Meter"
}

func (m *Meter) N() int { return m.n }

// A Client may be used concurrently from several goroutines.
type Client struct {
	err   error
	ready bool
}

func (c *Client) Fail(code int) {
	c.ready = false // want "`c.ready` is written here, and read at documented.go:[0-9]+, neither with a lock: the documentation of Client"
}

func (c *Client) Do() bool { return c.check() }

func (c *Client) check() bool { return c.ready }

// A Table is not safe for concurrent use.
type Table struct{ n int }

func (t *Table) Add() { t.n++ }

func (t *Table) N() int { return t.n }

// A List is safe for concurrent use once it has been frozen.
type List struct {
	frozen bool
	n      int
}

func (l *List) Freeze() { l.frozen = true }

func (l *List) Frozen() bool { return l.frozen }

// A Buffer keeps bytes.
type Buffer struct{ n int }

func (b *Buffer) Add() { b.n++ }

func (b *Buffer) Len() int { return b.n }

// A Pool is safe for concurrent use.
type Pool struct {
	once sync.Once
	free []int
	size int
	used int
}

// Grow is not safe for concurrent use with the other methods.
func (p *Pool) Grow() { p.size = 2 * p.size }

func (p *Pool) Size() int { return p.size }

func (p *Pool) Get() int {
	p.once.Do(p.init)
	return p.used
}

func (p *Pool) init() { p.used = 1 }

// Map is a thread-safe map: its users lock it.
type Map struct {
	sync.Mutex
	m map[string]int
	n int
}

func (m *Map) Put(key string) {
	m.n++
	m.m[key] = m.n
}

func (m *Map) Len() int { return m.n }
