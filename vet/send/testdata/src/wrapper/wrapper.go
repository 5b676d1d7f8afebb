// Package wrapper runs functions in other goroutines.
package wrapper

// Run runs f in another goroutine.
func Run(f func()) {
	go func() {
		defer func() { recover() }()
		f()
	}()
}

// Send sends v to a worker.
func Send[T any](c chan T, v T) { c <- v }

// Opted is Send though it does not look like it.
//
//fearless:unsafe send,sync its author has reasons
type Opted struct{ P chan<- *Opted }
