package wrong

import "time"

// The reader may end when it has handed a line on.
func impatient(next func() (string, bool), stop <-chan time.Time) int {
	line, handled := make(chan string), make(chan bool)
	go func() {
		for {
			s, ok := next()
			if !ok {
				return
			}
			line <- s
			if s == "quit" {
				return
			}
			<-handled
		}
	}()
	n := 0
	for n < 1000 {
		select {
		case <-line:
			n++
			handled <- true // want `this send can wait for good: .handled. has no buffer`
		case <-stop:
			n += 1000
		}
	}
	return n
}

// The second answer to one line is received by nobody.
func twice(next func() (string, bool), stop <-chan time.Time) int {
	line, handled := make(chan string), make(chan bool)
	go func() {
		for {
			s, ok := next()
			if !ok {
				return
			}
			line <- s
			<-handled
		}
	}()
	n := 0
	for n < 1000 {
		select {
		case <-line:
			n++
			handled <- true // want `this send can wait for good: .handled. has no buffer`
			handled <- true
		case <-stop:
			n += 1000
		}
	}
	return n
}
