package thread_test

import (
	"context"
	"errors"
	"runtime"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fearless-go/fearless/thread"
)

func TestUnparkBeforeParkIsKeptOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		me := thread.Current()
		me.Unpark()
		me.Unpark()
		me.Unpark()
		thread.Park()
		start := time.Now()
		if thread.ParkTimeout(time.Hour) {
			t.Error("three Unparks made two tokens")
		}
		if time.Since(start) != time.Hour {
			t.Errorf("parked for %v", time.Since(start))
		}
		if thread.TryPark() {
			t.Error("TryPark took a token from nowhere")
		}
	})
}

func TestUnparkWakes(t *testing.T) {
	var mu sync.Mutex
	queue := 0
	const items = 5000
	consumer := thread.Spawn(func() int {
		taken := 0
		for taken < items {
			mu.Lock()
			n := queue
			queue = 0
			mu.Unlock()
			if n == 0 {
				thread.Park()
			}
			taken += n
		}
		return taken
	})
	for range items {
		mu.Lock()
		queue++
		mu.Unlock()
		consumer.Thread().Unpark()
	}
	if n, err := consumer.Join(); n != items || err != nil {
		t.Errorf("%d, %v", n, err)
	}
}

func TestParkContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	parked := thread.Spawn(func() error { return thread.ParkContext(ctx) })
	cancel()
	if err, _ := parked.Join(); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	thread.Current().Unpark()
	if err := thread.ParkContext(ctx); err != nil {
		t.Errorf("a token loses against a context that is done: %v", err)
	}
	if err := thread.ParkContext(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

// unseen is a flag that the race detector does not see, and so no edge for it.
type unseen struct{ set bool }

//go:norace
func (u *unseen) raise() { u.set = true }

//go:norace
func (u *unseen) raised() bool { return u.set }

func TestMergedUnparksAllHappenBefore(t *testing.T) {
	// Under -race this fails if only one of the Unparks synchronizes.
	for range 200 {
		data := make([]int, 4)
		var all unseen
		h := thread.Spawn(func() int {
			for !all.raised() {
				thread.YieldNow()
			}
			thread.Park()
			sum := 0
			for _, d := range data {
				sum += d
			}
			return sum
		})
		var wg sync.WaitGroup
		for i := range data {
			wg.Go(func() {
				data[i] = 1
				h.Thread().Unpark()
			})
		}
		wg.Wait()
		all.raise()
		if sum, _ := h.Join(); sum != len(data) {
			t.Fatal(sum)
		}
	}
}

func TestCurrent(t *testing.T) {
	me := thread.Current()
	if me != thread.Current() || me.ID() == 0 {
		t.Error("Current changes, or has no number")
	}
	h, err := thread.SpawnWith(thread.Builder{Name: "worker"}, thread.Current)
	if err != nil {
		t.Fatal(err)
	}
	id := h.Thread().ID()
	if th, _ := h.Join(); th != h.Thread() || th.Name() != "worker" || th.ID() != id || id == me.ID() {
		t.Errorf("inside: %v %q, outside: %v", th.ID(), th.Name(), id)
	}
	if s := thread.ThreadID(18).String(); s != "ThreadId(18)" {
		t.Error(s)
	}
}

func TestForeignGoroutineKeepsItsTokenThroughGarbageCollection(t *testing.T) {
	unpark := func() {
		me := thread.Current()
		done := make(chan bool)
		go func() {
			me.Unpark()
			close(done)
		}()
		<-done
	}
	for range 300 { // push it out of every cache
		unpark()
		for range 300 {
			thread.Go(func() { thread.Current() }).Join()
		}
		runtime.GC()
		runtime.GC()
		if !thread.TryPark() {
			t.Fatal("the token is gone")
		}
		if testing.Short() || raceEnabled {
			break
		}
	}
}

// TestGoroutinesThatCameAndWent: what Current made for them is freed.
func TestGoroutinesThatCameAndWent(t *testing.T) {
	goroutines := 1_000_000
	if testing.Short() || raceEnabled {
		goroutines = 50_000
	}
	heap := func() uint64 {
		runtime.GC()
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	churn := func(n int) {
		for range n / 100 {
			var wg sync.WaitGroup
			for range 100 {
				wg.Go(func() {
					me := thread.Current()
					if me.ID()%2 == 0 {
						me.Unpark() // and leave the token
					}
				})
			}
			wg.Wait()
		}
	}
	churn(goroutines / 10)
	before := heap()
	churn(goroutines)
	if after := heap(); after > before+8<<20 {
		t.Errorf("%d goroutines left %d KiB behind", goroutines, (after-before)>>10)
	}
}
