//go:build go1.26 && !go1.28 && !race && !fearless_portable && !fearless_model

package park_test

import (
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fearless-go/fearless/internal/park"
)

// Tokens and limits that meet, for each reason, where the runtime observes the
// waits and where it does not, and while that changes: a token is never lost, nor
// had twice.
func TestObservedWaits(t *testing.T) {
	defer runtime.SetMutexProfileFraction(runtime.SetMutexProfileFraction(1))
	for _, reason := range []park.Reason{park.ForCondition, park.ForMutex, park.ForRead, park.ForWrite, park.ForEnd} {
		var there, back park.Parker
		const rounds = 2000
		done := make(chan int)
		go func() {
			taken := 0
			for i := range rounds {
				if i%3 == 0 {
					there.Arm(park.Timeout(time.Duration(i%7) * time.Microsecond))
				}
				took := there.WaitFor(reason)
				there.Disarm()
				if !took {
					took = there.WaitFor(reason)
				}
				if took {
					taken++
				}
				back.Unpark()
			}
			done <- taken
		}()
		for i := range rounds {
			if i%100 == 0 {
				runtime.SetMutexProfileFraction(i / 100 % 2)
			}
			there.Unpark()
			back.WaitFor(reason)
		}
		if taken := <-done; taken != rounds || there.HasToken() || back.HasToken() {
			t.Errorf("reason %d: %d tokens of %d were taken", reason, taken, rounds)
		}
	}
}

// The goroutine that waits is in no bubble, and the one that wakes it is.
func TestObservedWaitIsEndedFromABubble(t *testing.T) {
	defer runtime.SetMutexProfileFraction(runtime.SetMutexProfileFraction(1))
	for _, reason := range []park.Reason{park.ForCondition, park.ForMutex, park.ForRead, park.ForWrite, park.ForEnd} {
		var p park.Parker
		woken := make(chan bool)
		go func() { woken <- p.WaitFor(reason.Now()) }()
		for !strings.Contains(trace(), "park.(*Parker).observe") {
			runtime.Gosched()
		}
		synctest.Test(t, func(*testing.T) { p.Unpark() })
		if !<-woken {
			t.Errorf("reason %d: no token", reason)
		}
	}
}
