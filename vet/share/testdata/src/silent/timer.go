package silent

import (
	"math"
	"sync"
	"time"
)

// A retry's timer is made to be reset: it does not fire before.
type retry struct {
	mu    sync.Mutex
	timer *time.Timer
	n     int
	limit int
}

func newRetry(limit int) *retry {
	r := &retry{}
	r.timer = time.AfterFunc(math.MaxInt64, r.again)
	r.timer.Stop()
	r.limit = limit
	return r
}

func (r *retry) again() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.n++; r.n < r.limit {
		r.timer.Reset(time.Second)
	}
}

func ages() int {
	n := 0
	t := time.AfterFunc(150*365*24*time.Hour, func() { n = 1 })
	n = 2
	t.Stop()
	return n
}
