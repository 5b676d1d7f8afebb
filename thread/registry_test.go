package thread_test

import (
	"runtime"
	"sync"
	"testing"

	"github.com/fearless-go/fearless/thread"
)

// More threads than the registry has quick places for.
func TestCurrentOfVeryManyThreads(t *testing.T) {
	const n = 10_000
	end := make(chan struct{})
	var started sync.WaitGroup
	handles := make([]*thread.JoinHandle[*thread.Thread], n)
	for i := range handles {
		started.Add(1)
		handles[i] = thread.Spawn(func() *thread.Thread {
			first := thread.Current()
			started.Done()
			<-end
			if thread.Current() != first {
				t.Error("Current returned another Thread")
			}
			return first
		})
	}
	started.Wait()
	close(end)
	ids := map[thread.ThreadID]bool{}
	for _, h := range handles {
		me, err := h.Join()
		if err != nil || me != h.Thread() || ids[me.ID()] {
			t.Fatalf("%v: Current was %p, the handle's Thread is %p", err, me, h.Thread())
		}
		ids[me.ID()] = true
	}
}

// A goroutine that this package did not start keeps a token that nobody else
// can reach, over a collection, however often it had one before.
func TestForeignTokenSurvivesCollections(t *testing.T) {
	done := make(chan bool)
	go func() {
		defer close(done)
		for round := range 20 {
			thread.Current().Unpark()
			runtime.GC()
			runtime.GC()
			if !thread.TryPark() {
				t.Errorf("round %d: the token is gone", round)
			}
			if thread.TryPark() {
				t.Errorf("round %d: the token was there twice", round)
			}
		}
	}()
	<-done
}

// Goroutines that used tokens and ended do not pile up.
func TestForeignThreadsAreForgotten(t *testing.T) {
	if testing.Short() {
		t.Skip("collects garbage of thousands of goroutines")
	}
	const n = 20_000
	weight := func() uint64 {
		runtime.GC()
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before := weight()
	for range n {
		done := make(chan struct{})
		go func() {
			defer close(done)
			me := thread.Current()
			for range 20 {
				me.Unpark()
				thread.Park()
			}
		}()
		<-done
	}
	// All of them would be some hundred bytes each; what is left is one for each
	// goroutine that lived at the same time.
	if after := weight(); after > before+n*100 {
		t.Errorf("%d bytes for each of %d goroutines that ended", (after-before)/n, n)
	}
}
