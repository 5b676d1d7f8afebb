package linear_test

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/fearless-go/fearless/linear"
)

// A recorder is a test whose failures are the test's subject.
type recorder struct {
	testing.TB
	failures []string
	cleanups []func()
}

func (r *recorder) Helper()                   {}
func (r *recorder) Cleanup(f func())          { r.cleanups = append(r.cleanups, f) }
func (r *recorder) Errorf(_ string, a ...any) { r.failures = append(r.failures, a[0].(error).Error()) }

func (r *recorder) end() string {
	for _, f := range r.cleanups {
		f()
	}
	return strings.Join(r.failures, "\n")
}

// A call is an operation and what it returned.
type call[O, R any] struct {
	op O
	r  R
}

// fits reports whether one goroutine could have made the calls.
func fits[S, O, R any](t *testing.T, spec linear.Spec[S, O, R], calls ...call[O, R]) bool {
	t.Helper()
	h := linear.New(&quiet{TB: t}, spec)
	for _, c := range calls {
		if got := h.Do(c.op, func() R { return c.r }); any(got) == nil {
			t.Error("Do returns what the operation returned")
		}
	}
	return h.Check() == nil
}

type quiet struct{ testing.TB }

func (*quiet) Helper()        {}
func (*quiet) Cleanup(func()) {}

func TestReadySpecifications(t *testing.T) {
	type is = call[linear.Op[int], linear.Result[int]]
	type lock = call[linear.Op[bool], linear.Result[bool]]
	type key = call[linear.KeyOp[string, int], linear.Result[int]]
	yes, no := linear.Did[int](true), linear.Did[int](false)
	on, off := linear.Did[bool](true), linear.Did[bool](false)
	none := linear.Got(5, false)
	for name, ok := range map[string]bool{
		"register": fits(t, linear.Register(1), is{linear.Read[int](), linear.Value(1)}, is{linear.Write(2), yes}, is{linear.Read[int](), linear.Value(2)},
			is{linear.CompareAndSwap(1, 3), no}, is{linear.CompareAndSwap(2, 3), yes}, is{linear.Read[int](), linear.Value(3)}),
		"not a register": !fits(t, linear.Register(1), is{linear.Write(2), yes}, is{linear.Read[int](), linear.Value(1)}),
		"counter": fits(t, linear.Counter(1), is{linear.Add(2), linear.Value(3)}, is{linear.FetchAdd(2), linear.Value(3)}, is{linear.Increase(1), yes},
			is{linear.Count(), linear.Value(6)}),
		"not a counter": !fits(t, linear.Counter(0), is{linear.Add(1), linear.Value(1)}, is{linear.Add(1), linear.Value(1)}),
		"set": fits(t, linear.Set[int](), is{linear.Contains(1), no}, is{linear.Insert(1), yes}, is{linear.Insert(1), no}, is{linear.Insert(2), yes},
			is{linear.Remove(1), yes}, is{linear.Remove(1), no}, is{linear.Contains(2), yes}),
		"not a set": !fits(t, linear.Set[int](), is{linear.Insert(2), yes}, is{linear.Contains(2), no}),
		"map": fits(t, linear.Map[string, int](), key{linear.Load[string, int]("a"), none}, key{linear.Store("a", 1), yes}, key{linear.Load[string, int]("a"), linear.Value(1)},
			key{linear.LoadOrStore("a", 2), linear.Value(1)}, key{linear.LoadOrStore("b", 2), linear.Value(2)}, key{linear.Delete[string, int]("a"), yes},
			key{linear.Delete[string, int]("a"), no}),
		"not a map":     !fits(t, linear.Map[string, int](), key{linear.Store("a", 1), yes}, key{linear.Load[string, int]("a"), linear.Value(2)}),
		"stack":         fits(t, linear.Stack[int](2), is{linear.Push(1), yes}, is{linear.Push(2), yes}, is{linear.Push(3), no}, is{linear.Pop[int](), linear.Value(2)}, is{linear.Pop[int](), linear.Value(1)}, is{linear.Pop[int](), none}),
		"not a stack":   !fits(t, linear.Stack[int](0), is{linear.Push(1), yes}, is{linear.Push(2), yes}, is{linear.Pop[int](), linear.Value(1)}),
		"queue":         fits(t, linear.Queue[int](2), is{linear.Enqueue(1), yes}, is{linear.Put(2), yes}, is{linear.Enqueue(3), no}, is{linear.Dequeue[int](), linear.Value(1)}, is{linear.Take[int](), linear.Value(2)}, is{linear.Dequeue[int](), none}),
		"not a queue":   !fits(t, linear.Queue[int](0), is{linear.Enqueue(1), yes}, is{linear.Enqueue(2), yes}, is{linear.Dequeue[int](), linear.Value(2)}),
		"a full Put":    !fits(t, linear.Queue[int](1), is{linear.Put(1), yes}, is{linear.Put(2), yes}),
		"an empty Take": !fits(t, linear.Queue[int](1), is{linear.Take[int](), linear.Value(0)}),
		"mutex":         fits(t, linear.Mutex(), lock{linear.Lock(), on}, lock{linear.TryLock(), off}, lock{linear.Unlock(), on}, lock{linear.TryLock(), on}),
		"not a mutex":   !fits(t, linear.Mutex(), lock{linear.Lock(), on}, lock{linear.Lock(), on}),
		"unlocked":      !fits(t, linear.Mutex(), lock{linear.Unlock(), on}),
		"semaphore":     fits(t, linear.Semaphore(2), is{linear.Acquire(1), yes}, is{linear.TryAcquire(2), no}, is{linear.TryAcquire(1), yes}, is{linear.Release(2), yes}, is{linear.Acquire(2), yes}),
		"no semaphore":  !fits(t, linear.Semaphore(1), is{linear.Acquire(1), yes}, is{linear.Acquire(1), yes}),
	} {
		if !ok {
			t.Error(name)
		}
	}
}

