// Package wrong has goroutines that wait on a channel for good.
package wrong

import (
	"context"
	"errors"
	"sync"
	"time"
)

var errTimeout = errors.New("timeout")

func timeout(f func() error) error {
	res := make(chan error)
	go func() { res <- f() }() // want "this send can wait for good: `res` has no buffer, and timeout can end at wrong.go:[0-9]+, by the choice at wrong.go:[0-9]+, before it has received what is sent; give it room for 1"
	select {
	case err := <-res:
		return err
	case <-time.After(time.Second):
		return errTimeout
	}
}

func twoChannels(f func() error) {
	ok, failed := make(chan bool), make(chan error)
	go func() {
		if err := f(); err != nil {
			failed <- err // want "`failed` has no buffer"
		} else {
			ok <- true // want "`ok` has no buffer"
		}
	}()
	select {
	case <-ok:
	case <-failed:
	case <-time.After(time.Second):
	}
}

func cancelled(ctx context.Context, work func() int) int {
	out := make(chan int)
	go produce(out, work)
	select {
	case n := <-out:
		return n
	case <-ctx.Done():
	}
	return 0
}

func produce(out chan<- int, work func() int) {
	out <- work() // want "`out` has no buffer, and cancelled can end at"
}

func earlyReturn(check func() error, work func() int) (int, error) {
	out := make(chan int)
	var wg sync.WaitGroup
	wg.Go(func() {
		out <- work() // want "`out` has no buffer, and earlyReturn can end at"
	})
	if err := check(); err != nil {
		return 0, err
	}
	return <-out, nil
}

func firstWins(replicas []func() string) string {
	c := make(chan string)
	for _, r := range replicas {
		go func() { c <- r() }() // want "`c` has no buffer, and firstWins can end"
	}
	return <-c
}

func firstError(tasks []func() error) error {
	errs := make(chan error)
	for _, t := range tasks {
		go func() {
			errs <- t() // want "`errs` has no buffer, and firstError can end"
		}()
	}
	for range tasks {
		if err := <-errs; err != nil {
			return err
		}
	}
	return nil
}

func eachRound(stop <-chan bool, probe func() bool) {
	for {
		done := make(chan bool)
		go func() {
			if probe() {
				done <- true // want "`done` has no buffer, and eachRound can make another one"
				return
			}
			done <- false
		}()
		select {
		case <-stop:
			continue
		case <-done:
		}
	}
}

func smallBuffer(ctx context.Context) bool {
	ready := make(chan bool, 2)
	go func() {
		defer close(ready)
		for i := range 5 {
			ready <- i > 0 // want "`ready` has room for 2, and smallBuffer can end"
		}
	}()
	for r := range ready {
		select {
		case <-ctx.Done():
			return r
		default:
		}
	}
	return true
}

func start(f func() error) chan error {
	ch := make(chan error)
	go func() {
		ch <- f() // want "this send waits for good: `ch` has no buffer, and the caller at wrong.go:[0-9]+ drops it"
	}()
	return ch
}

func Drops() {
	start(func() error { return nil })
}

func waitFirst(tasks []func() error) (errs []error) {
	c := make(chan error)
	var wg sync.WaitGroup
	for _, t := range tasks {
		wg.Add(1)
		go func() {
			defer wg.Done()
			if err := t(); err != nil {
				c <- err // want "this send waits for good: `c` has no buffer, and waitFirst receives from it only after it has waited, at wrong.go:[0-9]+, for the goroutine that sends"
			}
		}()
	}
	wg.Wait()
	close(c)
	for err := range c {
		errs = append(errs, err)
	}
	return errs
}

func neverClosed(items []int) chan int {
	in := make(chan int)
	sums := make(chan int, 1)
	go func() {
		sum := 0
		for n := range in { // want "this loop never ends: nobody closes `in`"
			sum += n
		}
		sums <- sum
	}()
	for _, n := range items {
		in <- n
	}
	return sums
}

func forgotten(f func() (int, error)) int {
	res := make(chan int)
	go func() {
		n, err := f()
		if err != nil {
			println(err.Error())
			return // want "the goroutine started at wrong.go:[0-9]+ ends here without sending to `res`, and the receive at wrong.go:[0-9]+ waits for good"
		}
		res <- n
	}()
	return <-res
}

func watch(done chan bool) {
	println(done != nil)
}

func unused() {
	done := make(chan bool)
	go watch(done)
	<-done // want "this receive waits for good: nobody sends to `done` or closes it"
}

func toSelf(err error) <-chan error {
	c := make(chan error)
	if err != nil {
		c <- err // want "this send waits for good: `c` has no buffer, and no other goroutine knows of it yet"
		return c
	}
	go func() { c <- nil }()
	return c
}

type watcher struct {
	result chan bool
	stop   chan struct{}
}

func newWatcher() *watcher {
	return &watcher{result: make(chan bool), stop: make(chan struct{})}
}

func (w *watcher) run() {
	w.result <- true // want "this send waits for good: the field result has no buffer, and nothing in the package receives from it"
}

func (w *watcher) wait() {
	<-w.stop // want "this receive waits for good: nothing in the package sends to the field stop or closes it"
}

type stopper struct{ quiet chan struct{} }

func newStopper() *stopper { return &stopper{make(chan struct{})} }

func (s *stopper) Quiet() <-chan struct{} { return s.quiet }

func process(s *stopper) {
	<-s.Quiet() // want "nothing in the package sends to the field quiet"
}

type rows struct{ cancel context.CancelFunc }

func (r *rows) open(ctx context.Context) {
	ctx, r.cancel = context.WithCancel(ctx) // want "the cancel function is kept in the field cancel, which nothing in the package reads"
	go r.await(ctx)
}

func (r *rows) await(ctx context.Context) {
	<-ctx.Done()
	println("closed")
}

func firstOfThree(f func(int) int) int {
	c := make(chan int, 1)
	for i := range 3 {
		go func() { c <- f(i) }() // want "this send can wait for good"
	}
	return <-c
}
