package silent

import (
	"sync"
	std "sync/atomic"
)

var (
	tableReady uint32
	tableMu    sync.Mutex
	tableData  []int
)

// What is read plainly is written only here, with the same lock held.
func tableOnce() []int {
	if std.LoadUint32(&tableReady) == 0 {
		tableMu.Lock()
		defer tableMu.Unlock()
		if tableReady == 0 {
			tableData = []int{1}
			std.StoreUint32(&tableReady, 1)
		}
	}
	return tableData
}
