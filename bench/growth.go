package bench

import (
	"fmt"
	"runtime"
	"slices"
	"sync"
	std "sync/atomic"
	"time"

	"github.com/fearless-go/fearless/lock"
)

// growthCases are what a lock costs as more and more goroutines meet at it. The
// picture shows them as curves, a chart for each name without its number.
func growthCases() []Case {
	return slices.Concat(growing("growth/mutex/waiters", []int{10, 100, 1000, 10000}, func(n int) Case {
		return Case{Unit: "ns/waiter", Subjects: []Subject{
			{By: Ours, Sample: func() float64 {
				m := lock.NewMutex(0)
				g := m.Lock()
				return released(n, func() { m.Lock().Unlock() }, g.Unlock)
			}},
			{By: "sync.Mutex", Sample: func() float64 {
				var m sync.Mutex
				m.Lock()
				return released(n, func() { m.Lock(); defer m.Unlock() }, m.Unlock)
			}},
		}}
	}), growing("growth/rwlock/readers-waiting", []int{10, 100, 1000, 10000}, func(n int) Case {
		return Case{Unit: "ns/waiter", Subjects: []Subject{
			{By: Ours, Sample: func() float64 {
				m := lock.NewRWLock(0)
				g := m.Write()
				return released(n, func() { m.Read().Unlock() }, g.Unlock)
			}},
			{By: "sync.RWMutex", Sample: func() float64 {
				var m sync.RWMutex
				m.Lock()
				return released(n, func() { m.RLock(); defer m.RUnlock() }, m.Unlock)
			}},
		}}
	}), growing("growth/rwlock/readers", []int{1, 10, 100, 1000}, func(n int) Case {
		return Case{Subjects: []Subject{
			{By: Ours, Sample: func() float64 {
				m := lock.NewRWLock(0)
				return reading(n, func() { m.Read().Unlock() })
			}},
			{By: "sync.RWMutex", Sample: func() float64 {
				var m sync.RWMutex
				return reading(n, func() { m.RLock(); defer m.RUnlock() })
			}},
		}}
	}))
}

// growing returns a case for each number, with the number as the end of its name.
func growing(name string, numbers []int, make func(n int) Case) []Case {
	var all []Case
	for _, n := range numbers {
		c := make(n)
		c.Name = fmt.Sprintf("%s/%d", name, n)
		all = append(all, c)
	}
	return all
}

// released lets n goroutines call enter, which waits until free is called, and
// returns how long, for each of them, it takes from then until all have been in.
func released(n int, enter, free func()) float64 {
	var came std.Int64
	var all sync.WaitGroup
	for range n {
		all.Go(func() {
			came.Add(1)
			enter()
		})
	}
	for came.Load() < int64(n) {
		runtime.Gosched()
	}
	// The last of them may still be on their way to the queue, or spin.
	for range 10 {
		time.Sleep(100 * time.Microsecond)
	}
	start := time.Now()
	free()
	all.Wait()
	return float64(time.Since(start)) / float64(n)
}

// reading returns how long one of many reads takes if n goroutines share them: by the
// clock, so that several processors make it shorter.
func reading(n int, read func()) float64 {
	const reads = 1 << 19 // so many that the start of a thousand goroutines is little beside them
	start := time.Now()
	parallel(n, reads, func(share int) {
		for range share {
			read()
		}
	})
	return float64(time.Since(start)) / reads
}
