//go:build fearless_model

package model_test

import (
	"regexp"
	"sync"
	"testing"

	"github.com/fearless-go/fearless/atomic"
	"github.com/fearless-go/fearless/cell"
	"github.com/fearless-go/fearless/lock"
	"github.com/fearless-go/fearless/model"
	"github.com/fearless-go/fearless/thread"
)

// apart runs f on a goroutine that the model does not know, to its end.
func apart(f func()) {
	done := make(chan int)
	go func() {
		defer close(done)
		f()
	}()
	<-done
}

func TestAForeignGoroutineThatIsTheFirstIsNoticed(t *testing.T) {
	for name, f := range map[string]func(){
		"an atomic": func() {
			var ready atomic.Bool
			apart(func() { ready.Store(true, release) })
			_ = ready.Load(acquire)
		},
		"a pointer, used by another thread": func() {
			var p atomic.Ptr[int]
			apart(func() { _ = p.Load(acquire) })
			join(thread.Go(func() { p.Store(new(int), release) }))
		},
		"plain data": func() {
			var c cell.UnsafeCell[int]
			apart(func() { c.WithMut(func(p *int) { *p = 1 }) })
			c.With(func(*int) {})
		},
		"a lock": func() {
			m := lock.NewMutex(0)
			apart(func() { m.With(func(v *int) { *v++ }) })
			m.With(func(v *int) { *v++ })
		},
		"a token": func() {
			main := thread.Current()
			apart(func() { main.Unpark() })
			thread.Park()
		},
		"in a later execution": func() {
			var a atomic.Int32
			u := thread.Go(func() { a.Store(1, relaxed) })
			seen := a.Load(relaxed)
			join(u)
			var b atomic.Int32
			if seen == 0 {
				apart(func() { b.Store(1, relaxed) })
			}
			_ = b.Load(relaxed)
		},
	} {
		for _, engines := range []int{1, 3} {
			r := model.Explore(f, model.Parallel(engines))
			want := regexp.MustCompile(`^foreign goroutine: thread [01] (\S+ )?uses (\S+|its token) at foreign_test.go:\d+, which a goroutine`)
			if r.Failure == nil || r.Failure.Kind != model.Foreign || !want.MatchString(r.Failure.Message) {
				t.Errorf("%s: %v", name, r.Failure)
			}
		}
	}
}

// What is made outside, and used there while no execution uses it, is no
// mistake, whatever else is explored at the time.
func TestObjectsMadeAndUsedOutsideAreNotForeign(t *testing.T) {
	quit := make(chan int)
	var background sync.WaitGroup
	background.Go(func() {
		for {
			select {
			case <-quit:
				return
			default:
				model.Explore(increments(3))
			}
		}
	})
	var tests sync.WaitGroup
	for range 4 {
		tests.Go(func() {
			for range 100 {
				var global atomic.Int32
				var data cell.UnsafeCell[int]
				m := lock.NewMutex(0)
				use := func() {
					global.FetchAdd(1, acqRel)
					data.WithMut(func(p *int) { *p++ })
					m.With(func(v *int) { *v++ })
				}
				use()
				f := func() { join(thread.Go(use)) }
				for _, engines := range []int{1, 2} {
					if r := model.Explore(f, model.Parallel(engines)); r.Failure != nil || r.Executions != 1 {
						t.Error(r)
					}
					use()
				}
			}
		})
	}
	tests.Wait()
	close(quit)
	background.Wait()
}
