// Package guard flags a lock that is not released on some path, is released twice, or is taken by a goroutine that holds it.
//
// Rust: must_use, E0505
//
// Confidence: may, assumed that the branches on the way can come out so
//
// In Rust a guard releases its lock when it goes out of scope, exactly once,
// whichever way the function ends. In Go that is the programmer's duty. This
// rule follows every path through a function, through its deferred calls and
// through the functions it calls, and reports
//
//   - a return or panic that leaves a mutex locked which other paths unlock,
//     and a mutex that is never unlocked;
//   - the guard of a lock that is dropped, so that nothing can unlock it;
//   - a second Unlock, and an RUnlock of what Lock has locked;
//   - a Lock while the same goroutine holds the lock, here or through calls,
//     which waits forever, and a second RLock, which waits forever as soon as
//     a writer comes between;
//   - a guard unlocked inside a deferred closure, where it cannot see the
//     panic that should poison its mutex;
//   - a lock that is copied.
//
// A function that only locks, or only unlocks, is taken for a wrapper, and
// its callers are checked instead. So is one that returns the lock it holds, or
// an object, made there, that keeps it; the ways on which it returns nil for it
// are still checked. One that keeps a lock although no caller gives it back is
// no wrapper, whatever wrappers stand beside it.
//
// # Wrong
//
//	func (c *Cache) Get(key string) (string, error) {
//		c.mu.Lock()
//		v, ok := c.entries[key]
//		if !ok {
//			return "", ErrNotFound // c.mu stays locked
//		}
//		c.mu.Unlock()
//		return v, nil
//	}
//
// # Right
//
//	func (c *Cache) Get(key string) (string, error) {
//		c.mu.Lock()
//		defer c.mu.Unlock()
//		v, ok := c.entries[key]
//		if !ok {
//			return "", ErrNotFound
//		}
//		return v, nil
//	}
package guard
