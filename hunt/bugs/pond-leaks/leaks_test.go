package leaks

import (
	"context"
	"runtime"
	"testing"
	"time"

	"github.com/alitto/pond"
)

// StopAndWaitFor starts a goroutine that sends on a channel without a buffer when the
// workers have gone. After the deadline nobody receives: the goroutine stays for good.
// Wait of a group with a context does the same when the context is done first.
//
// Mend: a buffer of one, or close the channel.
//
// run: go test -count=1
// shows: goroutines are left
func TestLeaks(t *testing.T) {
	const times = 20
	before := runtime.NumGoroutine()
	free := make(chan struct{})
	for range times {
		pool := pond.New(1, 1)
		pool.Submit(func() { <-free })
		pool.StopAndWaitFor(time.Millisecond)

		pool = pond.New(1, 1)
		ctx, cancel := context.WithCancel(context.Background())
		group, _ := pool.GroupContext(ctx)
		group.Submit(func() error { <-free; return nil })
		cancel()
		_ = group.Wait()
		defer pool.StopAndWait()
	}
	close(free) // every task ends
	for range 500 {
		if runtime.NumGoroutine() <= before+times { // a pool that was not stopped has a goroutine or two
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	stacks := make([]byte, 1<<20)
	t.Fatalf("%d goroutines are left\n%s", runtime.NumGoroutine()-before, stacks[:runtime.Stack(stacks, true)])
}
