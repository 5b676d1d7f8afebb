//go:build fearless_model

package linear_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/fearless-go/fearless/atomic"
	"github.com/fearless-go/fearless/linear"
	"github.com/fearless-go/fearless/model"
	"github.com/fearless-go/fearless/thread"
)

// both runs the threads side by side, and then last.
func both(last func(), threads ...func()) {
	thread.Scope(func(s *thread.ScopeHandle) {
		for _, f := range threads {
			s.Go(f)
		}
	})
	if last != nil {
		last()
	}
}

type queue interface {
	enqueue(v int) bool
	dequeue() (int, bool)
}

// queueing is a program over a queue: producers and consumers, one of them many.
func queueing(t *testing.T, made func() queue, capacity int, single bool) {
	q := made()
	h := linear.New(t, linear.Queue[int](capacity))
	put := func(v int) {
		h.Do(linear.Enqueue(v), func() linear.Result[int] { return linear.Did[int](q.enqueue(v)) })
	}
	get := func() { h.Do(linear.Dequeue[int](), func() linear.Result[int] { return linear.Got(q.dequeue()) }) }
	if single {
		both(get, func() { put(1); put(2); put(3) }, func() { get(); get() })
		return
	}
	both(get, func() { put(1) }, func() { put(2) }, func() { get() })
}

// programs are structures and their histories; each is broken or not.
var programs = map[string]func(t *testing.T, broken bool){
	"Treiber": func(t *testing.T, broken bool) {
		s := &treiber{broken: broken}
		h := linear.New(t, linear.Stack[int](0))
		push := func(v int) {
			h.Do(linear.Push(v), func() linear.Result[int] { s.push(v); return linear.Did[int](true) })
		}
		pop := func() { h.Do(linear.Pop[int](), func() linear.Result[int] { return linear.Got(s.pop()) }) }
		push(1)
		both(pop, func() { push(2); pop() }, pop)
	},
	"Michael-Scott": func(t *testing.T, broken bool) {
		queueing(t, func() queue { return newMichaelScott(broken) }, 0, false)
	},
	"MPMC ring": func(t *testing.T, broken bool) {
		queueing(t, func() queue { return newRing(broken) }, 2, false)
	},
	"SPSC ring": func(t *testing.T, broken bool) {
		queueing(t, func() queue { return &spsc{broken: broken, see: seqCst, tell: seqCst} }, 2, true)
	},
	"set": func(t *testing.T, broken bool) {
		s := newLockedSet(broken)
		h := linear.New(t, linear.Set[int]())
		insert := func(v int) {
			h.Do(linear.Insert(v), func() linear.Result[int] { return linear.Did[int](s.insert(v)) })
		}
		remove := func(v int) {
			h.Do(linear.Remove(v), func() linear.Result[int] { return linear.Did[int](s.remove(v)) })
		}
		both(nil, func() { insert(1); insert(2) }, func() { insert(1); remove(1) })
	},
	"seqlock": func(t *testing.T, broken bool) {
		s := &seqlock{broken: broken}
		h := linear.New(t, linear.Register(0))
		write := func(v int) {
			h.Do(linear.Write(v), func() linear.Result[int] { s.write(v); return linear.Did[int](true) })
		}
		read := func() {
			h.Do(linear.Read[int](), func() linear.Result[int] {
				v, ok := s.read()
				model.Assume(ok)
				return linear.Value(v)
			})
		}
		both(nil, func() { write(1); write(2) }, func() { read(); read() })
	},
	"LRU": func(t *testing.T, broken bool) {
		c := newLRU(broken)
		h := linear.New(t, lruSpec)
		put := func(k int) { h.Do(lruOp{"put", k}, func() bool { c.put(k); return true }) }
		get := func(k int) { h.Do(lruOp{"get", k}, func() bool { return c.get(k) }) }
		put(1)
		put(2)
		both(func() { get(1); get(2); get(3) }, func() { get(1) }, func() { put(3) })
	},
	"semaphore": func(t *testing.T, broken bool) {
		p := &permits{broken: broken}
		p.n.Store(1, relaxed)
		h := linear.New(t, linear.Semaphore(1))
		take := func() bool {
			return h.Do(linear.TryAcquire(1), func() linear.Result[int] { return linear.Did[int](p.tryAcquire()) }).OK
		}
		use := func() {
			if take() {
				h.Do(linear.Release(1), func() linear.Result[int] { p.release(); return linear.Did[int](true) })
			}
		}
		both(nil, func() { take() }, func() { take() }, use)
	},
	"mutex": func(t *testing.T, broken bool) {
		l := &tryLock{broken: broken}
		h := linear.New(t, linear.Mutex())
		take := func() bool {
			return h.Do(linear.TryLock(), func() linear.Result[bool] { return linear.Did[bool](l.lock()) }).OK
		}
		use := func() {
			if take() {
				h.Do(linear.Unlock(), func() linear.Result[bool] { l.unlock(); return linear.Did[bool](true) })
			}
		}
		both(nil, func() { take() }, func() { take() }, use)
	},
	"counter": func(t *testing.T, broken bool) {
		c := &tally{broken: broken}
		h := linear.New(t, linear.Counter(0))
		add := func() { h.Do(linear.Add(1), func() linear.Result[int] { return linear.Value(c.add()) }) }
		both(add, add, add)
	},
	"register that is cached": func(t *testing.T, broken bool) {
		var shared atomic.Int32
		h := linear.New(t, linear.Register[int32](0))
		reader := func() {
			seen := int32(-1)
			read := func() linear.Result[int32] {
				if v := shared.Load(relaxed); seen < 0 || !broken {
					seen = v
				}
				return linear.Value(seen)
			}
			h.Do(linear.Read[int32](), read)
			h.Do(linear.Write[int32](2), func() linear.Result[int32] { shared.Store(2, relaxed); return linear.Did[int32](true) })
			h.Do(linear.Read[int32](), read)
		}
		both(nil, reader, func() {
			h.Do(linear.Write[int32](1), func() linear.Result[int32] { shared.Store(1, relaxed); return linear.Did[int32](true) })
		})
	},
}

