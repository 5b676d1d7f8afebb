// Package guardedby flags a use of a field or package variable without the lock that //fearless:guardedby says guards it.
//
// Rust: E0616 (the data of a Mutex is private: it can only be reached through the guard)
//
// Confidence: may, assumed that somebody else can use the memory meanwhile
//
// In Rust the data is inside of the Mutex. In Go it stands beside it, and a
// comment says which lock is whose. With
//
//	n int //fearless:guardedby mu
//
// on a field of a struct, or on a package variable, that is checked: each use
// has to hold the field mu of the same object, or the package variable mu, and
// a write has to hold it for writing. A map or slice that is loaded from the
// field counts as the field. No lock is needed
//
//   - in a function that has made the object and given it to nobody yet: no
//     other goroutine can know of it;
//   - in a function of the package that others cannot call, if all its callers
//     hold the lock;
//   - in a function literal that is handed to a call which is made with the lock
//     held and starts no goroutine: it is taken to run during that call;
//   - in init and in the first value of a variable, which run before all else.
//
// What other packages do with an exported field is not looked at.
//
// # Wrong
//
//	type Counter struct {
//		mu sync.Mutex
//		n  int //fearless:guardedby mu
//	}
//
//	func (c *Counter) Get() int { return c.n }
//
// # Right
//
//	type Counter struct {
//		mu sync.Mutex
//		n  int //fearless:guardedby mu
//	}
//
//	func (c *Counter) Get() int {
//		c.mu.Lock()
//		defer c.mu.Unlock()
//		return c.n
//	}
package guardedby
