// Package silent uses atomic operations for what they give.
package silent

import (
	"sync"
	std "sync/atomic"

	"github.com/fearless-go/fearless/atomic"
)

var n atomic.Int64

func valid(o atomic.Ordering) {
	n.Load(atomic.Acquire)
	n.Store(1, atomic.Release)
	n.CompareExchange(0, 1, atomic.AcqRel, atomic.Relaxed)
	n.Load(o)
	atomic.Fence(atomic.SeqCst)
	n.FetchAdd(1, atomic.Relaxed)
}

// A lock makes one step of the two.
type counter struct {
	mu sync.Mutex
	n  std.Int64
}

func (c *counter) add(d int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.n.Store(c.n.Load() + d)
}

// What is stored has nothing to do with what was loaded, or it is a loop.
func (c *counter) swap(v int64) int64 {
	old := c.n.Load()
	c.n.Store(v)
	return old
}

func (c *counter) double() {
	for {
		old := c.n.Load()
		if c.n.CompareAndSwap(old, 2*old) {
			return
		}
	}
}

// The allocator takes back what it should not have taken.
var next atomic.Uint32

func allocate() uint32 {
	id := next.FetchAdd(1, atomic.Relaxed)
	if id >= 1000 {
		next.FetchSub(1, atomic.Relaxed)
		panic("too many IDs")
	}
	return id
}

// A new object is nobody else's.
type plain struct{ n int64 }

func newPlain() *plain {
	p := &plain{}
	p.n = 7
	return p
}

func (p *plain) add() int64 { return std.AddInt64(&p.n, 1) }

// The flag stops a thread, and says nothing about other data.
var (
	stop  atomic.Bool
	title string
)

func rename(s string) {
	title = s
	stop.Store(true, atomic.Relaxed)
}

func work(f func()) {
	for !stop.Load(atomic.Relaxed) {
		f()
	}
}

var (
	data  uint64
	ready atomic.Bool
)

func produce() {
	data = 123
	ready.Store(true, atomic.Release)
}

func consume() uint64 {
	if ready.Load(atomic.Acquire) {
		return data
	}
	return 0
}

// A fence orders what the Relaxed operations do not.
var (
	value uint64
	set   atomic.Bool
)

func put() {
	value = 1
	atomic.Fence(atomic.Release)
	set.Store(true, atomic.Relaxed)
}

func take() uint64 {
	if set.Load(atomic.Relaxed) {
		atomic.Fence(atomic.Acquire)
		return value
	}
	return 0
}

// Setting a flag twice does no harm.
type task struct{ canceled std.Bool }

func (t *task) cancel() {
	if !t.canceled.Load() {
		t.canceled.Store(true)
	}
}

func joined() int64 {
	var n int64
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		std.AddInt64(&n, 1)
	}()
	wg.Wait()
	return n
}

// A phase of its own.
var sink uint64

func parallel()       { std.AddUint64(&sink, 1) }
func serial(v uint64) { sink = v }
func again(v uint64)  { sink = v + 1 }

// The one writer of a buffer tells readers how far it is.
type buffer struct {
	data    [64]byte
	written std.Int32
}

func (b *buffer) put(p []byte) {
	n := b.written.Load()
	b.data[n] = byte(len(p))
	copy(b.data[n+1:], p)
	b.written.Store(n + 1 + int32(len(p)))
}

// stats are part of several structs, not all of them atomic.
type stats struct{ in int64 }

type link struct {
	stats
	name string
}

type account struct {
	mu sync.Mutex
	stats
}

func (l *link) count()       { std.AddInt64(&l.in, 1) }
func (l *link) total() int64 { return std.LoadInt64(&l.in) }

func (a *account) count() {
	a.mu.Lock()
	a.in++
	a.mu.Unlock()
}

var calls int64

func report() int64 {
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() { std.AddInt64(&calls, 1) })
	}
	wg.Wait()
	return calls
}

type settings struct {
	depth int
	mu    sync.Mutex
}

var active std.Pointer[settings]

func replace(depths []int) {
	for _, d := range depths {
		s := &settings{}
		s.depth = d
		active.Store(s)
	}
}

func first() *settings {
	s := &settings{depth: 1}
	if active.CompareAndSwap(nil, s) {
		return s
	}
	s.depth = 2
	return s
}

func own() int {
	var p std.Pointer[settings]
	s := &settings{}
	p.Store(s)
	s.depth = 3
	return p.Load().depth
}

func locked() {
	s := &settings{}
	active.Store(s)
	s.mu.Lock()
	s.depth = 2
	s.mu.Unlock()
}
