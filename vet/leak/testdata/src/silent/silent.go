// Package silent has what looks like package wrong and does not wait for good.
package silent

import (
	"context"
	"errors"
	"sync"
	"time"
)

var errTimeout = errors.New("timeout")

func timeout(f func() error) error {
	res := make(chan error, 1)
	go func() { res <- f() }()
	select {
	case err := <-res:
		return err
	case <-time.After(time.Second):
		return errTimeout
	}
}

// The other way of the select is the other way of the goroutine.
func twoChannels(f func() (int, error)) (int, error) {
	res, failed := make(chan int), make(chan error)
	go func() {
		n, err := f()
		if err != nil {
			failed <- err
			return
		}
		res <- n
	}()
	select {
	case n := <-res:
		return n, nil
	case err := <-failed:
		return 0, err
	}
}

func doneBehindResult(f func() int) int {
	res, done := make(chan int), make(chan struct{})
	go func() {
		defer close(done)
		res <- f()
	}()
	for {
		select {
		case n := <-res:
			println(n)
		case <-done:
			return 0
		}
	}
}

func closedByWaiter(tasks []func() error) (errs []error) {
	c := make(chan error)
	done := make(chan struct{})
	var wg sync.WaitGroup
	for _, t := range tasks {
		wg.Go(func() { c <- t() })
	}
	go func() {
		wg.Wait()
		close(done)
	}()
	for {
		select {
		case err := <-c:
			errs = append(errs, err)
		case <-done:
			return errs
		}
	}
}

func drainedLater(ctx context.Context, f func() int) int {
	out := make(chan int)
	go func() { out <- f() }()
	select {
	case n := <-out:
		return n
	case <-ctx.Done():
		go func() { <-out }()
		return 0
	}
}

func drainedDeferred(check func() error, f func() int) error {
	out := make(chan int)
	go func() { out <- f() }()
	defer func() { <-out }()
	return check()
}

func sameCondition(f func() error) error {
	c := make(chan error)
	if f != nil {
		go func() { c <- f() }()
	}
	println("between")
	if f != nil {
		return <-c
	}
	return nil
}

func flag(f func() int) int {
	c := make(chan int)
	got := false
	go func() { c <- f() }()
	n := 0
	select {
	case n = <-c:
		got = true
	case <-time.After(time.Second):
	}
	if !got {
		n = <-c
	}
	return n
}

func all(tasks []func() error) error {
	errs := make(chan error)
	for _, t := range tasks {
		go func() { errs <- t() }()
	}
	var first error
	for range tasks {
		if err := <-errs; err != nil && first == nil {
			first = err
		}
	}
	return first
}

func counted(tasks []func() int) (sum int) {
	c := make(chan int)
	for _, t := range tasks {
		go func() { c <- t() }()
	}
	got := 0
	for {
		sum += <-c
		if got++; got == len(tasks) {
			return sum
		}
	}
}

func roomForAll(replicas []func() string) string {
	c := make(chan string, len(replicas))
	for _, r := range replicas {
		go func() { c <- r() }()
	}
	return <-c
}

type item struct {
	n    int
	last bool
}

// The sender says which one is the last.
func sentinel(next func() item) (sum int) {
	c := make(chan item)
	go func() {
		for {
			i := next()
			c <- i
			if i.last {
				return
			}
		}
	}()
	for i := range c {
		if i.last {
			return sum
		}
		sum += i.n
	}
	return sum
}

func selects(ctx context.Context, f func() int) int {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	out := make(chan int)
	go func() {
		select {
		case out <- f():
		case <-ctx.Done():
		}
	}()
	select {
	case n := <-out:
		return n
	case <-time.After(time.Second):
		return 0
	}
}

// An answer is sent only to a question.
func asked(first func() error, f func(int) int) (int, error) {
	questions, answers := make(chan int), make(chan int)
	go func() {
		for q := range questions {
			answers <- f(q)
		}
	}()
	defer close(questions)
	if err := first(); err != nil {
		return 0, err
	}
	questions <- 1
	return <-answers, nil
}

func elsewhere(c chan int, register func(chan int)) {
	mine := make(chan int)
	register(mine)
	go func() { mine <- 1 }()
	go func() { c <- 1 }()
}

func closed(items []int) chan int {
	in := make(chan int)
	sums := make(chan int, 1)
	go func() {
		sum := 0
		for n := range in {
			sum += n
		}
		sums <- sum
	}()
	for _, n := range items {
		in <- n
	}
	close(in)
	return sums
}

func broken(n int) int {
	in := make(chan int)
	go func() {
		for i := range n {
			in <- i
		}
		in <- -1
	}()
	for i := range in {
		if i < 0 {
			break
		}
	}
	return n
}

func forever() {
	done := make(chan bool)
	go func() {
		for {
			time.Sleep(time.Second)
		}
	}()
	<-done
}

func sentOrClosed(f func() (int, error)) int {
	res := make(chan int)
	go func() {
		defer close(res)
		n, err := f()
		if err != nil {
			return
		}
		res <- n
	}()
	return <-res
}

type service struct {
	stop   chan struct{}
	events chan int
	hook   chan int
}

func newService() *service {
	return &service{stop: make(chan struct{}), events: make(chan int)}
}

func (s *service) Events() <-chan int { return s.events }

func (s *service) run() {
	if s.hook != nil {
		s.hook <- 1
	}
	s.events <- 1
	<-s.stop
}

func (s *service) Close() { close(s.stop) }

type rows struct{ cancel context.CancelFunc }

func (r *rows) open(ctx context.Context) {
	ctx, r.cancel = context.WithCancel(ctx)
	go r.await(ctx)
}

func (r *rows) await(ctx context.Context) { <-ctx.Done() }

func (r *rows) Close() { r.cancel() }

func threeByThree(f func(int) int) (sum int) {
	c := make(chan int)
	for i := 0; i < 3; i++ {
		go func() { c <- f(i) }()
	}
	for range 3 {
		sum += <-c
	}
	return sum
}

func roomForTwo(f func(int) int) int {
	c := make(chan int, 2)
	for i := range 3 {
		go func() { c <- f(i) }()
	}
	return <-c
}
