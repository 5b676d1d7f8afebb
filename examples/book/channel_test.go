package book

import "testing"

// What ch1-11 and ch1-12 come to in Go: the queue, its lock and the waiting are one
// channel.
//
//fearless:prove
func TestChannel(t *testing.T) {
	queue := make(chan int, 1)
	go func() {
		defer close(queue)
		for i := range 3 {
			queue <- i + 1
		}
	}()
	sum := 0
	for item := range queue {
		sum += item
	}
	if sum != 6 {
		t.Error(sum)
	}
}

// A mutex is a channel with room for one token.
//
//fearless:prove
func TestChannelAsMutex(t *testing.T) {
	mu := make(chan int, 1)
	done := make(chan bool)
	add := func() {
		n := <-mu
		mu <- n + 1
	}
	mu <- 0
	go func() {
		add()
		done <- true
	}()
	add()
	<-done
	if n := <-mu; n != 2 {
		t.Error(n)
	}
}

// An Unpark is a send that does not wait, to a channel with room for one token.
//
//fearless:prove
func TestChannelAsParker(t *testing.T) {
	token := make(chan struct{}, 1)
	unpark := func() {
		select {
		case token <- struct{}{}:
		default: // it has one already
		}
	}
	done := make(chan bool)
	go func() {
		<-token
		done <- true
	}()
	unpark()
	unpark()
	<-done
}
