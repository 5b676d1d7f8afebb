package book

import (
	"sync"
	"testing"

	"github.com/fearless-go/fearless/atomic"
	"github.com/fearless-go/fearless/thread"
)

// ch2-01: a thread that works until a flag is set.
//
//fearless:prove -time ideal
func TestStopFlag(t *testing.T) {
	var stop atomic.Bool
	worker := thread.Go(func() {
		for !stop.Load(atomic.Relaxed) {
			thread.YieldNow()
		}
	})
	stop.Store(true, atomic.Relaxed)
	if _, err := worker.Join(); err != nil {
		t.Error(err)
	}
}

// ch2-06: threads that count together lose nothing.
//
//fearless:prove
func TestProgress(t *testing.T) {
	var done atomic.Uint64
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			for range 2 {
				done.FetchAdd(1, atomic.Relaxed)
			}
		})
	}
	wg.Wait()
	if n := done.Load(atomic.Relaxed); n != 4 {
		t.Error(n)
	}
}

// ch2-12: ids that never run over, by compare-and-exchange.
//
//fearless:prove
func TestIDsDoNotOverflow(t *testing.T) {
	const last = 2
	var next atomic.Uint32
	allocate := func() (uint32, bool) {
		return next.FetchUpdate(atomic.Relaxed, atomic.Relaxed, func(n uint32) (uint32, bool) { return n + 1, n < last })
	}
	var wg sync.WaitGroup
	var given [3]atomic.Bool
	for range 3 {
		wg.Go(func() {
			if id, ok := allocate(); ok && given[id].Swap(true, atomic.Relaxed) {
				t.Errorf("%d is given twice", id)
			}
		})
	}
	wg.Wait()
	if n := next.Load(atomic.Relaxed); n != last {
		t.Error(n)
	}
}

// ch2-13: the first to come with a key sets it; all others use that one.
//
//fearless:prove
func TestLazyOneTimeInit(t *testing.T) {
	var key atomic.Uint64
	get := func(mine uint64) uint64 {
		if k := key.Load(atomic.Relaxed); k != 0 {
			return k
		}
		if k, ok := key.CompareExchange(0, mine, atomic.Relaxed, atomic.Relaxed); !ok {
			return k
		}
		return mine
	}
	done := make(chan uint64)
	go func() { done <- get(1) }()
	if a, b := get(2), <-done; a != b {
		t.Error(a, b)
	}
}
