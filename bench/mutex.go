package bench

import (
	"fmt"
	"sync"
	"time"

	"github.com/sasha-s/go-deadlock"

	"github.com/fearless-go/fearless/lock"
)

const unlockRecovers = "Unlock recovers, to see a panic of the function that deferred it, and Go inlines nothing that recovers. The call alone costs nothing that can be measured, " +
	"the runtime's look for a panic one or two nanoseconds; nothing else that Go lets a library read tells that a goroutine panics."

const contendedTried = "Tried: barging, spinning and the hand-over after 1 ms as sync.Mutex has them; an unlock that wakes nobody while somebody is awake or has the lock; " +
	"a way in that skips the queue's lock; spinning two to sixteen times as long, with fewer looks at the lock, which gains a little with a short section and loses more with a long one."

func mutexCases() []Case {
	cases := []Case{
		{
			Name: "mutex/plain",
			Subjects: []Subject{
				{By: Ours, New: func() func(int) {
					m := lock.NewMutex(0)
					return func(n int) {
						for range n {
							g := m.Lock()
							*g.Ptr()++
							g.Unlock()
						}
					}
				}},
				{By: "sync.Mutex", New: func() func(int) {
					m, x := new(sync.Mutex), new(int)
					return func(n int) {
						for range n {
							m.Lock()
							*x++
							m.Unlock()
						}
					}
				}},
				{By: "go-deadlock", New: func() func(int) {
					m, x := new(deadlock.Mutex), new(int)
					return func(n int) {
						for range n {
							m.Lock()
							*x++
							m.Unlock()
						}
					}
				}},
			},
			Targets: []Target{{Of: "sync.Mutex", Most: 1.05, Limit: unlockRecovers}},
		},
		{
			Name: "mutex/defer",
			Subjects: []Subject{
				{By: Ours, New: func() func(int) {
					m := lock.NewMutex(0)
					return func(n int) {
						for range n {
							func() {
								g := m.Lock()
								defer g.Unlock()
								*g.Ptr()++
							}()
						}
					}
				}},
				mutexDeferred(),
			},
			Targets: []Target{{Of: "sync.Mutex", Most: 1.4}},
		},
		{
			Name: "mutex/with",
			Subjects: []Subject{
				{By: Ours, New: func() func(int) {
					m := lock.NewMutex(0)
					return func(n int) {
						for range n {
							m.With(func(v *int) { *v++ })
						}
					}
				}},
				mutexDeferred(),
			},
			Targets: []Target{{Of: "sync.Mutex", Most: 1.1}},
		},
		{
			Name: "mutex/try",
			Subjects: []Subject{
				{By: Ours, New: func() func(int) {
					m := lock.NewMutex(0)
					return func(n int) {
						for range n {
							if g, err := m.TryLock(); err == nil {
								*g.Ptr()++
								g.Unlock()
							}
						}
					}
				}},
				{By: "sync.Mutex", New: func() func(int) {
					m, x := new(sync.Mutex), new(int)
					return func(n int) {
						for range n {
							if m.TryLock() {
								*x++
								m.Unlock()
							}
						}
					}
				}},
			},
		},
		{
			Name: "mutex/timeout",
			Subjects: []Subject{
				{By: Ours, New: func() func(int) {
					m := lock.NewMutex(0)
					return func(n int) {
						for range n {
							if g, err := m.LockTimeout(time.Hour); err == nil {
								*g.Ptr()++
								g.Unlock()
							}
						}
					}
				}},
				{By: "chan+Timer", New: func() func(int) {
					m, x := make(chan struct{}, 1), new(int)
					timer := time.NewTimer(time.Hour)
					return func(n int) {
						for range n {
							timer.Reset(time.Hour)
							select {
							case m <- struct{}{}:
								*x++
								<-m
							case <-timer.C:
							}
						}
						timer.Stop()
					}
				}},
			},
		},
	}
	for _, width := range []int{2, 4, 16, 64} {
		for _, section := range []struct {
			name string
			work int
		}{{"short", 0}, {"long", longWork}} {
			cases = append(cases, mutexContended(fmt.Sprintf("mutex/%d/%s", width, section.name), width, section.work))
		}
	}
	return append(cases, mutexFairness(16)...)
}

