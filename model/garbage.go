package model

import (
	"runtime/debug"
	"runtime/metrics"
	"sync"
)

// room is how much garbage explorations may make between collections, in bytes.
// Every execution makes some and keeps none, so a collection finds nearly
// nothing, but interrupts all engines.
const room = 160 << 20

// leastHeap is what the runtime's percentage is at least taken of, in bytes.
const leastHeap = 4 << 20

// garbage is the explorations that run now, which share one setting.
var garbage struct {
	mu  sync.Mutex
	n   int
	was int // the setting before the first of them
}

// letGarbageBe makes collections rarer until the returned function is called. A
// setting that makes them rarer still stays.
func letGarbageBe() (restore func()) {
	g := &garbage
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.n++; g.n == 1 {
		percent := rarer(liveHeap())
		if g.was = debug.SetGCPercent(percent); g.was < 0 || g.was > percent {
			debug.SetGCPercent(g.was)
		}
	}
	return func() {
		g.mu.Lock()
		defer g.mu.Unlock()
		if g.n--; g.n == 0 {
			debug.SetGCPercent(g.was)
		}
	}
}

// rarer is the percentage of a heap of that size that is room, and at least the
// runtime's own default.
func rarer(live uint64) int { return int(max(100, room*100/max(live, leastHeap))) }

// liveHeap is the size of what the last collection kept.
func liveHeap() uint64 {
	sample := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(sample)
	if sample[0].Value.Kind() != metrics.KindUint64 {
		return 0
	}
	return sample[0].Value.Uint64()
}
