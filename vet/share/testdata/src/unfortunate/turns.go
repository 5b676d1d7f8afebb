package unfortunate

import (
	"sync"
	"sync/atomic"
	"time"
)

// Whose turn it is, the counter says: that depends on sums that are not known.
func turns(rounds int32) {
	var turn atomic.Int32
	shared := int32(0)
	for p := range int32(2) {
		go func() {
			for i := int32(1); i < rounds; i++ {
				if (i+p)%2 == 0 {
					shared = i // want "`shared` is written here by every goroutine"
					turn.Store(i)
				} else {
					for turn.Load() != i {
					}
					println(shared)
				}
			}
		}()
	}
}

// The watcher sees only what it may look at while it has the lock: the
// pointer is taken away again before the memory is used without it.
var watch struct {
	sync.Mutex
	cases []int
}

func watcher() {
	for {
		watch.Lock()
		for _, c := range watch.cases {
			println(c)
		}
		watch.Unlock()
	}
}

func watched(n int) {
	go watcher()
	for range n {
		cases := make([]int, 3)
		cases[0] = 1
		watch.Lock()
		watch.cases = cases
		watch.Unlock()
		time.Sleep(time.Second)
		watch.Lock()
		watch.cases = nil
		watch.Unlock()
		cases[1] = 2 // want "is written here and read by the goroutine"
	}
}
