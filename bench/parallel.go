package bench

import (
	"fmt"
	"runtime"
	"sync"
)

// parallel runs body in so many goroutines, which share n repetitions.
func parallel(goroutines, n int, body func(n int)) {
	var all sync.WaitGroup
	for i := range goroutines {
		share := n / goroutines
		if i < n%goroutines {
			share++
		}
		all.Go(func() { body(share) })
	}
	all.Wait()
}

// cores is how many goroutines run at once.
func cores() int { return runtime.GOMAXPROCS(0) }

// work spends some time that no other processor can shorten: a chain of
// multiplications, each of which needs the one before. It is a call, so that
// all run the same instructions: inlined, the loop takes up to a fifth more or
// less time, depending on its address.
//
//go:noinline
func work(units int) {
	x := uint64(units) | 1
	for range units {
		x = x*6364136223846793005 + 1442695040888963407
	}
	runtime.KeepAlive(x)
}

// longWork is about half a microsecond.
const longWork = 400

// must ends a measurement whose result is wrong: a fast lock that does not
// lock is not fast.
func must(ok bool, format string, args ...any) {
	if !ok {
		panic("bench: " + fmt.Sprintf(format, args...))
	}
}
