// Package channels has what a channel does, and does not, order.
package channels

import "sync/atomic"

func received() int {
	x := 0
	done := make(chan bool)
	go func() {
		x = 1
		done <- true
	}()
	<-done
	return x
}

func closed() int {
	x := 0
	done := make(chan bool)
	go func() {
		defer close(done)
		x = 1
	}()
	for range done {
	}
	return x
}

// The send is first: the receive is behind it, but not behind the write.
func wrongOrder() int {
	x := 0
	done := make(chan bool, 1)
	go func() {
		done <- true
		x = 1 // want "`x` is written here, by the goroutine started at channels.go:33, and read at channels.go:38; nothing orders the two"
	}()
	<-done
	return x
}

// Without a buffer, the receive is before the send is done.
func rendezvous() {
	x := 0
	c := make(chan bool)
	go func() {
		x = 1
		<-c
	}()
	c <- true
	x = 2
	println(x)
}

func buffered() {
	x := 0
	c := make(chan bool, 1)
	go func() {
		x = 1
		<-c
	}()
	c <- true
	x = 2 // want "`x` is written here and also by the goroutine started at channels.go:57; nothing orders the two"
	_ = x
}

// One value for two goroutines: whose it is, nobody knows.
func oneOfTwo() {
	x, y := 0, 0
	c := make(chan int, 2)
	go func() {
		x = 1
		c <- 1
	}()
	go func() {
		y = 1
		c <- 2
	}()
	<-c
	x = 2 // want "`x` is written here and also by the goroutine started at channels.go:70; nothing orders the two"
	<-c
	y = 2
	println(x, y)
}

func all(work []int) int {
	sum := make([]int, len(work))
	done := make(chan bool)
	for i, w := range work {
		go func() {
			sum[i] = w
			done <- true
		}()
	}
	for range work {
		<-done
	}
	total := 0
	for _, s := range sum {
		total += s
	}
	return total
}

// Room for one: a lock.
func semaphore() {
	x := 0
	lock := make(chan bool, 1)
	done := make(chan bool)
	go func() {
		lock <- true
		x++
		<-lock
		close(done)
	}()
	lock <- true
	x++
	<-lock
	<-done
}

func selected(quit chan bool) int {
	x := 0
	c := make(chan bool)
	go func() {
		x = 1 // want "`x` is written here, by the goroutine started at channels.go:124, and read at channels.go:132; nothing orders the two"
		c <- true
	}()
	select {
	case <-c:
		return x
	default:
		return x
	}
}

func flags() int {
	x := 0
	var ready atomic.Bool
	go func() {
		x = 1
		ready.Store(true)
	}()
	for !ready.Load() {
	}
	return x
}

// The flag is set too early.
func earlyFlag() int {
	x := 0
	var ready atomic.Bool
	go func() {
		ready.Store(true)
		x = 1 // want "`x` is written here, by the goroutine started at channels.go:152, and read at channels.go:158; nothing orders the two"
	}()
	for !ready.Load() {
	}
	return x
}

// Close and send at the same time: the send may panic.
func closeAndSend() {
	c := make(chan int, 1)
	go func() { c <- 1 }()
	close(c) // want "`c` is closed here and sent to at channels.go:164; nothing orders the two, and what comes second panics"
}