func mutexDeferred() Subject {
	return Subject{By: "sync.Mutex", New: func() func(int) {
		m, x := new(sync.Mutex), new(int)
		return func(n int) {
			for range n {
				func() {
					m.Lock()
					defer m.Unlock()
					*x++
				}()
			}
		}
	}}
}

func mutexContended(name string, width, section int) Case {
	limit := unlockRecovers + " That lies inside of the critical section, which threads that do nothing else notice. " + contendedTried
	if section > 0 {
		limit = "Both take the time of the section, which is hundreds of times that of the lock: what is above the target is how much the machine varies."
	}
	return Case{
		Name: name, Contended: true,
		Subjects: []Subject{
			{By: Ours, New: func() func(int) {
				return func(n int) {
					m := lock.NewMutex(0)
					parallel(width, n, func(n int) { lockFearless(m, section, n) })
					must(*m.GetMut() == n, "fearless: %d of %d", *m.GetMut(), n)
				}
			}},
			{By: "sync.Mutex", New: func() func(int) {
				return func(n int) {
					m, x := new(sync.Mutex), 0
					parallel(width, n, func(n int) { lockSync(m, &x, section, n) })
					must(x == n, "sync.Mutex: %d of %d", x, n)
				}
			}},
		},
		Targets: []Target{{Of: "sync.Mutex", Most: 1.0, Limit: limit}},
	}
}

// The loops stand in functions of their own, because the compiler inlines
// hardly anything in a function as large as one that lists many cases.

func lockFearless(m *lock.Mutex[int], section, n int) {
	for range n {
		g := m.Lock()
		work(section)
		*g.Ptr()++
		g.Unlock()
	}
}

func lockSync(m *sync.Mutex, x *int, section, n int) {
	for range n {
		m.Lock()
		work(section)
		*x++
		m.Unlock()
	}
}

// fairFor is how long threads fight for a lock whose fairness is measured.
const fairFor = 100 * time.Millisecond

func mutexFairness(width int) []Case {
	ours := func() func() func() {
		m := lock.NewMutex(0)
		return func() func() { return m.Lock().Unlock }
	}
	std := func() func() func() {
		m := new(sync.Mutex)
		return func() func() { m.Lock(); return m.Unlock }
	}
	return []Case{
		{
			Name: fmt.Sprintf("mutex/fair/longest-wait/%d", width), Unit: "ms",
			Subjects: []Subject{
				{By: Ours, Sample: func() float64 { wait, _ := fight(width, ours()); return wait }},
				{By: "sync.Mutex", Sample: func() float64 { wait, _ := fight(width, std()); return wait }},
			},
			Targets: []Target{{Of: "sync.Mutex", Most: 1.0, Limit: "Both hand the lock over to who has waited for 1 ms; the rest is how soon the scheduler runs it."}},
		},
		{
			Name: fmt.Sprintf("mutex/fair/max-by-min/%d", width), Unit: "shares",
			Subjects: []Subject{
				{By: Ours, Sample: func() float64 { _, share := fight(width, ours()); return share }},
				{By: "sync.Mutex", Sample: func() float64 { _, share := fight(width, std()); return share }},
			},
		},
	}
}

// fight lets goroutines lock again and again for a time. It returns the longest
// wait in milliseconds, and how many times as often as the one that got the
// lock least the one got it that got it most.
func fight(goroutines int, lock func() func()) (longest, maxByMin float64) {
	var all sync.WaitGroup
	waits, shares := make([]time.Duration, goroutines), make([]int, goroutines)
	end := time.Now().Add(fairFor)
	for i := range goroutines {
		all.Go(func() {
			for before := time.Now(); before.Before(end); {
				unlock := lock()
				now := time.Now()
				waits[i] = max(waits[i], now.Sub(before))
				shares[i]++
				work(longWork)
				before = time.Now()
				unlock()
			}
		})
	}
	all.Wait()
	most, least := 0, int(^uint(0)>>1)
	for i := range goroutines {
		longest = max(longest, waits[i].Seconds()*1000)
		most, least = max(most, shares[i]), min(least, shares[i])
	}
	return longest, float64(most) / float64(max(least, 1))
}
