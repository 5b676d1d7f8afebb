//go:build !fearless_model

package lockdebug_test

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/fearless-go/fearless/lock"
	"github.com/fearless-go/fearless/lock/lockdebug"
	"github.com/fearless-go/fearless/thread"
)

// meet makes n goroutines come to a point before any goes on, once, and where nobody looks.
func meet(n int) func() {
	var all sync.WaitGroup
	all.Add(n)
	return func() { all.Done(); all.Wait() }
}

// A stuck is a program of goroutines that wait for each other for good, or until
// free is called.
type stuck struct {
	name    string
	run     func()
	waits   int    // how many goroutines wait in the end
	on      string // on what they do, if one may wait for something else on the way
	cycle   int
	certain bool
	limited bool
	behind  int
	says    []string
}

var programs = []stuck{
	{name: "AB-BA", waits: 2, cycle: 2, certain: true, says: []string{"deadlock of 2 goroutines", "waits for Mutex 0x", "programs_test.go:"}, run: func() {
		a, b, both := lock.NewMutex(0), lock.NewMutex(0), meet(2)
		thread.Go(func() { a.Lock(); both(); b.Lock() })
		thread.Go(func() { b.With(func(*int) { both(); a.With(func(*int) {}) }) })
	}},
	{name: "three, and two behind", waits: 5, cycle: 3, certain: true, behind: 2, says: []string{"and 2 more behind them"}, run: func() {
		var m [3]lock.Mutex[int]
		all := meet(4)
		for i := range m {
			thread.Go(func() { m[i].Lock(); all(); m[(i+1)%3].Lock() })
		}
		all()
		thread.Go(func() { m[0].Lock() })
		thread.Go(func() { m[0].Lock() })
	}},
	{name: "a Mutex twice", waits: 1, cycle: 1, certain: true, run: func() {
		m := lock.NewMutex(0)
		thread.Go(func() { m.Lock(); m.Lock() })
	}},
	{name: "reader and writer", waits: 2, cycle: 2, certain: true, says: []string{"RWLock"}, run: func() {
		m, l, both := lock.NewMutex(0), lock.NewRWLock(0), meet(2)
		thread.Go(func() { l.Read(); both(); m.Lock() })
		thread.Go(func() { m.Lock(); both(); l.Write() })
	}},
	{name: "a second reading behind a writer", waits: 2, cycle: 2, certain: true, run: func() {
		l := lock.NewRWLock(0)
		both := meet(2)
		thread.Go(func() {
			l.Read()
			both()
			for r := lockdebug.Snapshot(); len(r.Waits) == 0; r = lockdebug.Snapshot() {
				runtime.Gosched()
			}
			l.Read()
		})
		thread.Go(func() { both(); l.Write() })
	}},
	{name: "an upgrade beside a reader that waits for it", waits: 2, cycle: 2, certain: true, run: func() {
		m, l, both := lock.NewMutex(0), lock.NewRWLock(0), meet(2)
		thread.Go(func() { g := l.UpgradableRead(); m.Lock(); both(); g.Upgrade() })
		thread.Go(func() { l.Read(); both(); m.Lock() })
	}},
	{name: "Join of who waits for the lock", waits: 2, cycle: 2, certain: true, says: []string{"the end of goroutine"}, run: func() {
		m := lock.NewMutex(0)
		thread.Go(func() {
			m.Lock()
			h := thread.Go(func() { m.Lock() })
			h.Thread().ID() // it runs
			h.Join()
		})
	}},
	{name: "Scope of who waits for the lock", waits: 2, cycle: 2, certain: true, says: []string{"Scope"}, run: func() {
		m := lock.NewMutex(0)
		thread.Go(func() { m.With(func(*int) { thread.Scope(func(s *thread.ScopeHandle) { s.Go(func() { m.Lock() }) }) }) })
	}},
	{name: "Once inside of a lock", waits: 2, cycle: 2, certain: true, says: []string{"Once"}, run: func() {
		m, o, both := lock.NewMutex(0), new(lock.Once), meet(2)
		thread.Go(func() { o.Do(func() { both(); m.Lock() }) })
		thread.Go(func() { m.Lock(); both(); o.Do(func() {}) })
	}},
	{name: "Condvar under another lock", waits: 2, cycle: 2, says: []string{"Condvar", "unless one notifies"}, run: func() {
		outer, m, c := lock.NewMutex(0), lock.NewMutex(0), new(lock.Condvar)
		both := meet(2)
		thread.Go(func() {
			outer.Lock()
			both()
			g := m.Lock()
			c.Wait(g)
		})
		thread.Go(func() {
			c.NotifyOne() // it has done so before
			both()
			outer.Lock()
			c.NotifyOne()
		})
	}},
	{name: "Park under a lock", waits: 2, cycle: 2, says: []string{"Unpark", "unless one notifies"}, run: func() {
		m, both, again := lock.NewMutex(0), meet(2), meet(2)
		var parker atomic.Pointer[thread.Thread]
		thread.Go(func() {
			parker.Store(thread.Current())
			both()
			thread.Park() // for the token that is there, or will be
			m.Lock()
			again()
			thread.Park()
		})
		thread.Go(func() {
			both()
			parker.Load().Unpark()
			again()
			m.Lock()
			parker.Load().Unpark()
		})
	}},
	{name: "a timeout will end it", waits: 2, cycle: 2, certain: true, limited: true, says: []string{"until a duration or a context ends it"}, run: func() {
		a, b, both := lock.NewMutex(0), lock.NewMutex(0), meet(2)
		thread.Go(func() { a.Lock(); both(); _, _ = b.LockTimeout(time.Hour) })
		thread.Go(func() { b.Lock(); both(); a.Lock() })
	}},
	{name: "a context in a Join will end it", waits: 2, cycle: 2, certain: true, limited: true, run: func() {
		m := lock.NewMutex(0)
		ctx, cancel := context.WithCancel(context.Background())
		_ = cancel
		thread.Go(func() {
			m.Lock()
			h := thread.Go(func() { m.Lock() })
			h.Thread().ID()
			_, _ = h.JoinContext(ctx)
		})
	}},
	{name: "a timeout of a Condvar under another lock will end it", waits: 2, cycle: 2, limited: true,
		says: []string{"until a duration or a context ends it", "or one notifies"}, run: func() {
			outer, m, c := lock.NewMutex(0), lock.NewMutex(0), new(lock.Condvar)
			both := meet(2)
			thread.Go(func() { outer.Lock(); both(); c.WaitTimeout(m.Lock(), time.Hour) })
			thread.Go(func() { c.NotifyOne(); both(); outer.Lock() })
		}},
	{name: "a cycle with a lock beside one of workers that look again", waits: 3, cycle: 2, limited: true, behind: 1,
		says: []string{"waits for Mutex"}, run: func() {
			outer, m, m2, c, c2 := lock.NewMutex(0), lock.NewMutex(0), lock.NewMutex(0), new(lock.Condvar), new(lock.Condvar)
			notified, all := make(chan bool), meet(3)
			thread.Go(func() {
				outer.Lock()
				c2.NotifyOne()
				all()
				c.WaitTimeout(m.Lock(), time.Hour)
			})
			thread.Go(func() { c.NotifyOne(); close(notified); all(); c2.WaitTimeout(m2.Lock(), time.Hour) })
			thread.Go(func() { <-notified; c.NotifyOne(); all(); outer.Lock() })
		}},
	// And what is no deadlock, as far as anybody knows.
	{name: "workers that notify each other and look again after a while", waits: 3, on: "Condvar", run: func() {
		m, c, all := lock.NewMutex(0), new(lock.Condvar), meet(3)
		for range 2 {
			thread.Go(func() { c.NotifyAll(); all(); c.WaitTimeout(m.Lock(), time.Hour) })
		}
		thread.Go(func() { all(); c.Wait(m.Lock()) }) // behind them
	}},
	{name: "a lock that somebody holds who sleeps", waits: 1, run: func() {
		m, both := lock.NewMutex(0), meet(2)
		thread.Go(func() { m.Lock(); both(); select {} })
		thread.Go(func() { both(); m.Lock() })
	}},
	{name: "a Condvar that nobody has notified yet", waits: 1, run: func() {
		m, c := lock.NewMutex(0), new(lock.Condvar)
		thread.Go(func() { g := m.Lock(); c.Wait(g) })
	}},
	{name: "a Condvar with a notifier that goes on", waits: 2, run: func() {
		outer, m, c := lock.NewMutex(0), lock.NewMutex(0), new(lock.Condvar)
		all := meet(3)
		thread.Go(func() { c.NotifyAll(); all(); select {} })
		thread.Go(func() { outer.Lock(); all(); c.Wait(m.Lock()) })
		thread.Go(func() { c.NotifyAll(); all(); outer.Lock() })
	}},
}
