package proven

import "sync/atomic"

// A Maximum is the largest value that it was shown.
type Maximum struct{ v atomic.Int64 }

// Show makes the maximum at least v.
func (m *Maximum) Show(v int64) {
	for old := m.v.Load(); old < v; old = m.v.Load() {
		if m.v.CompareAndSwap(old, v) {
			return
		}
	}
}

// Get returns the maximum.
func (m *Maximum) Get() int64 { return m.v.Load() }
