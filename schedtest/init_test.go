package schedtest_test

import (
	"testing"

	"github.com/fearless-go/fearless/internal/long"
	"github.com/fearless-go/fearless/schedtest"
)

// Goroutines of init are not controlled. One that spins until a controlled one does
// something must not keep that from running, and one that a ticker wakes must not
// hide that a test is blocked.
func TestGoroutinesOfInitThatSpinOrTickLong(t *testing.T) {
	t.Parallel()
	long.Only(t, "hundreds of schedules of many tests")
	opts := module(t, map[string]string{"m_test.go": `package m

import (
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

type spinLock struct{ held atomic.Bool }

func (l *spinLock) Lock() {
	for !l.held.CompareAndSwap(false, true) {
		runtime.Gosched()
	}
}

func (l *spinLock) Unlock() { l.held.Store(false) }

var (
	mu    spinLock
	count int
	asked atomic.Int32
)

func init() {
	go func() {
		for {
			time.Sleep(10 * time.Millisecond)
			mu.Lock()
			count = 0
			mu.Unlock()
		}
	}()
	go func() {
		for {
			if asked.Load() > 0 {
				asked.Add(-1)
			}
			runtime.Gosched()
		}
	}()
}

func TestSpinLock(t *testing.T) {
	var wg sync.WaitGroup
	for range 5 {
		wg.Go(func() {
			for range 5 {
				mu.Lock()
				count++
				runtime.Gosched()
				mu.Unlock()
				time.Sleep(3 * time.Millisecond)
			}
		})
	}
	wg.Wait()
}

func TestServedInASpin(t *testing.T) {
	asked.Add(3)
	for asked.Load() > 0 {
	}
}

func TestServedInASleep(t *testing.T) {
	asked.Add(3)
	for asked.Load() > 0 {
		time.Sleep(time.Millisecond)
	}
}

func TestDeadlock(t *testing.T) {
	mu.Lock()
	defer mu.Unlock()
	<-make(chan bool)
}

func TestLongSleep(t *testing.T) { time.Sleep(30 * time.Minute) }
`})
	opts.Schedules = 20
	results := run(t, opts).Results
	if len(results) != 5 {
		t.Fatalf("%+v", results)
	}
	for _, r := range results {
		switch deadlock := r.Test == "TestDeadlock"; {
		case deadlock && (r.Finding == nil || r.Finding.Kind != schedtest.Deadlock || len(r.Finding.Goroutines) != 1):
			t.Errorf("%s: %+v, want a deadlock", r.Test, r.Finding)
		case !deadlock && r.Verdict != schedtest.Passed:
			t.Errorf("%s is %s: %+v", r.Test, r.Verdict, r.Finding)
		}
	}
}
