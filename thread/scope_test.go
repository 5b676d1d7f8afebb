package thread_test

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/fearless-go/fearless/thread"
)

// recovered returns what f panics with.
func recovered(f func()) (value any) {
	defer func() { value = recover() }()
	f()
	return nil
}

func TestScopeWaitsForAll(t *testing.T) {
	var ended atomic.Int64
	thread.Scope(func(s *thread.ScopeHandle) {
		for range 10 {
			s.Go(func() {
				time.Sleep(time.Millisecond)
				s.Go(func() { // from inside a scoped thread
					time.Sleep(time.Millisecond)
					ended.Add(1)
				})
				ended.Add(1)
			})
		}
	})
	if ended.Load() != 20 {
		t.Errorf("%d of 20 threads had ended", ended.Load())
	}
}

func TestScopedJoin(t *testing.T) {
	quiet(t)
	thread.Scope(func(s *thread.ScopeHandle) {
		if v, err := thread.SpawnScoped(s, func() int { return 3 }).Join(); v != 3 || err != nil {
			t.Errorf("%v, %v", v, err)
		}
		// A joined panic is the joiner's affair.
		var e *thread.PanicError
		if _, err := s.Go(func() { panic("mine") }).Join(); !errors.As(err, &e) || e.Value != "mine" {
			t.Errorf("%v", err)
		}
	})
}

func TestScopePanicsForUnjoinedThreads(t *testing.T) {
	seen := quiet(t)
	cause := errors.New("cause")
	var ended atomic.Bool
	value := recovered(func() {
		thread.Scope(func(s *thread.ScopeHandle) {
			s.Go(func() { panic(cause) })
			s.Go(func() { panic("two") })
			s.Go(func() {
				time.Sleep(5 * time.Millisecond)
				ended.Store(true)
			})
		})
	})
	var e *thread.ScopePanicError
	err, _ := value.(error)
	if !errors.As(err, &e) || len(e.Panics) != 2 || !errors.Is(err, cause) {
		t.Fatalf("%v", value)
	}
	if !strings.Contains(err.Error(), "cause") || !strings.Contains(err.Error(), "two") {
		t.Error(err)
	}
	if !ended.Load() {
		t.Error("the scope did not wait for the third thread")
	}
	if len(seen()) != 2 {
		t.Errorf("the hook saw %v", seen())
	}
}

func TestScopeWhoseFunctionPanicsStillWaits(t *testing.T) {
	quiet(t)
	var ended atomic.Bool
	value := recovered(func() {
		thread.Scope(func(s *thread.ScopeHandle) {
			s.Go(func() { panic("a thread") })
			s.Go(func() {
				time.Sleep(5 * time.Millisecond)
				ended.Store(true)
			})
			panic("the function")
		})
	})
	if value != "the function" || !ended.Load() {
		t.Errorf("%v, ended: %v", value, ended.Load())
	}
}

func TestScopeAndGoexit(t *testing.T) {
	var ended atomic.Int64
	_, err := thread.Go(func() {
		thread.Scope(func(s *thread.ScopeHandle) {
			s.Go(func() {
				defer ended.Add(1)
				runtime.Goexit()
			})
			s.Go(func() {
				time.Sleep(5 * time.Millisecond)
				ended.Add(1)
			})
			runtime.Goexit()
		})
	}).Join()
	if !errors.Is(err, thread.ErrGoexit) || ended.Load() != 2 {
		t.Errorf("%v, %d threads had ended", err, ended.Load())
	}
}

// A Goexit of a thread that nobody joined ends the one that waits for the scope,
// after all others have ended, and cancels the scope's context. A panic goes first.
func TestScopePassesGoexitOn(t *testing.T) {
	scopes := map[string]func(f func(s *thread.ScopeHandle)){
		"Scope": thread.Scope,
		"ScopeContext": func(f func(s *thread.ScopeHandle)) {
			thread.ScopeContext(t.Context(), func(ctx context.Context, s *thread.ScopeHandle) {
				f(s)
				<-ctx.Done()
				if context.Cause(ctx) != thread.ErrGoexit {
					t.Errorf("the context was canceled because of %v", context.Cause(ctx))
				}
			})
		},
	}
	for name, scope := range scopes {
		t.Run(name, func(t *testing.T) {
			var ended atomic.Bool
			_, err := thread.Spawn(func() error {
				scope(func(s *thread.ScopeHandle) {
					thread.SpawnScoped(s, func() int { runtime.Goexit(); return 1 })
					s.Go(func() {
						time.Sleep(5 * time.Millisecond)
						ended.Store(true)
					})
				})
				t.Error("the scope is silent")
				return nil
			}).Join()
			if err != thread.ErrGoexit || !ended.Load() {
				t.Errorf("%v, the other thread had ended: %v", err, ended.Load())
			}
		})
	}
	thread.Scope(func(s *thread.ScopeHandle) {
		if _, err := s.Go(runtime.Goexit).Join(); err != thread.ErrGoexit {
			t.Error(err)
		}
	}) // joined: it returns
	value := recovered(func() {
		thread.Scope(func(s *thread.ScopeHandle) {
			s.Go(runtime.Goexit)
			s.Go(func() { panic("a panic") })
		})
	})
	if _, ok := value.(*thread.ScopePanicError); !ok {
		t.Errorf("a panic and a Goexit: %v", value)
	}
}

func TestSpawnAfterTheEndPanics(t *testing.T) {
	var kept *thread.ScopeHandle
	thread.Scope(func(s *thread.ScopeHandle) { kept = s })
	err, _ := recovered(func() { kept.Go(func() { t.Error("it ran") }) }).(error)
	var ended *thread.ScopeEndedError
	if !errors.As(err, &ended) {
		t.Errorf("%v", err)
	}
}

func TestScopeContext(t *testing.T) {
	quiet(t)
	var cause error
	value := recovered(func() {
		thread.ScopeContext(t.Context(), func(ctx context.Context, s *thread.ScopeHandle) {
			s.Go(func() {
				<-ctx.Done()
				cause = context.Cause(ctx)
			})
			s.Go(func() { panic("sibling") })
		})
	})
	var e *thread.PanicError
	if !errors.As(cause, &e) || e.Value != "sibling" {
		t.Errorf("cause: %v", cause)
	}
	if _, ok := value.(*thread.ScopePanicError); !ok {
		t.Errorf("%v", value)
	}

	value = recovered(func() {
		thread.ScopeContext(t.Context(), func(ctx context.Context, s *thread.ScopeHandle) {
			s.Go(func() { <-ctx.Done() })
			panic("the function")
		})
	})
	if value != "the function" {
		t.Errorf("%v", value)
	}

	parent, cancel := context.WithCancel(t.Context())
	thread.ScopeContext(parent, func(ctx context.Context, s *thread.ScopeHandle) {
		s.Go(func() { <-ctx.Done() })
		cancel()
	})
}

// TestLongScope: a scope remembers nothing of a thread that has ended.
func TestLongScope(t *testing.T) {
	threads := 200_000
	if testing.Short() || raceEnabled {
		threads = 20_000
	}
	heap := func() uint64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	thread.Scope(func(s *thread.ScopeHandle) {
		run := func(n int) {
			for range n {
				<-s.Go(func() {}).Done()
			}
		}
		run(1000)
		before := heap()
		run(threads)
		if after := heap(); after > before+2<<20 {
			t.Errorf("%d ended threads hold %d KiB", threads, (after-before)>>10)
		}
	})
}
