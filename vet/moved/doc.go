// Package moved flags the use of a guard, handle or owner after the call that used it up.
//
// Rust: E0382
//
// Confidence: may, assumed that the branches on the way can come out so
//
// Unlock, Downgrade, Upgrade and Release end a guard or borrow, Drop,
// TryUnwrap and IntoInner an Arc, Rc or Weak, Join a JoinHandle, IntoInner a
// Mutex or RWLock. In Rust each takes its value by move, so that nothing is
// left to use. In Go the variable is still there, and so are its copies: using
// it panics, or reads what is another's now.
//
// TryUnwrap uses up its Arc only if it succeeds. An Unlock after an Unlock is
// reported by the rule guard.
//
// # Wrong
//
//	h := thread.Spawn(compute)
//	v, _ := h.Join()
//	w, _ := h.Join() // ErrJoined
//
// # Right
//
//	h := thread.Spawn(compute)
//	v, _ := h.Join()
//	w := v
package moved