type lruOp struct {
	what string
	key  int
}

// lruSpec is a cache of two keys: its state is the keys, the newest last.
var lruSpec = linear.Spec[[2]int, lruOp, bool]{
	Name: "LRU",
	Init: func() [2]int { return [2]int{} },
	Step: func(s [2]int, op lruOp) []linear.Outcome[[2]int, bool] {
		there := s[0] == op.key || s[1] == op.key
		if op.what == "get" && !there {
			return []linear.Outcome[[2]int, bool]{{State: s, Result: false}}
		}
		if s[1] != op.key {
			s = [2]int{s[1], op.key}
		}
		return []linear.Outcome[[2]int, bool]{{State: s, Result: true}}
	},
}

func TestKnownStructuresAndTheirBrokenTwins(t *testing.T) {
	for name, f := range programs {
		for _, memory := range []model.MemoryModel{model.RC11, model.SC} {
			r := model.Explore(func() { f(t, false) }, model.Memory(memory), model.MaxExecutions(50_000))
			if r.Failure != nil {
				t.Errorf("%s, %v: %v", name, memory, r.Failure)
			}
			t.Logf("%s, %v: %d executions, exhaustive %v, in %v", name, memory, r.Executions, r.Exhaustive, r.Elapsed)
			if name == "MPMC ring" && memory == model.SC {
				continue // its mistake is an ordering
			}
			r = model.Explore(func() { f(t, true) }, model.Memory(memory))
			var violation *linear.Violation
			if r.Failure == nil || r.Failure.Kind != model.NotLinearizable || !errors.As(r.Failure, &violation) {
				t.Errorf("%s, broken, %v: %v after %d executions", name, memory, r.Failure, r.Executions)
				continue
			}
			if len(violation.Operations) < 2 || violation.Explained >= len(violation.Operations) {
				t.Errorf("%s: %+v", name, violation)
			}
		}
	}
}

