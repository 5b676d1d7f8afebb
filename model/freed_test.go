//go:build fearless_model

package model_test

import (
	"strings"
	"testing"

	"github.com/fearless-go/fearless/atomic"
	"github.com/fearless-go/fearless/cell"
	"github.com/fearless-go/fearless/lock"
	"github.com/fearless-go/fearless/model"
	"github.com/fearless-go/fearless/thread"
)

type node struct {
	next atomic.Ptr[node]
	data cell.UnsafeCell[int]
}

type refcounted struct {
	refs  atomic.Int32
	inner [2]struct{ v atomic.Int32 }
}

func TestFreed(t *testing.T) {
	drop := func(c *refcounted, o atomic.Ordering) {
		if c.refs.FetchSub(1, o) == 1 {
			if o == release {
				atomic.Fence(acquire)
			}
			model.Freed(c)
		}
	}
	for _, test := range []struct {
		name string
		want string // in the message; "": it passes
		f    func()
	}{
		{"by the last owner", "", func() {
			c := new(refcounted)
			c.refs.Store(2, relaxed)
			both(func() {
				c.inner[1].v.FetchAdd(1, relaxed)
				drop(c, release)
			})
		}},
		{"by the last owner, Relaxed", "which does not happen before it is freed by thread", func() {
			c := new(refcounted)
			c.refs.Store(2, relaxed)
			both(func() {
				c.inner[1].v.FetchAdd(1, relaxed)
				drop(c, relaxed)
			})
		}},
		{"and read later by itself", "n.data was freed by thread 0 at freed_test.go:", func() {
			n := new(node)
			n.data.WithMut(func(v *int) { *v = 1 })
			model.Freed(n)
			n.data.With(func(*int) {})
		}},
		{"and loaded later by itself", "n.next was freed by thread 0 at freed_test.go:", func() {
			n := new(node)
			model.Freed(n)
			n.next.Load(relaxed)
		}},
		{"twice", "freed again", func() {
			n := new(node)
			model.Freed(n)
			model.Freed(n)
		}},
		{"a stack that frees what others still look at", "is used by thread", func() {
			var head atomic.Ptr[node]
			n := new(node)
			head.Store(n, release)
			pop := func() {
				for {
					old := head.Load(acquire)
					if old == nil {
						return
					}
					next := old.next.Load(relaxed)
					if _, ok := head.CompareExchange(old, next, acqRel, relaxed); ok {
						model.Freed(old)
						return
					}
				}
			}
			both(pop)
		}},
		{"a lock that its last user has left", "", func() {
			type shared struct{ m lock.Mutex[int] }
			s := new(shared)
			w := thread.Go(func() {
				g := s.m.Lock()
				g.Set(1)
				g.Unlock()
			})
			for {
				g := s.m.Lock()
				done := g.Get() == 1
				g.Unlock()
				if done {
					break
				}
				model.Assume(false)
			}
			model.Freed(s)
			join(w)
		}},
		{"behind a join", "", func() {
			n := new(node)
			w := thread.Go(func() { n.next.Store(n, relaxed); n.data.WithMut(func(v *int) { *v = 2 }) })
			join(w)
			model.Freed(n)
		}},
		{"before a join", "n.data was freed by thread 0", func() {
			n := new(node)
			w := thread.Go(func() { n.data.WithMut(func(v *int) { *v = 2 }) })
			if n.next.Load(relaxed) == nil {
				thread.YieldNow()
			}
			model.Freed(n)
			join(w)
		}},
		{"in a wait", "", func() {
			n, other := new(node), new(node)
			w := thread.Go(func() {
				n.data.WithMut(func(v *int) { *v = 2 })
				other.next.Store(n, release)
			})
			for other.next.Load(acquire) == nil {
				atomic.SpinLoop()
			}
			model.Freed(n)
			join(w)
		}},
		{"nothing in it", "to watch", nil},
	} {
		if test.f == nil {
			test.f = func() { model.Freed(new(int)) }
			test.want = "cannot be watched"
		}
		for _, m := range []model.MemoryModel{model.RC11, model.SC} {
			r := model.Explore(test.f, model.Memory(m))
			switch {
			case test.want == "" || m == model.SC && strings.Contains(test.name, "Relaxed"):
				if r.Failure != nil {
					t.Errorf("%s, %v: %v", test.name, m, r.Failure)
				}
			case r.Failure == nil || !strings.Contains(r.Failure.Message, test.want) && r.Failure.Kind == model.UseAfterFree:
				t.Errorf("%s, %v: %v", test.name, m, r.Failure)
			case r.Failure.Kind == model.UseAfterFree:
				var b strings.Builder
				_ = r.Failure.WriteText(&b)
				if r.Verdict() != model.Failed || !strings.Contains(b.String(), "frees ") || strings.Contains(b.String(), "unknown place") {
					t.Errorf("%s: %s\n%s", test.name, r.Verdict(), b.String())
				}
				if again := model.Explore(test.f, model.Memory(m), model.Replay(r.Failure.Replay)); again.Failure == nil || again.Failure.Message != r.Failure.Message {
					t.Errorf("%s, again: %v for %v", test.name, again.Failure, r.Failure)
				}
			case test.want == "cannot be watched" && r.Failure.Kind == model.Panic:
			default:
				t.Errorf("%s: %v", test.name, r.Failure)
			}
		}
	}
}
