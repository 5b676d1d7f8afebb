package bench

import (
	"fmt"
	"sync"

	"github.com/puzpuzpuz/xsync/v4"

	"github.com/fearless-go/fearless/lock"
)

func rwlockCases() []Case {
	return []Case{
		{
			Name: "rwlock/read",
			Subjects: []Subject{
				{By: Ours, New: func() func(int) {
					l := lock.NewRWLock(1)
					return func(n int) { readFearless(l, n) }
				}},
				{By: "sync.RWMutex", New: func() func(int) {
					l, x := new(sync.RWMutex), 1
					return func(n int) { readRWMutex(l, &x, n) }
				}},
				{By: "xsync.RBMutex", New: func() func(int) {
					l, x := xsync.NewRBMutex(), 1
					return func(n int) { readRBMutex(l, &x, n) }
				}},
			},
			Targets: []Target{{Of: "sync.RWMutex", Most: 1.1, Limit: "Unlock inlines; Read is a call, where RWMutex inlines both: with the word that the reader has to leave by as its result it costs 96 of the inliner's 80. " +
				"Counting with an add that cannot fail would fit and would never see a crowd."}},
		},
		{
			Name: "rwlock/write",
			Subjects: []Subject{
				{By: Ours, New: func() func(int) {
					l := lock.NewRWLock(0)
					return func(n int) {
						for range n {
							g := l.Write()
							*g.Ptr()++
							g.Unlock()
						}
					}
				}},
				{By: "sync.RWMutex", New: func() func(int) {
					l, x := new(sync.RWMutex), new(int)
					return func(n int) {
						for range n {
							l.Lock()
							*x++
							l.Unlock()
						}
					}
				}},
				{By: "xsync.RBMutex", New: func() func(int) {
					l, x := xsync.NewRBMutex(), new(int)
					return func(n int) {
						for range n {
							l.Lock()
							*x++
							l.Unlock()
						}
					}
				}},
			},
			Targets: []Target{{Of: "sync.RWMutex", Most: 0.6, Limit: unlockRecovers}},
		},
		{
			Name: "rwlock/read/all-cores", Contended: true,
			Subjects: []Subject{
				{By: Ours, New: func() func(int) {
					l := lock.NewRWLock(1)
					return func(n int) { parallel(cores(), n, func(n int) { readFearless(l, n) }) }
				}},
				{By: "sync.RWMutex", New: func() func(int) {
					l, x := new(sync.RWMutex), 1
					return func(n int) { parallel(cores(), n, func(n int) { readRWMutex(l, &x, n) }) }
				}},
				{By: "xsync.RBMutex", New: func() func(int) {
					l, x := xsync.NewRBMutex(), 1
					return func(n int) { parallel(cores(), n, func(n int) { readRBMutex(l, &x, n) }) }
				}},
			},
			Targets: []Target{{Of: "sync.RWMutex", Most: 0.7, Limit: "Readers that lose races for the counter are given slots of their own (BRAVO), which pays where cores really run at once. " +
				"Where the two processors are not both free, nobody fights for the counter, RWMutex reads for as little as it does alone, and no lock can take 0.7 of two additions."}},
		},
		rwlockMix(90, 10),
		rwlockMix(50, 50),
	}
}

func readFearless(l *lock.RWLock[int], n int) {
	sum := 0
	for range n {
		g := l.Read()
		sum += g.Get()
		g.Unlock()
	}
	must(sum == n, "fearless read %d of %d", sum, n)
}

func readRWMutex(l *sync.RWMutex, x *int, n int) {
	sum := 0
	for range n {
		l.RLock()
		sum += *x
		l.RUnlock()
	}
	must(sum == n, "sync.RWMutex read %d of %d", sum, n)
}

func readRBMutex(l *xsync.RBMutex, x *int, n int) {
	sum := 0
	for range n {
		t := l.RLock()
		sum += *x
		l.RUnlock(t)
	}
	must(sum == n, "xsync.RBMutex read %d of %d", sum, n)
}

// rwlockMix is a case in which of 100 locks so many are for reading and so
// many for writing, on all cores. Writes come evenly, as they do from many clients.
func rwlockMix(reads, writes int) Case {
	every := (reads + writes) / writes
	return Case{
		Name: fmt.Sprintf("rwlock/mix/%d-%d", reads, writes), Contended: true,
		Subjects: []Subject{
			{By: Ours, New: func() func(int) {
				return func(n int) {
					l := lock.NewRWLock(0)
					parallel(cores(), n, func(n int) { mixFearless(l, every, n) })
				}
			}},
			{By: "sync.RWMutex", New: func() func(int) {
				return func(n int) {
					l, x := new(sync.RWMutex), new(int)
					parallel(cores(), n, func(n int) { mixRWMutex(l, x, every, n) })
				}
			}},
			{By: "xsync.RBMutex", New: func() func(int) {
				return func(n int) {
					l, x := xsync.NewRBMutex(), new(int)
					parallel(cores(), n, func(n int) { mixRBMutex(l, x, every, n) })
				}
			}},
		},
		Targets: []Target{{Of: "sync.RWMutex", Most: 1.0, Limit: "The call of Read (see rwlock/read) weighs more than what a write saves. With 90-10 RWMutex takes hardly longer than one goroutine alone: the other sleeps meanwhile. Here the lock changes hands more often."}},
	}
}

func mixFearless(l *lock.RWLock[int], every, n int) {
	for i := range n {
		if i%every == 0 {
			g := l.Write()
			*g.Ptr()++
			g.Unlock()
		} else {
			g := l.Read()
			_ = g.Get()
			g.Unlock()
		}
	}
}

func mixRWMutex(l *sync.RWMutex, x *int, every, n int) {
	for i := range n {
		if i%every == 0 {
			l.Lock()
			*x++
			l.Unlock()
		} else {
			l.RLock()
			_ = *x
			l.RUnlock()
		}
	}
}

func mixRBMutex(l *xsync.RBMutex, x *int, every, n int) {
	for i := range n {
		if i%every == 0 {
			l.Lock()
			*x++
			l.Unlock()
		} else {
			t := l.RLock()
			_ = *x
			l.RUnlock(t)
		}
	}
}
