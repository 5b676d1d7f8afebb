// Package closed has programs that are run in every interleaving: what waits
// for good in one of them is told of, whatever the shape of the code.
package closed

import (
	"errors"
	"sync"
)

type job struct{ n int }

func handle(j job) { println(j.n) }

func oneSentTwoReceived() int {
	c := make(chan int)
	go func() { c <- 1 }()
	a := <-c
	b := <-c // want `this receive can wait for good: no other goroutine that oneSentTwoReceived starts goes on then`
	return a + b
}

func twoSentTwoReceived() int {
	c := make(chan int)
	go func() { c <- 1; c <- 2 }()
	a := <-c
	b := <-c
	return a + b
}

func neverMade() {
	var c chan int
	go func() { c <- 1 }() // want `this send can wait for good: neverMade and all else`
}

func tooManyAdded() {
	var wg sync.WaitGroup
	wg.Add(3)
	for range 2 {
		go func() { defer wg.Done(); handle(job{}) }()
	}
	wg.Wait() // want `this call of WaitGroup.Wait can wait for good`
}

func rightlyAdded() {
	var wg sync.WaitGroup
	wg.Add(2)
	for range 2 {
		go func() { defer wg.Done(); handle(job{}) }()
	}
	wg.Wait()
}

func crosswise() {
	a, b := make(chan int), make(chan int)
	go func() { a <- 1; <-b }() // want `this send can wait for good`
	go func() { b <- 1; <-a }()
}

func bothAlike() {
	a, b := make(chan int), make(chan int)
	go func() { a <- 1; <-b }()
	go func() { <-a; b <- 1 }()
}

func forks() {
	l, r := make(chan int, 1), make(chan int, 1)
	go func() { l <- 1; r <- 1; <-r; <-l }() // want `this send can wait for good`
	go func() { r <- 1; l <- 1; <-l; <-r }()
}

func forksInOrder() {
	l, r := make(chan int, 1), make(chan int, 1)
	go func() { l <- 1; r <- 1; <-r; <-l }()
	go func() { l <- 1; r <- 1; <-r; <-l }()
}

type worker struct{ stop, done chan struct{} }

func (w *worker) run(fail bool) {
	if fail {
		return
	}
	<-w.stop
	close(w.done)
}

func gone() {
	w := &worker{make(chan struct{}), make(chan struct{})}
	go w.run(true)
	w.stop <- struct{}{} // want `this send can wait for good`
	<-w.done
}

func there() {
	w := &worker{make(chan struct{}), make(chan struct{})}
	go w.run(false)
	w.stop <- struct{}{}
	<-w.done
}

// Others can serve a channel of the package, and who gets one.
var shared = make(chan int)

func toShared() { go func() { shared <- 1 }() }

func numbers() <-chan int {
	c := make(chan int)
	go func() { c <- 1 }()
	return c
}

var hooks []func()

func hooked() {
	c := make(chan int)
	go func() { <-c }()
	hooks = append(hooks, func() { c <- 1 })
}

// This waits on purpose.
func serve() {
	go handle(job{})
	select {}
}

func serveToo() {
	go handle(job{})
	<-make(chan int)
}

// Not closed: the jobs are not known. The loop ends on one way only.
func closedOnSuccess(js []job) error {
	in := make(chan job)
	go func() {
		for j := range in { // want "this loop can wait for good: closedOnSuccess can end at closed.go:.* without closing `in`"
			handle(j)
		}
	}()
	for _, j := range js {
		if j.n < 0 {
			return errors.New("bad job")
		}
		in <- j
	}
	close(in)
	return nil
}

func closedAlways(js []job) error {
	in := make(chan job)
	defer close(in)
	go func() {
		for j := range in {
			handle(j)
		}
	}()
	for _, j := range js {
		if j.n < 0 {
			return errors.New("bad job")
		}
		in <- j
	}
	return nil
}

func closedOnBoth(js []job) error {
	in := make(chan job)
	go func() {
		for j := range in {
			handle(j)
		}
	}()
	for _, j := range js {
		if j.n < 0 {
			close(in)
			return errors.New("bad job")
		}
		in <- j
	}
	close(in)
	return nil
}

// The one that waits does so when it returns.
func waitsDeferred() {
	var wg sync.WaitGroup
	wg.Add(2)
	go wg.Done()
	go func() {
		defer wg.Wait() // want `this call of WaitGroup.Wait can wait for good`
	}()
}
