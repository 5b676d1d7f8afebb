package lockdebug

import (
	"context"
	"fmt"
	"time"
)

// Watch turns the notes on, looks for deadlocks every so often, and calls f for
// each one once, until ctx is done; then it returns ctx.Err(). One that a
// duration or a context will end is reported, too: see Deadlock.Limited. If every
// is not positive, it is a second. In the build of the model checker there is
// nothing to find.
func Watch(ctx context.Context, every time.Duration, f func(Deadlock)) error {
	Enable()
	if every <= 0 {
		every = time.Second
	}
	tick := time.NewTicker(every)
	defer tick.Stop()
	told := map[string]bool{}
	for {
		now := map[string]bool{}
		for _, d := range Snapshot().Deadlocks {
			key := d.key()
			if now[key] = true; !told[key] {
				f(d)
			}
		}
		told = now
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
}

// key is the same for the same goroutines in the same waits.
func (d Deadlock) key() string {
	key := fmt.Sprint(d.Limited)
	for _, w := range d.Cycle {
		key += fmt.Sprint(" ", w.Goroutine, w.On, w.At)
	}
	return key
}
