// Package send flags a value that goes to another goroutine though its type is not Send.
//
// Rust: E0277 (the trait Send is not implemented)
//
// Confidence: must
//
// Not Send are rc.Rc and rc.Weak, which count without atomics; the cells of
// package cell behind a pointer or in a captured variable, which change without
// a lock; every guard, which must be unlocked by the goroutine that locked; what
// holds a marker.NoSend or a PhantomData of one of these; and every type that
// holds one of them at any depth. A type that is Send for reasons that the
// analyzer cannot see is declared so by its author:
//
//	//fearless:unsafe send the pointer is only followed under mu
//	type Handle struct { ... }
//
// # Wrong
//
//	shared := rc.New(config)
//	thread.Go(func() { serve(shared.Get()) })
//
// # Right
//
//	shared := arc.New(config)
//	thread.Go(func() { serve(shared.Get()) })
package send
