package thread_test

import (
	"errors"
	"math"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fearless-go/fearless/thread"
)

// timed is every call here that takes a duration and can be ended before it.
// The call is for the calling goroutine, and free ends it.
var timed = []struct {
	name  string
	begin func() (call func(time.Duration) error, free func())
}{
	{"ParkTimeout", func() (func(time.Duration) error, func()) {
		var me atomic.Pointer[thread.Thread]
		return func(d time.Duration) error {
			me.Store(thread.Current())
			if !thread.ParkTimeout(d) {
				return thread.ErrTimeout
			}
			return nil
		}, func() { me.Load().Unpark() }
	}},
	{"JoinHandle.JoinTimeout", func() (func(time.Duration) error, func()) {
		end := make(chan struct{})
		h := thread.Go(func() { <-end })
		return func(d time.Duration) error {
			_, err := h.JoinTimeout(d)
			return err
		}, func() { close(end) }
	}},
	{"JoinSet.JoinNextTimeout", func() (func(time.Duration) error, func()) {
		end, s := make(chan struct{}), new(thread.JoinSet[int])
		s.Spawn(func() int { <-end; return 0 })
		return func(d time.Duration) error {
			_, err := s.JoinNextTimeout(d)
			return err
		}, func() { close(end) }
	}},
}

func TestDurations(t *testing.T) {
	for _, c := range timed {
		t.Run(c.name, func(t *testing.T) {
			for _, d := range []time.Duration{math.MinInt64, math.MinInt64 + 1, -time.Hour, -1, 0, 1, time.Hour} {
				synctest.Test(t, func(t *testing.T) {
					call, free := c.begin()
					start := time.Now()
					if err := call(d); !errors.Is(err, thread.ErrTimeout) {
						t.Errorf("%v: %v", d, err)
					}
					if waited := time.Since(start); waited != max(d, 0) {
						t.Errorf("%v: it waited for %v", d, waited)
					}
					free()
				})
			}
			for _, d := range []time.Duration{math.MaxInt64, math.MaxInt64 - 1, 2 * time.Hour} {
				synctest.Test(t, func(t *testing.T) {
					call, free := c.begin()
					done := make(chan struct{})
					go func() {
						defer close(done)
						if err := call(d); err != nil {
							t.Errorf("%v: %v", d, err)
						}
					}()
					time.Sleep(time.Hour)
					select {
					case <-done:
						t.Errorf("%v: it did not wait", d)
					default:
					}
					free()
					<-done
				})
			}
		})
	}
}

func TestSleepOfThePast(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		for _, d := range []time.Duration{math.MinInt64, -1, 0} {
			thread.Sleep(d)
		}
		if waited := time.Since(start); waited != 0 {
			t.Errorf("it slept for %v", waited)
		}
	})
}
