package silent

import "time"

// The reader stays for the answer to each line that it has handed on; it ends
// only between two.
func lines(next func() (string, bool), stop <-chan time.Time) int {
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
			handled <- true
		case <-stop:
			n += 1000
		}
	}
	return n
}
