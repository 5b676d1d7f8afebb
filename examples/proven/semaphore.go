package proven

// A Semaphore lets at most its capacity of goroutines in.
type Semaphore chan struct{}

// Acquire waits for a place.
func (s Semaphore) Acquire() { s <- struct{}{} }

// Release gives it back.
func (s Semaphore) Release() { <-s }
