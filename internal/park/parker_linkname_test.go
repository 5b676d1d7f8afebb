//go:build go1.26 && !go1.28 && !race && !fearless_portable && !fearless_model

package park_test

import (
	"runtime"
	"runtime/pprof"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/fearless-go/fearless/internal/park"
)

func trace() string {
	trace := make([]byte, 1<<20)
	return string(trace[:runtime.Stack(trace, true)])
}

// TestWaitReasons sees that the runtime's numbers for the reasons are right.
func TestWaitReasons(t *testing.T) {
	for reason, want := range map[park.Reason]string{
		park.ForCondition: "[sync.Cond.Wait",
		park.ForMutex:     "[sync.Mutex.Lock",
		park.ForRead:      "[sync.RWMutex.RLock",
		park.ForWrite:     "[sync.RWMutex.Lock",
		park.ForEnd:       "[sync.WaitGroup.Wait",
	} {
		if reason == park.ForEnd && pprof.Lookup("goroutineleak") != nil {
			want = "[sync.Cond.Wait" // in test binaries, where the runtime looks for leaks: see observe
		}
		var p park.Parker
		woken := make(chan bool)
		go func() { woken <- p.WaitFor(reason.At(park.Now())) }()
		// It ends when the goroutine sleeps; a wrong number is told by the test's time limit.
		for !strings.Contains(trace(), want) {
			runtime.Gosched()
		}
		p.Unpark()
		if !<-woken {
			t.Errorf("%s: no token", want)
		}
	}
}

// In a bubble every wait is durable, whatever it is for.
func TestWaitReasonsInABubble(t *testing.T) {
	for _, reason := range []park.Reason{park.ForCondition, park.ForMutex, park.ForRead, park.ForWrite, park.ForEnd} {
		synctest.Test(t, func(t *testing.T) {
			var p park.Parker
			go p.WaitFor(reason.At(park.Now()))
			synctest.Wait()
			if trace := trace(); !strings.Contains(trace, "[sync.Cond.Wait (durable), synctest bubble") {
				t.Errorf("no goroutine waits as in sync.Cond.Wait:\n%s", trace)
			}
			p.Unpark()
		})
	}
}
