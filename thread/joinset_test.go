package thread_test

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fearless-go/fearless/thread"
)

// Results come in the order in which the threads end.
func TestJoinSetAsTheyCome(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var s thread.JoinSet[int]
		for i := range 5 {
			s.Spawn(func() int { thread.Sleep(time.Duration(5-i) * time.Second); return i })
		}
		if s.Len() != 5 {
			t.Error(s.Len())
		}
		var got []int
		for v, err := range s.Results() {
			if got = append(got, v); err != nil {
				t.Error(err)
			}
			if len(got) == 3 {
				s.Spawn(func() int { return 9 }) // the loop may start more
				synctest.Wait()
			}
		}
		if !slices.Equal(got, []int{4, 3, 2, 9, 1, 0}) || s.Len() != 0 {
			t.Error(got, s.Len())
		}
	})
}

func TestJoinSetShapes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		silently(t)
		var s thread.JoinSet[int]
		if _, err := s.JoinNext(); !errors.Is(err, thread.ErrNoThreads) {
			t.Error(err)
		}
		if _, err := s.TryJoinNext(); !errors.Is(err, thread.ErrNoThreads) {
			t.Error(err)
		}
		end := make(chan struct{})
		s.Spawn(func() int { <-end; return 1 })
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := s.TryJoinNext(); !errors.Is(err, thread.ErrRunning) {
			t.Error(err)
		}
		if _, err := s.JoinNextTimeout(time.Second); !errors.Is(err, thread.ErrTimeout) {
			t.Error(err)
		}
		if _, err := s.JoinNextContext(ctx); !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
		close(end)
		synctest.Wait()
		if v, err := s.TryJoinNext(); v != 1 || err != nil { // what timed out has taken nothing
			t.Error(v, err)
		}
		s.Spawn(func() int { panic("in the set") })
		var p *thread.PanicError
		if _, err := s.JoinNext(); !errors.As(err, &p) || p.Value != "in the set" {
			t.Error(err)
		}
		s.Spawn(func() int { runtime.Goexit(); return 0 })
		if _, err := s.JoinNextContext(t.Context()); !errors.Is(err, thread.ErrGoexit) {
			t.Error(err)
		}
	})
}

func TestJoinSetRefuses(t *testing.T) {
	var s thread.JoinSet[int]
	var bad *thread.BuilderError
	if _, err := s.SpawnWith(thread.Builder{StackSize: -1}, func() int { return 0 }); !errors.As(err, &bad) {
		t.Error(err)
	}
	th, err := s.SpawnWith(thread.Builder{Name: "worker"}, func() int { return len(thread.Current().Name()) })
	if err != nil || th.Name() != "worker" {
		t.Error(th, err)
	}
	if n, err := s.JoinNext(); n != 6 || err != nil {
		t.Error(n, err)
	}
	end := make(chan struct{})
	held := thread.Go(func() { <-end })
	thread.SetLimit(1)
	var limit *thread.LimitError
	if err, _ := recovered(func() { s.Spawn(func() int { return 0 }) }).(error); !errors.As(err, &limit) {
		t.Error(err)
	}
	thread.SetLimit(0)
	close(end)
	_, _ = held.Join()
	if _, err := s.JoinNext(); !errors.Is(err, thread.ErrNoThreads) { // the one that did not start is not waited for
		t.Error(err)
	}
}

// Several goroutines share the results, each has one, and those that come too
// late are told that nothing is left.
func TestJoinSetOfManyJoiners(t *testing.T) {
	for range 20 {
		var s thread.JoinSet[int]
		var sum, empty atomic.Int64
		end := make(chan struct{})
		for i := range 50 {
			s.Spawn(func() int {
				if i%2 == 0 {
					<-end
				}
				return i
			})
		}
		thread.Scope(func(scope *thread.ScopeHandle) {
			for range 60 {
				scope.Go(func() {
					v, err := s.JoinNext()
					switch {
					case errors.Is(err, thread.ErrNoThreads):
						empty.Add(1)
					case err != nil:
						t.Error(err)
					}
					sum.Add(int64(v))
				})
			}
			close(end)
		})
		if sum.Load() != 49*50/2 || empty.Load() != 10 {
			t.Fatal(sum.Load(), empty.Load())
		}
	}
}

// A timeout that comes at the moment of a result loses neither.
func TestJoinSetTimeoutBesideAnEnd(t *testing.T) {
	var s thread.JoinSet[int]
	for i := range 300 {
		s.Spawn(func() int { time.Sleep(time.Duration(i%7) * 10 * time.Microsecond); return i })
		for {
			v, err := s.JoinNextTimeout(30 * time.Microsecond)
			if errors.Is(err, thread.ErrTimeout) {
				continue
			}
			if v != i || err != nil {
				t.Fatal(v, err)
			}
			break
		}
	}
}
