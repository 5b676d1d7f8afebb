// Package lockorder flags two locks that are taken in opposite orders, and a lock that a called function takes again.
//
// Rust: no error, a deadlock in Rust as well
//
// Confidence: may, assumed that objects of one class are one, and that two goroutines can come there at once
//
// One goroutine holds a and waits for b, another holds b and waits for a:
// neither ever goes on. The rule notes every pair of locks of which one is
// taken while the other is held, in this package, through the functions it
// calls and in the packages it imports, and reports the pairs, and longer
// circles, that are taken in both orders.
//
// A lock is known by its field, such as Account.mu, or by its variable. A
// circle needs two different fields or variables; of two instances of one
// field the order is known only where the variables that hold them are, as in
// transfer(a, b) and transfer(b, a). Orders of which two are taken with a
// further lock held, by the function or by all that call it, are no circle.
// Neither is one through a function that is put only into objects of one kind,
// a field that keeps a constant from the making on, and called only of another.
//
// # Wrong
//
//	func (b *Bank) Report() {
//		b.mu.Lock()
//		defer b.mu.Unlock()
//		b.log.mu.Lock() // Bank.mu, then Log.mu
//		defer b.log.mu.Unlock()
//	}
//
//	func (l *Log) Flush() {
//		l.mu.Lock()
//		defer l.mu.Unlock()
//		l.bank.mu.Lock() // Log.mu, then Bank.mu
//		defer l.bank.mu.Unlock()
//	}
//
// # Right
//
//	func (l *Log) Flush() {
//		l.bank.mu.Lock() // Bank.mu first, here as well
//		defer l.bank.mu.Unlock()
//		l.mu.Lock()
//		defer l.mu.Unlock()
//	}
package lockorder
