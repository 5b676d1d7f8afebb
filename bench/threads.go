package bench

import (
	"runtime"
	"sync"

	"github.com/sourcegraph/conc"
	"golang.org/x/sync/errgroup"

	"github.com/fearless-go/fearless/thread"
)

func threadCases() []Case {
	return []Case{
		{
			Name: "thread/spawn-join",
			Subjects: []Subject{
				{By: Ours, New: func() func(int) {
					return func(n int) {
						for i := range n {
							v, err := thread.Spawn(func() int { return i }).Join()
							if v != i || err != nil {
								must(false, "%d, %v for %d", v, err, i)
							}
						}
					}
				}},
				{By: "WaitGroup.Go", New: func() func(int) {
					return func(n int) {
						for i := range n {
							var all sync.WaitGroup
							v := 0
							all.Go(func() { v = i })
							all.Wait()
							if v != i {
								must(false, "%d for %d", v, i)
							}
						}
					}
				}},
				{By: "chan", New: func() func(int) {
					return func(n int) {
						for i := range n {
							c := make(chan int, 1)
							go func() { c <- i }()
							v := <-c
							if v != i {
								must(false, "%d for %d", v, i)
							}
						}
					}
				}},
				{By: "errgroup", New: func() func(int) {
					return func(n int) {
						for i := range n {
							var g errgroup.Group
							v := 0
							g.Go(func() error { v = i; return nil })
							if g.Wait() != nil || v != i {
								must(false, "%d for %d", v, i)
							}
						}
					}
				}},
				{By: "conc", New: func() func(int) {
					return func(n int) {
						for i := range n {
							var g conc.WaitGroup
							v := 0
							g.Go(func() { v = i })
							g.Wait()
							if v != i {
								must(false, "%d for %d", v, i)
							}
						}
					}
				}},
			},
			Targets: []Target{{Of: "WaitGroup.Go", Most: 1.2, Limit: "See thread/scope/4."}},
		},
		{
			Name: "thread/scope/4",
			Subjects: []Subject{
				{By: Ours, New: func() func(int) {
					return func(n int) {
						for range n {
							thread.Scope(func(s *thread.ScopeHandle) {
								for range 4 {
									s.Go(func() {})
								}
							})
						}
					}
				}},
				{By: "conc", New: func() func(int) {
					return func(n int) {
						for range n {
							var g conc.WaitGroup
							for range 4 {
								g.Go(func() {})
							}
							g.Wait()
						}
					}
				}},
				{By: "errgroup", New: func() func(int) {
					return func(n int) {
						for range n {
							var g errgroup.Group
							for range 4 {
								g.Go(func() error { return nil })
							}
							must(g.Wait() == nil, "errgroup failed")
						}
					}
				}},
				{By: "WaitGroup.Go", New: func() func(int) {
					return func(n int) {
						for range n {
							var all sync.WaitGroup
							for range 4 {
								all.Go(func() {})
							}
							all.Wait()
						}
					}
				}},
			},
			Targets: []Target{{Of: "conc", Most: 1.0, Limit: "A scoped thread has a handle to join it by, an identity, a token to park by and a panic of its own, in one allocation of some 160 bytes and one for the goroutine's start; conc has one of 16 in all. " +
				"That, and the memory that the collector has to sweep, is the difference; the registration of threads, which was part of it, takes no lock any more."}},
		},
		{
			Name: "thread/alive/100000", Unit: "bytes",
			Subjects: []Subject{
				{By: Ours, Sample: func() float64 {
					end := make(chan struct{})
					return bytesAlive(end, func() func() {
						h := thread.Go(func() { <-end })
						return func() {
							_, err := h.Join()
							must(err == nil, "%v", err)
						}
					})
				}},
				{By: "go", Sample: func() float64 {
					end := make(chan struct{})
					return bytesAlive(end, func() func() {
						done := make(chan struct{})
						go func() {
							<-end
							close(done)
						}()
						return func() { <-done }
					})
				}},
			},
		},
	}
}

const manyThreads = 100_000

// bytesAlive returns how much memory one of many threads takes that wait for
// end, with what it takes to join it.
func bytesAlive(end chan struct{}, start func() (join func())) float64 {
	joins := make([]func(), manyThreads)
	before := bytesInUse()
	for i := range joins {
		joins[i] = start()
	}
	for range 10 {
		runtime.Gosched()
	}
	used := bytesInUse() - before
	close(end)
	for _, join := range joins {
		join()
	}
	return float64(used) / manyThreads
}

func bytesInUse() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapInuse + m.StackInuse
}
