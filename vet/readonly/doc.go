// Package readonly flags a write to what is shared for reading.
//
// Rust: E0594, E0596
//
// Confidence: may, assumed that two readers can be there at once
//
// Arc.Ptr, Rc.Ptr, ReadGuard.Ptr, UpgradableGuard.Ptr and Ref.Ptr lend a
// pointer for reading: others may read at the same time. Rust refuses to write
// through such a reference. The rule reports assignments through the pointer,
// to elements of slices and maps that it leads to, and calls of functions that
// do so, also in other packages. Types with locks or atomics of their own may
// change what those protect.
//
// With sync.RWMutex, it reports an assignment to a field beside the mutex
// while only RLock is held.
//
// # Wrong
//
//	func (c *Cache) Get(key string) string {
//		c.mu.RLock()
//		defer c.mu.RUnlock()
//		c.hits++ // another reader does so at the same time
//		return c.entries[key]
//	}
//
// # Right
//
//	func (c *Cache) Get(key string) string {
//		c.mu.RLock()
//		defer c.mu.RUnlock()
//		c.hits.Add(1) // an atomic.Int64
//		return c.entries[key]
//	}
package readonly
