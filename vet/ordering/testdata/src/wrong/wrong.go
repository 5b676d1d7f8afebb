// Package wrong relies on more than its atomic operations give.
package wrong

import (
	std "sync/atomic"

	"github.com/fearless-go/fearless/atomic"
)

var hits atomic.Int64

func invalid(p *atomic.Ptr[int]) {
	hits.Load(atomic.Release)                                     // want `Load cannot be Release, since a load releases nothing; use Acquire, SeqCst or Relaxed: this panics`
	hits.Load(atomic.AcqRel)                                      // want `Load cannot be AcqRel`
	hits.Store(1, atomic.Acquire)                                 // want `Store cannot be Acquire, since a store acquires nothing`
	hits.CompareExchange(0, 1, atomic.AcqRel, atomic.Release)     // want `CompareExchange cannot be Release, when it fails and only loads`
	p.CompareExchangeWeak(nil, nil, atomic.SeqCst, atomic.AcqRel) // want `CompareExchangeWeak cannot be AcqRel, when it fails`
	atomic.Fence(atomic.Relaxed)                                  // want `Fence cannot be Relaxed`
}

func hit() {
	hits.Store(hits.Load(atomic.Relaxed)+1, atomic.Relaxed) // want `hits is stored here from what was loaded at wrong.go:22: a change that another goroutine makes in between is lost`
}

type stats struct {
	total std.Int64
	plain int64
}

func (s *stats) add(n int64) {
	old := s.total.Load()
	s.total.Store(old + n) // want `s.total is stored here from what was loaded at wrong.go:31`
}

func (s *stats) count()     { std.AddInt64(&s.plain, 1) }
func (s *stats) get() int64 { return std.LoadInt64(&s.plain) }

func (s *stats) reset() int64 {
	n := s.plain // want `s.plain is read plainly here, but atomically at wrong.go:35: nothing orders the two; use the atomic types, or an atomic load here as well`
	s.plain = 0  // want `s.plain is written plainly here, but atomically at wrong.go:35`
	return n
}

// The book's allocator of IDs that runs out, and comes back to 0.
var nextID atomic.Uint32

func allocate() uint32 {
	id := nextID.FetchAdd(1, atomic.Relaxed) // want `nextID is advanced here and checked afterwards, at wrong.go:49: each call that fails the check advances it further, until it wraps around and passes`
	if id >= 1000 {
		panic("too many IDs")
	}
	return id
}

// A flag says that the data is there.
var (
	data  uint64
	ready atomic.Bool
)

func produce() {
	data = 123
	ready.Store(true, atomic.Relaxed) // want `ready is stored Relaxed, but says that data, written at wrong.go:62, is ready to be read at wrong.go:68: nothing orders the two; use Release, and Acquire to load`
}

func consume() uint64 {
	if ready.Load(atomic.Acquire) {
		return data
	}
	return 0
}

var (
	text string
	done atomic.Bool
)

func write() {
	text = "done"
	done.Store(true, atomic.Release)
}

func read() string {
	for !done.Load(atomic.Relaxed) { // want `done is loaded Relaxed, but says that text, written at wrong.go:79, can be read at wrong.go:87: nothing orders the two; use Acquire`
		atomic.SpinLoop()
	}
	return text
}

type config struct{ name string }

var current atomic.Ptr[config]

func load(name string) {
	current.Store(&config{name}, atomic.Relaxed) // want `current publishes a pointer with a Relaxed store`
}

// Two goroutines may both find it open.
type pipe struct {
	closed std.Bool
	done   chan struct{}
}

func (p *pipe) close() {
	if p.closed.Load() {
		return
	}
	p.closed.Store(true) // want `p.closed is set here because it was not set at wrong.go:105, but another goroutine may have found the same: use Swap or a compare-exchange`
	close(p.done)
}

func count() int64 {
	var n int64
	go func() {
		std.AddInt64(&n, 1)
	}()
	return n // want `n is read plainly here, but atomically at wrong.go:115`
}

type settings struct{ depth int }

var active std.Pointer[settings]

func replace() {
	s := &settings{depth: 1}
	active.Store(s)
	s.depth = 2 // want `s.depth is written here, but it is published at wrong.go:126: whoever loads active may read it meanwhile; write it before the Store`
}
