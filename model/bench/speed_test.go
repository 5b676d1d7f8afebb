//go:build fearless_model

package main

import (
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/fearless-go/fearless/model"
)

// BenchmarkPrograms explores each program again and again; an operation is one
// complete execution.
func BenchmarkPrograms(b *testing.B) {
	for i := range programs {
		p := &programs[i]
		size := p.sizes[len(p.sizes)-1]
		b.Run(p.title(size), func(b *testing.B) {
			b.ReportAllocs()
			for left := b.N; left > 0; {
				r := model.Explore(p.make(size), model.MaxExecutions(left))
				if r.Failure != nil {
					b.Fatal(r.Failure)
				}
				left -= r.Executions
			}
		})
	}
}

// What an exploration holds does not grow with the executions that it has been
// through.
func TestMemoryIsFlat(t *testing.T) {
	for i := range programs {
		p := &programs[i]
		size := p.sizes[len(p.sizes)-1]
		first, last := heapDuring(t, p.make(size), 300, 3000, 1)
		if last > first+first/4+128<<10 {
			t.Errorf("%s: %d bytes are alive after 300 runs, %d after 3000", p.title(size), first, last)
		}
	}
}

// Two engines hand work to each other, which is more to hold than one has.
func TestMemoryIsFlatOnTwoEngines(t *testing.T) {
	const few, many = 300, 30_000
	measured := 0
	for i := range programs {
		p := &programs[i]
		size := p.sizes[len(p.sizes)-1]
		if p.executions(size, model.RC11) < 2*many {
			continue
		}
		measured++
		first, last := heapDuring(t, p.make(size), few, many, 2)
		if last > first+4<<20 {
			t.Errorf("%s: %d bytes are alive after %d runs, %d after %d", p.title(size), first, few, last, many)
		}
	}
	if measured == 0 {
		t.Errorf("no program has %d executions", 2*many)
	}
}

// heapDuring is what is alive in an exploration of f after few runs and after
// many; the same if there are not that many. The other engines wait meanwhile
// at the start of their next run: what they made while the collector marks
// would count as alive.
func heapDuring(t *testing.T, f func(), few, many int64, engines int) (first, last uint64) {
	var looking sync.RWMutex
	var waiting atomic.Int64
	alive := func() uint64 {
		looking.Lock()
		defer looking.Unlock()
		// An engine without work never comes.
		for range 100 {
			if waiting.Load() == int64(engines-1) {
				break
			}
			time.Sleep(time.Millisecond)
		}
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	var runs atomic.Int64
	r := model.Explore(func() {
		switch runs.Add(1) {
		case few:
			first = alive()
			last = first
		case many:
			last = alive()
		default:
			waiting.Add(1)
			looking.RLock()
			waiting.Add(-1)
			looking.RUnlock()
		}
		f()
	}, model.Parallel(engines), model.MaxExecutions(int(many)))
	if r.Failure != nil {
		t.Fatal(r.Failure)
	}
	return first, last
}
