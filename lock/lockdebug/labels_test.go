//go:build go1.26 && !go1.28 && !fearless_portable && !fearless_model

package lockdebug_test

import (
	"context"
	"encoding/json"
	"fmt"
	"runtime/pprof"
	"strings"
	"testing"

	"github.com/fearless-go/fearless/lock"
	"github.com/fearless-go/fearless/lock/lockdebug"
	"github.com/fearless-go/fearless/thread"
)

// The labels are those that the goroutine has when it locks and when it begins to
// wait, its own or those it was started with.
func TestLabels(t *testing.T) {
	fresh(t)
	a, b := lock.NewMutex(0), lock.NewMutex(0)
	free := make(chan struct{})
	held := make(chan struct{})
	pprof.Do(t.Context(), pprof.Labels("request", "7", "user", strings.Repeat("x", 50)), func(ctx context.Context) {
		thread.Go(func() { // has them from who started it
			g := a.Lock()
			pprof.SetGoroutineLabels(context.Background())
			h := b.Lock()
			close(held)
			<-free
			h.Unlock()
			g.Unlock()
		})
		<-held
		thread.Go(func() {
			pprof.Do(ctx, pprof.Labels("step", "two"), func(context.Context) { a.Lock().Unlock() })
		})
	})
	r := afterWaits(1)
	for _, l := range r.Locks {
		if l.Waiters == 1 {
			if got := l.Holders[0].Labels; len(got) != 2 || got["request"] != "7" {
				t.Errorf("the holder of the first has %v", got)
			}
		} else if got := l.Holders[0].Labels; got != nil {
			t.Errorf("the holder of the second has %v", got)
		}
	}
	if got := r.Waits[0].Labels; len(got) != 3 || got["step"] != "two" {
		t.Errorf("who waits has %v", got)
	}
	var text strings.Builder
	if err := r.WriteText(&text); err != nil || !strings.Contains(text.String(), "{request: 7, step: two, user: "+strings.Repeat("x", 39)+"…}") {
		t.Error(err, text.String())
	}
	if data, err := json.Marshal(r.Waits[0]); err != nil || !strings.Contains(string(data), `"step":"two"`) {
		t.Error(err, string(data))
	}
	close(free)
	a.Lock().Unlock()
}

func ExampleLabels() {
	lockdebug.Enable()
	defer lockdebug.Disable()
	m := lock.NewMutex(0)
	pprof.Do(context.Background(), pprof.Labels("request", "7"), func(context.Context) {
		m.With(func(*int) {
			fmt.Println(lockdebug.Snapshot().Locks[0].Holders[0].Labels)
		})
	})
	// Output: {request: 7}
}