func TestAFailureTellsTheHistory(t *testing.T) {
	dir := t.TempDir()
	if err := flag.Set("linear.html", dir); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = flag.Set("linear.html", "") }()
	rec := &recorder{TB: t}
	h := linear.New(rec, linear.Stack[int](0))
	h.Do(linear.Push(1), func() linear.Result[int] { return linear.Did[int](true) })
	h.Do(linear.Push(2), func() linear.Result[int] { return linear.Did[int](true) })
	h.Do(linear.Pop[int](), func() linear.Result[int] { return linear.Value(1) })
	text := rec.end()
	for _, want := range []string{"operations of a stack have no order", "at most 2 of 3 fit", "Push(1) = true", "Pop() = 1    after 2", "picture: "} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in %s", want, text)
		}
	}
	page, err := os.ReadFile(filepath.Join(dir, t.Name()+".html"))
	if err != nil || !strings.Contains(string(page), "Pop() = 1") {
		t.Errorf("the page: %v", err)
	}
	if err := flag.Set("linear.html", filepath.Join(dir, "no", "such")); err != nil {
		t.Fatal(err)
	}
	if err := h.Check(); err == nil || !strings.Contains(err.Error(), "no page: ") {
		t.Error(err)
	}
}

func TestAnOperationThatTheSpecificationDoesNotHave(t *testing.T) {
	h := linear.New(&quiet{TB: t}, linear.Stack[int](0))
	h.Do(linear.Dequeue[int](), func() linear.Result[int] { return linear.Value(1) })
	defer func() {
		var op *linear.OpError
		if err, ok := recover().(error); !ok || !errors.As(err, &op) || op.Op != "Dequeue()" {
			t.Errorf("%v", err)
		}
	}()
	_ = h.Check()
	t.Error("no panic")
}

// Goroutines, a real clock and porcupine.
func TestStructuresUnderAnOrdinaryTest(t *testing.T) {
	for range 20 {
		s := new(treiber)
		h := linear.New(t, linear.Stack[int](0))
		var wg sync.WaitGroup
		for g := range 4 {
			wg.Go(func() {
				for i := range 5 {
					h.Do(linear.Push(10*g+i), func() linear.Result[int] { s.push(10*g + i); return linear.Did[int](true) })
					h.Do(linear.Pop[int](), func() linear.Result[int] { return linear.Got(s.pop()) })
				}
			})
		}
		wg.Wait()
	}
}

// A pop that has not returned when the test ends may have taken effect.
func TestAnOperationUnderWayMayHaveTakenEffect(t *testing.T) {
	h := linear.New(&quiet{TB: t}, linear.Stack[int](0))
	h.Do(linear.Push(1), func() linear.Result[int] { return linear.Did[int](true) })
	entered, leave := make(chan bool), make(chan bool)
	var wg sync.WaitGroup
	wg.Go(func() {
		h.Do(linear.Pop[int](), func() linear.Result[int] { entered <- true; <-leave; return linear.Value(1) })
	})
	<-entered
	for range 2 {
		h.Do(linear.Pop[int](), func() linear.Result[int] { return linear.Got(0, false) })
	}
	if err := h.Check(); err != nil {
		t.Error(err)
	}
	close(leave)
	wg.Wait()
}
