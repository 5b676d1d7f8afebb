// Package ordering flags atomic operations whose ordering or form does not give what the code relies on.
//
// Rust: invalid_atomic_ordering
//
// Confidence: may, assumed that another goroutine can use the variable meanwhile
//
// It reports
//
//   - an ordering that the operation cannot have, which panics: a load with
//     Release or AcqRel, a store with Acquire or AcqRel, a failure ordering
//     that stores, a Relaxed fence;
//   - a store of what a load of the same variable returned, changed: another
//     goroutine's change in between is lost; FetchAdd or a compare-exchange
//     loop does it in one step; likewise a flag that is set because it was not
//     set, to close a channel or start a goroutine only once;
//   - a counter that is advanced first and checked afterwards, where the check
//     panics: it goes on advancing, until it wraps around;
//   - a Relaxed store, or load, of the flag or pointer that publishes data
//     which is not atomic itself;
//   - a plain write to an object that the function has made and published
//     before, by a Store, Swap or compare-exchange of an atomic pointer;
//   - a variable that is accessed both by functions of sync/atomic and plainly.
//
// # Wrong
//
//	var hits atomic.Int64
//
//	func hit() {
//		hits.Store(hits.Load(atomic.Relaxed)+1, atomic.Relaxed)
//	}
//
// # Right
//
//	func hit() {
//		hits.FetchAdd(1, atomic.Relaxed)
//	}
package ordering
