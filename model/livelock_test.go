//go:build fearless_model

package model_test

import (
	"strings"
	"testing"

	"github.com/fearless-go/fearless/atomic"
	"github.com/fearless-go/fearless/lock"
	"github.com/fearless-go/fearless/model"
	"github.com/fearless-go/fearless/thread"
)

// enter is the entry to a critical section with courtesy: who sees that the other one
// wants to enter, too, steps back, and tries again.
func enter(mine, other *atomic.Bool) {
	mine.Store(true, seqCst)
	for other.Load(seqCst) {
		mine.Store(false, seqCst)
		mine.Store(true, seqCst)
	}
	mine.Store(false, seqCst)
}

// Steps that a fair scheduler can repeat for ever, by loops that keep nothing, are a
// livelock. The message has them.
func TestLivelocksAreFound(t *testing.T) {
	for _, test := range []struct {
		name string
		want []string
		f    func()
	}{
		{"courtesy", []string{"a fair scheduler can repeat", "thread 0 goes round in", "thread 1 goes round in", "mine.Store(false) SeqCst at livelock_test.go:"}, func() {
			var a, b atomic.Bool
			w := thread.Go(func() { enter(&a, &b) })
			enter(&b, &a)
			join(w)
		}},
		{"two compare-exchanges", []string{"x.CompareExchange(0, 1)", "x.CompareExchange(1, 0)"}, func() {
			var x, stop atomic.Int32
			w := thread.Go(func() {
				for stop.Load(relaxed) == 0 {
					x.CompareExchange(0, 1, acqRel, relaxed)
				}
			})
			for stop.Load(relaxed) == 0 {
				x.CompareExchange(1, 0, acqRel, relaxed)
			}
			join(w)
		}},
		{"a flag that is behind a lock, and nobody sets", []string{"thread 0 waits for the end of thread 1", "locks m"}, func() {
			m := lock.NewMutex(0)
			w := thread.Go(func() {
				for {
					g := m.Lock()
					if g.Get() == 1 {
						g.Unlock()
						return
					}
					g.Unlock()
				}
			})
			join(w)
		}},
		{"locks that are tried, and given back", []string{"thread 1 goes round in"}, func() {
			a, b := lock.NewMutex(0), lock.NewMutex(0)
			both := func(first, second *lock.Mutex[int]) {
				for {
					g := first.Lock()
					if h, err := second.TryLock(); err == nil {
						h.Unlock()
						g.Unlock()
						return
					}
					g.Unlock()
				}
			}
			w := thread.Go(func() { both(a, b) })
			both(b, a)
			join(w)
		}},
		{"a variable that is read anew in each round", []string{"locks m"}, func() {
			m := lock.NewMutex(0)
			for done := false; !done; {
				g := m.Lock()
				done = g.Get() == 1
				g.Unlock()
			}
		}},
		{"a store in a loop that waits for nobody", []string{"y.Store(0)"}, func() {
			var x, y atomic.Int32
			for x.Load(acquire) == 0 {
				y.Store(0, relaxed)
			}
		}},
	} {
		r := model.Explore(test.f, model.Bound(300))
		if r.Failure == nil || r.Failure.Kind != model.Livelock || r.Verdict() != model.Failed {
			t.Errorf("%s: %s, %v", test.name, r.Verdict(), r.Failure)
			continue
		}
		for _, want := range test.want {
			if !strings.Contains(r.Failure.Error(), want) {
				t.Errorf("%s: no %q in %v", test.name, want, r.Failure)
			}
		}
		if n := len(r.Failure.Replay); n > 1000 {
			t.Errorf("%s: the replay takes %d bytes", test.name, n)
		}
		again := model.Explore(test.f, model.Bound(300), model.Replay(r.Failure.Replay))
		if again.Failure == nil || again.Failure.Error() != r.Failure.Error() {
			t.Errorf("%s, again: %v for %v", test.name, again.Failure, r.Failure)
		}
	}
}

// What a fair scheduler ends, or a loop may end by itself, is no livelock. The verdict
// is undecided, for the bound of events was met, and the message says why.
func TestALimitIsNoLivelock(t *testing.T) {
	for _, test := range []struct {
		name string
		want []string
		f    func()
	}{
		{"one that stores until another one is there", []string{"goes round", "y.Store(0)"}, func() {
			var x, y atomic.Int32
			w := thread.Go(func() { x.Store(1, release) })
			for x.Load(acquire) == 0 {
				y.Store(0, relaxed)
			}
			join(w)
		}},
		{"one that polls under a lock that another one waits for", []string{"more than 300 events"}, func() {
			m := lock.NewMutex(0)
			w := thread.Go(func() { m.With(func(v *int) { *v = 1 }) })
			for {
				g := m.Lock()
				if g.Get() == 1 {
					g.Unlock()
					break
				}
				g.Unlock()
			}
			join(w)
		}},
		{"one that polls under a spin lock that another one waits for", []string{"more than 300 events"}, func() {
			var busy, x atomic.Int32
			lock := func() {
				for busy.Swap(1, acquire) == 1 {
					atomic.SpinLoop()
				}
			}
			w := thread.Go(func() {
				lock()
				x.Store(1, relaxed)
				busy.Store(0, release)
			})
			for {
				lock()
				found := x.Load(relaxed)
				busy.Store(0, release)
				if found == 1 {
					break
				}
			}
			join(w)
		}},
		{"one that counts in an atomic", []string{"more than 300 events"}, func() {
			var x atomic.Int32
			for x.FetchAdd(1, relaxed) >= 0 {
			}
		}},
		{"courtesy that has an end", []string{"whether a loop among them ends by itself is not known", "tries"}, func() {
			var a, b atomic.Bool
			enter := func(mine, other *atomic.Bool) {
				mine.Store(true, seqCst)
				for tries := 0; other.Load(seqCst) && tries < 100_000; tries++ {
					mine.Store(false, seqCst)
					mine.Store(true, seqCst)
				}
				mine.Store(false, seqCst)
			}
			w := thread.Go(func() { enter(&a, &b) })
			enter(&b, &a)
			join(w)
		}},
		{"a lock behind which something is counted", []string{"whether a loop among them ends by itself is not known"}, func() {
			m := lock.NewMutex(0)
			for {
				g := m.Lock()
				if n := g.Get(); n == 100_000 {
					break
				} else {
					g.Set(n + 1)
				}
				g.Unlock()
			}
		}},
		{"a lock behind which a closure counts", []string{"whether a loop among them ends by itself is not known"}, func() {
			m := lock.NewMutex(0)
			for {
				enough := false
				m.With(func(v *int) {
					*v++
					enough = *v == 100_000
				})
				if enough {
					break
				}
			}
		}},
		{"a variable that is made of what it was", []string{"whether a loop among them ends by itself is not known"}, func() {
			m := lock.NewMutex(1)
			for sum := 0; sum < 100_000; {
				g := m.Lock()
				sum = sum + g.Get()
				g.Unlock()
			}
		}},
		{"a choice", []string{"more than 300 events"}, func() {
			var x atomic.Int32
			for model.Choose(2) == 0 {
				x.Store(1, relaxed)
				x.Store(0, relaxed)
			}
		}},
	} {
		r := model.Explore(test.f, model.Bound(300))
		if r.Failure == nil || r.Failure.Kind != model.Limit || r.Verdict() != model.Undecided {
			t.Errorf("%s: %s, %v", test.name, r.Verdict(), r.Failure)
			continue
		}
		for _, want := range test.want {
			if !strings.Contains(r.Failure.Error(), want) {
				t.Errorf("%s: no %q in %v", test.name, want, r.Failure)
			}
		}
	}
}
