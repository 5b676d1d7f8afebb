package wrong

import (
	"sync"
	std "sync/atomic"
)

type length struct{ written std.Int32 }

func (l *length) put(p []byte) {
	n := l.written.Load()
	l.written.Store(n + int32(len(p))) // want "l.written is stored here from what was loaded at .*"
}

type tally struct{ in int64 }

type link struct{ tally }

func (l *link) count()       { std.AddInt64(&l.in, 1) }
func (l *link) total() int64 { return std.LoadInt64(&l.in) }
func (l *link) peek() int64  { return l.in } // want "l.in is read plainly here, but atomically at .*"

var calls int64

func report() int64 {
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() { std.AddInt64(&calls, 1) })
	}
	defer wg.Wait()
	return calls // want "calls is read plainly here, but atomically at .*"
}
