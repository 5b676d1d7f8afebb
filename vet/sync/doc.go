// Package sync flags a pointer or a captured variable that two goroutines share though its type is not Sync.
//
// Rust: E0277 (the trait Sync is not implemented)
//
// Confidence: must
//
// A type that holds a marker.NoSync, at any depth, may move to another
// goroutine, but only one may use it. The cells of package cell are not Sync
// either; they are what rule send reports as soon as they are handed over. A type
// that is Sync for reasons that the analyzer cannot see is declared so by its
// author:
//
//	//fearless:unsafe sync every method locks mu
//	type Handle struct { ... }
//
// # Wrong
//
//	var p Parser // holds a marker.NoSync
//	thread.Go(func() { p.Parse(a) })
//	p.Parse(b)
//
// # Right
//
//	thread.Go(func() { var p Parser; p.Parse(a) })
//	var p Parser
//	p.Parse(b)
package sync
