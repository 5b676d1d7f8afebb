// Package escape flags a pointer that outlives the guard, borrow or Arc that lent it.
//
// Rust: E0597, E0716, E0515, E0521
//
// Confidence: must
//
// Guard.Ptr, Ref.Ptr, the argument of With and Arc.Ptr lend a pointer into
// data that is protected only as long as the guard is locked, the borrow is
// not released, the function runs, the Arc is not dropped. The rule follows
// the pointer, and pointers into what it points to, and reports where it is
// returned, stored, sent or captured by a goroutine although the loan ends in
// the same function, and where it is used after that. A slice or map behind a
// pointer that a guard or a borrow lends, or that its Get returns, counts as
// part of what it protects: let out a copy, or take it out and leave another
// one in its place.
//
// # Wrong
//
//	func (c *Counter) Ref() *int {
//		g := c.mu.Lock()
//		defer g.Unlock()
//		return g.Ptr() // whoever uses it does so without the lock
//	}
//
// # Right
//
//	func (c *Counter) Add(n int) {
//		g := c.mu.Lock()
//		defer g.Unlock()
//		*g.Ptr() += n
//	}
package escape