// A ring of one producer and one consumer that publishes by Release and looks by
// Acquire can be full and empty at once, as in store buffering. No interleaving
// shows that, and no clock: it takes the model's order.
func TestAcquireAndReleaseDoNotMakeARingLinearizable(t *testing.T) {
	program := func() {
		queueing(t, func() queue { return &spsc{see: acquire, tell: release} }, 2, true)
	}
	if r := model.Explore(program); r.Failure == nil || r.Failure.Kind != model.NotLinearizable {
		t.Errorf("RC11: %v", r.Failure)
	}
	if r := model.Explore(program, model.Memory(model.SC)); r.Failure != nil || !r.Exhaustive {
		t.Errorf("SC: %v", r.Failure)
	}
}

// A History costs no execution.
func TestAHistoryIsNoPartOfTheProgram(t *testing.T) {
	program := func(do func(f func())) func() {
		return func() {
			c := new(tally)
			both(nil, func() { do(func() { c.add() }) }, func() { do(func() { c.add() }) }, func() { do(func() { c.n.Load(relaxed) }) })
		}
	}
	plain := model.Explore(program(func(f func()) { f() }))
	var h *linear.History[linear.Op[int], linear.Result[int]]
	with := model.Explore(func() {
		h = linear.New(t, linear.Counter(0))
		program(func(f func()) {
			h.Do(linear.Increase(1), func() linear.Result[int] { f(); return linear.Did[int](true) })
		})()
	})
	if plain.Executions != with.Executions || plain.Blocked != with.Blocked || with.Failure != nil {
		t.Errorf("%v with a history, %v without", with, plain)
	}
}

// Operations that nothing orders may stand in either order, whatever came first in
// the run; those that a thread or a synchronization orders may not.
func TestWhatComesBeforeWhatInAModel(t *testing.T) {
	program := func(o atomic.Ordering) func() {
		return func() {
			h := linear.New(t, linear.Register(0))
			var done atomic.Bool
			both(nil, func() {
				h.Do(linear.Write(1), func() linear.Result[int] { return linear.Did[int](true) })
				done.Store(true, o)
			}, func() {
				if done.Load(acquire) {
					h.Do(linear.Read[int](), func() linear.Result[int] { return linear.Value(0) })
				}
			})
		}
	}
	if r := model.Explore(program(relaxed)); r.Failure != nil {
		t.Errorf("nothing orders the read after the write: %v", r.Failure)
	}
	if r := model.Explore(program(release)); r.Failure == nil || r.Failure.Kind != model.NotLinearizable {
		t.Errorf("the read comes after the write: %v", r.Failure)
	}
}

func TestAHistoryBelongsToOneExecution(t *testing.T) {
	outside := linear.New(t, linear.Counter(0))
	r := model.Explore(func() {
		outside.Do(linear.Add(1), func() linear.Result[int] { return linear.Value(1) })
	})
	var use *linear.UseError
	if r.Failure == nil || !errors.As(r.Failure, &use) || !strings.Contains(r.Failure.Message, "make it inside") {
		t.Errorf("%v", r.Failure)
	}
}

// An operation that panics may or may not have taken effect.
func TestAnOperationThatPanicsIsPending(t *testing.T) {
	for effect, want := range map[int]bool{0: true, 1: true, 2: false} {
		r := model.Explore(func() {
			h := linear.New(t, linear.Counter(0))
			_, _ = thread.Go(func() {
				h.Do(linear.Add(1), func() linear.Result[int] { panic("half done") })
			}).Join()
			h.Do(linear.Count(), func() linear.Result[int] { return linear.Value(effect) })
		})
		if (r.Failure == nil) != want {
			t.Errorf("%d: %v", effect, r.Failure)
		}
	}
}
