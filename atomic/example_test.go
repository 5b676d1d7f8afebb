package atomic_test

import (
	"fmt"
	"math"
	"sync"

	"github.com/fearless-go/fearless/atomic"
)

func ExampleBool() {
	var stop atomic.Bool
	var wg sync.WaitGroup
	wg.Go(func() {
		for !stop.Load(atomic.Relaxed) {
			atomic.SpinLoop()
		}
	})
	stop.Store(true, atomic.Relaxed)
	wg.Wait()
	fmt.Println("stopped")
	// Output: stopped
}

func ExamplePtr() {
	type config struct{ name string }
	var current atomic.Ptr[config]
	mine := &config{"first"}
	// Publish mine unless another thread was faster; use what won.
	if found, ok := current.CompareExchange(nil, mine, atomic.Release, atomic.Acquire); !ok {
		mine = found
	}
	fmt.Println(mine.name, current.Load(atomic.Acquire) == mine)
	// Output: first true
}

func ExampleOrdering() {
	defer func() { fmt.Println(recover()) }()
	new(atomic.Int).Load(atomic.Release)
	// Output: atomic: Load cannot have the ordering Release: use Relaxed, Acquire or SeqCst
}

func ExampleFence() {
	var ready atomic.Bool
	data := 0
	var wg sync.WaitGroup
	wg.Go(func() {
		data = 123
		atomic.Fence(atomic.Release)
		ready.Store(true, atomic.Relaxed)
	})
	for !ready.Load(atomic.Relaxed) {
		atomic.SpinLoop()
	}
	atomic.Fence(atomic.Acquire)
	fmt.Println(data)
	wg.Wait()
	// Output: 123
}

func ExampleInt8() {
	x := atomic.NewInt8(math.MaxInt8)
	fmt.Println(x.FetchAdd(1, atomic.Relaxed), x.Load(atomic.Relaxed))
	// Output: 127 -128
}

func ExampleInt16() {
	x := atomic.NewInt16(-5)
	x.FetchMin(-7, atomic.Relaxed)
	fmt.Println(x.Load(atomic.Relaxed))
	// Output: -7
}

func ExampleInt32() {
	x := atomic.NewInt32(100)
	fmt.Println(x.FetchSub(30, atomic.Relaxed), x.Load(atomic.Relaxed))
	// Output: 100 70
}

// Chapter 2's statistics: the slowest so far.
func ExampleInt64() {
	var slowest atomic.Int64
	for _, microseconds := range []int64{40, 75, 60} {
		slowest.FetchMax(microseconds, atomic.Relaxed)
	}
	fmt.Println(slowest.Load(atomic.Relaxed))
	// Output: 75
}

func ExampleInt() {
	var done atomic.Int
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 25 {
				done.FetchAdd(1, atomic.Relaxed)
			}
		})
	}
	wg.Wait()
	fmt.Println(done.Load(atomic.Relaxed))
	// Output: 100
}

func ExampleUint8() {
	x := atomic.NewUint8(0b1100)
	fmt.Printf("%b", x.FetchNand(0b1010, atomic.Relaxed))
	fmt.Printf(" %08b", x.Load(atomic.Relaxed))
	// Output: 1100 11110111
}

func ExampleUint16() {
	var flags atomic.Uint16
	flags.FetchOr(1<<15|1, atomic.Relaxed)
	flags.FetchAnd(^uint16(1), atomic.Relaxed)
	fmt.Printf("%x", flags.Load(atomic.Relaxed))
	// Output: 8000
}

// Chapter 2's allocation of IDs that stops at the limit instead of passing it.
func ExampleUint32() {
	next := atomic.NewUint32(998)
	allocate := func() (uint32, bool) {
		return next.FetchUpdate(atomic.Relaxed, atomic.Relaxed, func(id uint32) (uint32, bool) {
			return id + 1, id < 1000
		})
	}
	fmt.Println(allocate())
	fmt.Println(allocate())
	fmt.Println(allocate())
	// Output:
	// 998 true
	// 999 true
	// 1000 false
}

// Chapter 2's lazy initialization: every caller gets the key that won.
func ExampleUint64() {
	var key atomic.Uint64
	get := func(generate func() uint64) uint64 {
		if k := key.Load(atomic.Relaxed); k != 0 {
			return k
		}
		mine := generate()
		if found, ok := key.CompareExchange(0, mine, atomic.Relaxed, atomic.Relaxed); !ok {
			return found
		}
		return mine
	}
	fmt.Println(get(func() uint64 { return 17 }), get(func() uint64 { return 18 }))
	// Output: 17 17
}

func ExampleUint() {
	x := atomic.NewUint(0)
	x.FetchSub(1, atomic.Relaxed)
	fmt.Println(x.Load(atomic.Relaxed) == math.MaxUint)
	// Output: true
}

func ExampleUintptr() {
	x := atomic.NewUintptr(0xf0)
	fmt.Printf("%#x %#x", x.FetchXor(0xff, atomic.Relaxed), x.Load(atomic.Relaxed))
	// Output: 0xf0 0xf
}
