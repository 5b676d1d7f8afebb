package guards

import "github.com/fearless-go/fearless/lock"

// Nothing here can panic: the guard need not be deferred.
func size(m *lock.Mutex[[]int]) int {
	g := m.Lock()
	n := len(*g.Ptr())
	g.Unlock()
	return n
}
