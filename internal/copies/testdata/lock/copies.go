// Package copies copies what must not be copied.
package copies

import "github.com/fearless-go/fearless/lock"

type all struct {
	mutex    lock.Mutex[int]
	rwlock   lock.RWLock[int]
	condvar  lock.Condvar
	once     lock.Once
	onceLock lock.OnceLock[int]
	lazyLock lock.LazyLock[int]
	barrier  lock.Barrier
}

func copies(a *all) {
	_ = a.mutex    // want
	_ = a.rwlock   // want
	_ = a.condvar  // want
	_ = a.once     // want
	_ = a.onceLock // want
	_ = a.lazyLock // want
	_ = a.barrier  // want
	g := a.mutex.Lock()
	h := g // a guard is a value
	h.Unlock()
}
