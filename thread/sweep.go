package thread

import (
	"bytes"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
)

// A sweeper drops kept Threads whose goroutine has ended. Which goroutines live
// only a traceback of all of them tells, so it looks when the number kept has
// doubled since it last looked.
type sweeper struct {
	kept atomic.Int64
	mu   sync.Mutex
	next int64 // look when so many are kept
}

const firstSweep = 4096

func (w *sweeper) added(r *registry) {
	n := w.kept.Add(1)
	if n < firstSweep || !w.mu.TryLock() {
		return
	}
	defer w.mu.Unlock()
	if n < w.next {
		return
	}
	live := liveGoroutines()
	for i := range r.shard {
		s := &r.shard[i]
		s.mu.Lock()
		for id, t := range s.strong {
			if t.foreign && !live[id] {
				delete(s.strong, id)
				w.kept.Add(-1)
			}
		}
		s.mu.Unlock()
	}
	w.next = max(firstSweep, 2*w.kept.Load())
}

// liveGoroutines returns the numbers of all goroutines.
func liveGoroutines() map[uint64]bool {
	trace := make([]byte, 1<<20)
	for {
		n := runtime.Stack(trace, true)
		if n < len(trace) {
			trace = trace[:n]
			break
		}
		trace = make([]byte, 2*len(trace))
	}
	live := make(map[uint64]bool)
	for line := range bytes.Lines(trace) {
		rest, ok := bytes.CutPrefix(line, []byte("goroutine "))
		if !ok {
			continue
		}
		number, _, _ := bytes.Cut(rest, []byte(" "))
		if id, err := strconv.ParseUint(string(number), 10, 64); err == nil {
			live[id] = true
		}
	}
	return live
}
