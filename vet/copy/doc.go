// Package copy flags locks that are copied or overwritten where go vet's copylocks does not look.
//
// Rust: E0507 (a Mutex moves, and cannot be copied)
//
// Confidence: must
//
// A copy of a lock is another lock: who takes the copy keeps nobody out, and a
// lock that was held when it was copied is held for good in the copy. go vet
// reports assignments, arguments, results and range. This rule reports
//
//   - append with all elements of a slice, copy, slices.Clone and the like, of
//     elements that hold a lock;
//   - a value with a lock that is sent on a channel;
//   - a struct that is overwritten as a whole while its lock is held: the
//     Unlock that follows stops the program.
//
// # Wrong
//
//	backup := append([]account(nil), accounts...) // account has a sync.Mutex
//
//	a.mu.Lock()
//	*a = account{}
//	a.mu.Unlock() // fatal error: unlock of unlocked mutex
//
// # Right
//
//	backup := append([]*account(nil), accounts...)
//
//	a.mu.Lock()
//	a.balance = 0
//	a.mu.Unlock()
package copy
