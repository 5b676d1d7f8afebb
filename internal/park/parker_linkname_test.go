//go:build go1.26 && !go1.28 && !race && !fearless_portable && !fearless_model

package park_test

import (
	"runtime"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/fearless-go/fearless/internal/park"
)

// TestWaitReason sees that the runtime's number for the reason is right.
func TestWaitReason(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var p park.Parker
		go p.Wait()
		synctest.Wait()
		trace := make([]byte, 1<<20)
		trace = trace[:runtime.Stack(trace, true)]
		if !strings.Contains(string(trace), "[sync.Cond.Wait (durable), synctest bubble") {
			t.Errorf("no goroutine waits as in sync.Cond.Wait:\n%s", trace)
		}
		p.Unpark()
	})
}
