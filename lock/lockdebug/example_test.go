//go:build !fearless_model

package lockdebug_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"time"

	"github.com/fearless-go/fearless/lock"
	"github.com/fearless-go/fearless/lock/lockdebug"
	"github.com/fearless-go/fearless/thread"
)

func ExampleHandler() {
	defer lockdebug.Disable()
	http.Handle("/debug/fearless", lockdebug.Handler())

	m := lock.NewMutex(0)
	m.With(func(*int) {
		w := httptest.NewRecorder()
		http.DefaultServeMux.ServeHTTP(w, httptest.NewRequest("GET", "/debug/fearless?format=text", nil))
		fmt.Println(strings.Contains(w.Body.String(), "alone"))
	})
	// Output: true
}

func ExampleWatch() {
	defer lockdebug.Disable()
	ctx, cancel := context.WithCancel(context.Background())
	// A service starts it in its main function, with a second or so.
	watch := thread.Spawn(func() error {
		return lockdebug.Watch(ctx, time.Millisecond, func(d lockdebug.Deadlock) {
			fmt.Println(len(d.Cycle), "goroutines wait for each other, certainly:", d.Certain)
			cancel()
		})
	})
	for lockdebug.Snapshot().Since.IsZero() {
		thread.Sleep(time.Millisecond)
	}
	m := lock.NewMutex(0)
	thread.Go(func() {
		g := m.Lock()
		defer g.Unlock()
		if again, err := m.LockContext(ctx); err == nil { // it waits for itself
			again.Unlock()
		}
	})
	_, _ = watch.Join()
	// Output: 1 goroutines wait for each other, certainly: true
}

func ExampleOnQuit() {
	stop := lockdebug.OnQuit(os.Stderr)
	defer stop()
	// ^\ prints who holds which lock and who waits for what, and then the stacks.
	defer lockdebug.Disable()
	fmt.Println(lockdebug.Snapshot().Since.IsZero())
	// Output: false
}
