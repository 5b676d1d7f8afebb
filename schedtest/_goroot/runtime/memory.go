package runtime

// fearlessRoom raises the soft memory limit of a schedule that needs more than
// that for what is live. The driver lets the limit alone start the collector:
// one below what is live would start it again and again.
func fearlessRoom() {
	f := &fearless
	if f.limit == 0 {
		f.limit = gcController.memoryLimit.Load()
	}
	f.collected = memstats.numgc
	live := gcController.heapMarked + gcController.maxStackScan.Load()
	gcController.memoryLimit.Store(max(f.limit, 3*int64(live)))
}
