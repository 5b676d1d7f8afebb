// Package share flags memory that two goroutines use at the same time, one of them writing, with nothing that orders them.
//
// Rust: E0499, E0502, E0506, E0373
//
// Confidence: may, assumed that no call which is not known orders the two, and no value keeps them apart
//
// The memory may be a captured variable (err, a named result, a loop variable
// under an old go version), a field, a global, a map, an element of a slice or
// the slice itself. What orders two uses is what the Go memory model says: the
// go statement, a common lock, a join, a channel's send and receive, its close,
// a Once, an atomic variable or a flag under a lock that one has set behind its
// use and the other has seen. Calls are followed where it is evident what they
// call.
//
// Where no go statement is in sight, a method that uses a field without a lock
// is flagged if another method of the type writes it with a lock held that
// stands beside the field.
// So is what runs at once as its package says: handlers of net/http,
// goroutines for the connections that a loop accepts, parallel subtests, and the
// methods of a type whose documentation says that it is for several goroutines.
//
// # Wrong
//
//	n := 0
//	var wg sync.WaitGroup
//	wg.Go(func() { n++ })
//	wg.Go(func() { n++ })
//	wg.Wait()
//
// # Right
//
//	var n lock.Mutex[int]
//	thread.Scope(func(s *thread.ScopeHandle) {
//		s.Go(func() { n.With(func(n *int) { *n++ }) })
//		s.Go(func() { n.With(func(n *int) { *n++ }) })
//	})
package share
