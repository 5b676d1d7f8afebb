package engine

import (
	"sync"
	"sync/atomic"

	"github.com/fearless-go/fearless/internal/engine/explore"
)

// A blackboard is where engines that share an exploration tell each other which
// values leave a thread in a busy loop (see await.go): what one has found out,
// the others need not run to a standstill.
type blackboard struct {
	n  atomic.Int64 // entries, to look at without the lock
	mu sync.Mutex
	// entries are only appended to. Who has read some need not read them again.
	entries []uint64
}

func (b *blackboard) write(h uint64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.entries = append(b.entries, h)
	b.n.Store(int64(len(b.entries)))
}

// readOn adds to known what was written since the first read entries, and
// returns how many there are now.
func (b *blackboard) readOn(read int, known *explore.Hashes) int {
	if int(b.n.Load()) == read {
		return read
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, h := range b.entries[read:] {
		known.Add(h)
	}
	return len(b.entries)
}
