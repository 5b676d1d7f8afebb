package book

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/fearless-go/fearless/lock"
	"github.com/fearless-go/fearless/thread"
)

// LostWakeUp goes step by step through the one order of events in which a
// consumer would fall asleep beside a full queue: the wake-up comes just before
// it sleeps. The token that Unpark leaves behind prevents it; a signal that is
// not kept is lost.
func LostWakeUp(ctx context.Context, _ io.Reader, out *Stdout) {
	fmt.Fprintln(out, "Park and Unpark:")
	eightSteps(out, func() bool {
		thread.Park() //fearless:ignore waitloop this one Park is what the steps are about
		return true
	}, func(consumer *thread.Thread) {
		consumer.Unpark()
	})

	fmt.Fprintln(out, "A signal that only a sleeping thread hears:")
	signal := make(chan thread.Void)
	eightSteps(out, func() bool {
		select {
		case <-signal:
			return true
		case <-time.After(paced(ctx, time.Second)): // would be never
			return false
		case <-ctx.Done():
			return false
		}
	}, func(*thread.Thread) {
		select {
		case signal <- thread.Void{}:
		default: // nobody listens
		}
	})
}

// eightSteps has a consumer, which sleeps by park until unpark wakes it, find
// the queue empty, and holds it up there until the producer has done its part.
// park returns false if nothing woke it.
func eightSteps(out *Stdout, park func() bool, unpark func(*thread.Thread)) {
	queue := lock.NewMutex([]string(nil))
	foundNothing, unparked := make(chan thread.Void), make(chan thread.Void)

	consumer := thread.Go(func() {
		queue.With(func(q *[]string) {
			fmt.Fprintf(out, "  1. the consumer locks the queue\n  2. and finds %d items\n", len(*q))
		})
		fmt.Fprintln(out, "  3. it unlocks, is about to sleep, and is held up")
		close(foundNothing)
		<-unparked
		fmt.Fprintln(out, "  7. the consumer goes to sleep")
		if !park() {
			fmt.Fprintln(out, "  8. and nobody will ever wake it, for an item that it has not seen")
			return
		}
		queue.With(func(q *[]string) {
			item, _ := popFront(q)
			fmt.Fprintf(out, "  8. finds that it has been woken already, looks again, and takes the %s\n", item)
		})
	})

	<-foundNothing
	fmt.Fprintln(out, "  4. the producer locks the queue")
	queue.With(func(q *[]string) {
		*q = append(*q, "item")
		fmt.Fprintln(out, "  5. puts an item there and unlocks")
	})
	fmt.Fprintln(out, "  6. it wakes the consumer, which is not yet asleep")
	unpark(consumer.Thread())
	close(unparked)
	unwrap(consumer.Join())
}
