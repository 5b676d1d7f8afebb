// Package held flags a lock that is held while the goroutine waits for something else.
//
// Rust: no error; the lifetime of the guard in `if let`, clippy's await_holding_lock
//
// Confidence: may, assumed that objects of one class are one, and that what ends the wait comes after it has begun
//
// A lock that is held across a sleep, a Join, a Wait, a channel operation, a
// command or a request over the network makes everybody who wants the lock
// wait as long. That may be meant, so it is a note, which the exit status does
// not count. If all that could end the wait take the lock first (each Done of
// the group, each send on the channel), nobody ever goes on: then it is a
// finding, and says so. Rust's programmers meet it as the guard that lives to the end of an "if
// let"; in Go, "defer mu.Unlock()" lives to the end of the function.
//
// A wait for a condition variable gives up the variable's own lock, so that
// only other locks count. A send on a channel that has a buffer is no wait.
//
// # Wrong
//
//	func (p *Pool) Shutdown() {
//		p.mu.Lock()
//		defer p.mu.Unlock()
//		p.closed = true
//		p.workers.Wait() // workers that lock p.mu never end
//	}
//
// # Right
//
//	func (p *Pool) Shutdown() {
//		p.mu.Lock()
//		p.closed = true
//		p.mu.Unlock()
//		p.workers.Wait()
//	}
package held
