//go:build fearless_model

package model_test

import (
	"regexp"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/fearless-go/fearless/atomic"
	"github.com/fearless-go/fearless/cell"
	"github.com/fearless-go/fearless/model"
	"github.com/fearless-go/fearless/thread"
)

func TestAThreadThatLeavesTheModelIsFound(t *testing.T) {
	rarely := model.LookOften()
	defer rarely()
	quit := make(chan int) // what is left behind ends with the test
	defer close(quit)
	for _, test := range []struct {
		name string
		f    func()
		want string
	}{
		{"a channel", func() { <-quit }, `chan receive at outside_test.go:\d+; use packages`},
		{"a channel, in another thread", func() { join(thread.Go(func() { <-quit })) }, `chan receive at outside_test.go:\d+`},
		{"a select", func() {
			select {
			case <-quit:
			case <-make(chan int):
			}
		}, `select at outside_test.go:\d+`},
		{"a mutex of package sync", func() {
			var m sync.Mutex
			m.Lock()
			go func() { <-quit; m.Unlock() }()
			m.Lock()
		}, `(sync.Mutex.Lock|sync.Mutex.*) at outside_test.go:\d+`},
		{"a sleep", func() { time.Sleep(time.Hour) }, `sleep at outside_test.go:\d+`},
		{"a loop without end", func() {
			for {
				select {
				case <-quit:
					return
				default:
					runtime.Gosched()
				}
			}
		}, `nor to an operation that the model knows: run.* at outside_test.go:\d+`},
	} {
		r := model.Explore(test.f)
		if r.Failure == nil || r.Failure.Kind != model.Unsupported || !regexp.MustCompile(test.want).MatchString(r.Failure.Message) {
			t.Errorf("%s: %v; want %q", test.name, r.Failure, test.want)
		}
	}
	rarely() // these come to the engine's own bound, which takes longer than often, on a machine with much to do
	for name, f := range map[string]func(){
		"yields for ever": func() {
			for {
				thread.YieldNow()
			}
		},
		"sleeps for ever after a store": func() {
			var a atomic.Int32
			a.Store(1, atomic.Relaxed)
			for {
				thread.Sleep(time.Second)
			}
		},
		"waits for a plain variable": func() {
			done := false
			w := thread.Go(func() { done = true })
			for !done {
				thread.YieldNow()
			}
			join(w)
		},
		"writes plain data for ever": func() {
			var c cell.UnsafeCell[int]
			for {
				c.WithMut(func(p *int) { *p++ })
			}
		},
		"reads plain data for ever": func() {
			var c cell.UnsafeCell[int]
			w := thread.Go(func() {
				for {
					c.With(func(*int) {})
				}
			})
			join(w)
		},
	} {
		r := model.Explore(f)
		if r.Failure == nil || r.Failure.Kind != model.Unsupported || !regexp.MustCompile(`in a loop at outside_test.go:\d+ .* SpinLoop or YieldNow`).MatchString(r.Failure.Message) {
			t.Errorf("%s: %v", name, r.Failure)
		}
	}
	// Whoever comes after is not disturbed.
	if r := model.Explore(increments(3)); r.Failure != nil || !r.Exhaustive {
		t.Errorf("%v", r)
	}
}

func TestALoopThatRecoversIsEnded(t *testing.T) {
	load := func(x *atomic.Int32) {
		defer func() { _ = recover() }()
		x.Load(atomic.Acquire)
	}
	for name, f := range map[string]func(){
		"main": func() {
			var x atomic.Int32
			for {
				load(&x)
			}
		},
		"a thread": func() {
			var x atomic.Int32
			w := thread.Go(func() {
				for {
					load(&x)
				}
			})
			x.Store(1, atomic.Release)
			join(w)
		},
		"after a failure": func() {
			var x atomic.Int32
			thread.Go(func() { x.Store(1, atomic.Release) })
			for range 10 {
				func() {
					defer func() { _ = recover() }()
					model.Assert(x.Load(atomic.Acquire) == 0)
				}()
			}
			for {
				load(&x)
			}
		},
	} {
		r := model.Explore(f)
		if r.Failure == nil {
			t.Errorf("%s: no failure: %v", name, r)
		}
	}
}

func TestGoexitInAThread(t *testing.T) {
	r := explore(t, func() {
		_, err := thread.Go(runtime.Goexit).Join()
		model.Observe(err)
	})
	if r.Outcomes[thread.ErrGoexit.Error()] != 1 {
		t.Error(r.Outcomes)
	}
}

func TestAThousandThreads(t *testing.T) {
	r := explore(t, func() {
		thread.Scope(func(s *thread.ScopeHandle) {
			for range 1000 {
				s.Go(func() {})
			}
		})
	}, model.Threads(1500))
	if r.Executions != 1 || !r.Exhaustive {
		t.Errorf("%v", r)
	}
}
