// Package wrong has operations that panic or wait for good.
package wrong

import (
	"sync"
	"testing"
)

type box struct{ c chan int }

func (b *box) end()      { close(b.c) }
func (b *box) put(n int) { b.c <- n }
func (b *box) finish()   { b.end() }

func inOrder() {
	ch := make(chan int, 3)
	close(ch)
	ch <- 1 // want "this send panics: `ch` is closed already, at wrong.go:17"

	two := make(chan int)
	close(two)
	close(two) // want "this close panics: `two` is closed already"

	b := &box{make(chan int, 1)}
	b.end()
	b.put(1) // want "this send panics: `b.c` is closed already"

	d := &box{make(chan int, 1)}
	d.finish()
	d.end() // want "this close panics: `d.c` is closed already"
}

func onOneWay(c chan<- int, stop bool) {
	if stop {
		close(c)
	}
	println("stopped?", stop)
	c <- 1 // want "this send panics: `c` is closed already"
}

func deferred(c chan int, f func() error) error {
	if err := f(); err != nil {
		close(c)
		defer close(c) // want "the deferred close panics"
		return err
	}
	return nil
}

func selected(quit chan bool) {
	c := make(chan int)
	go func() { <-c }()
	close(c)
	select {
	case c <- 1: // want "this send panics"
	case <-quit:
	}
}

func byReceiver(tasks []func() int, enough func(int) bool) (sum int) {
	c := make(chan int)
	go func() {
		for _, t := range tasks {
			c <- t()
		}
	}()
	select {
	case sum = <-c:
	default:
	}
	close(c) // want "`c` is closed by the goroutine that receives from it, while the goroutine started at wrong.go:[0-9]+ may still send"
	return sum
}

type pool struct {
	jobs chan int
	wg   sync.WaitGroup
}

func (p *pool) work() {
	for range p.jobs {
		p.wg.Done()
	}
}

func (p *pool) push(n int) {
	for i := range n {
		p.jobs <- i
		p.wg.Add(1) // want "p.wg.Add comes after the send at wrong.go:[0-9]+"
	}
	p.wg.Wait()
}

func lateAdd(f func()) {
	var wg sync.WaitGroup
	go func() {
		defer wg.Done()
		f()
	}()
	wg.Add(1) // want "wg.Add comes after the go statement at wrong.go:[0-9]+"
	wg.Wait()
}

func run(wg *sync.WaitGroup) { wg.Done() }

func lateAddOfArgument() {
	wg := new(sync.WaitGroup)
	for range 3 {
		go run(wg)
		wg.Add(1) // want "wg.Add comes after the go statement"
	}
	wg.Wait()
}

func waitInLoop(tasks []func()) {
	var wg sync.WaitGroup
	wg.Add(len(tasks))
	for _, t := range tasks {
		go func() {
			defer wg.Done()
			t()
		}()
		wg.Wait() // want "wg.Wait in the loop waits for the goroutines of all rounds"
	}
}

func TestLate(t *testing.T) {
	go func() {
		t.Log("late") // want "TestLate returns without waiting for this goroutine"
	}()
	println("done")
}

func closedAndDeferred(n int) {
	c := make(chan int)
	defer close(c) // want "the deferred close panics: `c` is closed already"
	if n > 0 {
		close(c)
	}
}

func sentByDeferred(c chan int) {
	defer send(c) // want "this send panics: `c` is closed already"
	close(c)
}

func send(c chan int) { c <- 1 }

func inEachRound() {
	c := make(chan int)
	for range 2 {
		close(c) // want "this close panics: `c` is closed already"
	}
}

func forEachJob(jobs []int, done chan bool) {
	for _, j := range jobs {
		println(j)
		if j > 3 {
			println("large")
		}
		close(done) // want "this close panics: `done` is closed already"
	}
}

func forEachKey(m map[string]int, done chan bool) {
	for range m {
		close(done) // want "this close panics: `done` is closed already"
	}
}

func forEachMessage(in chan int, done chan bool) {
	for range in {
		close(done) // want "this close panics: `done` is closed already"
	}
}
