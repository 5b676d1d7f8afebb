package bench

import (
	"runtime"
	"slices"
	std "sync/atomic"

	"github.com/puzpuzpuz/xsync/v4"

	"github.com/fearless-go/fearless/atomic"
)

//go:generate go run gen.go

// sameInstruction is what keeps a target of an atomic operation from being met
// to the last percent.
const sameInstruction = "The same instruction as in sync/atomic, inlined; the check of the ordering folds away. What differs is the address of the loop, and on several cores who gets the cache line."

func atomicCases() []Case {
	return slices.Concat(
		int8Cases(), uint32Cases(), uint64Cases(),
		otherAtomicCases(),
	)
}

// otherAtomicCases are those of what is no number, written by hand.
func otherAtomicCases() []Case {
	return []Case{
		{
			Name: "atomic/bool/load/seqcst",
			Subjects: []Subject{
				{By: Ours, New: func() func(int) {
					x := atomic.NewBool(true)
					return func(n int) {
						ok := true
						for i := 0; i < n; i += 4 { // several a turn, see gen.go
							ok = x.Load(atomic.SeqCst) && ok
							ok = x.Load(atomic.SeqCst) && ok
							ok = x.Load(atomic.SeqCst) && ok
							ok = x.Load(atomic.SeqCst) && ok
						}
						must(ok, "fearless: it was true")
					}
				}},
				{By: "sync/atomic", New: func() func(int) {
					x := new(std.Bool)
					x.Store(true)
					return func(n int) {
						ok := true
						for i := 0; i < n; i += 4 {
							ok = x.Load() && ok
							ok = x.Load() && ok
							ok = x.Load() && ok
							ok = x.Load() && ok
						}
						must(ok, "sync/atomic: it was true")
					}
				}},
			},
			Targets: []Target{{Of: "sync/atomic", Most: 1.0, Limit: sameInstruction}},
		},
		{
			Name: "atomic/ptr/load/acquire",
			Subjects: []Subject{
				{By: Ours, New: func() func(int) {
					x := atomic.NewPtr(new(int))
					return func(n int) {
						sum := 0
						for i := 0; i < n; i += 4 {
							sum += *x.Load(atomic.Acquire) + *x.Load(atomic.Acquire) + *x.Load(atomic.Acquire) + *x.Load(atomic.Acquire)
						}
						runtime.KeepAlive(sum)
					}
				}},
				{By: "sync/atomic", New: func() func(int) {
					x := new(std.Pointer[int])
					x.Store(new(int))
					return func(n int) {
						sum := 0
						for i := 0; i < n; i += 4 {
							sum += *x.Load() + *x.Load() + *x.Load() + *x.Load()
						}
						runtime.KeepAlive(sum)
					}
				}},
			},
			Targets: []Target{{Of: "sync/atomic", Most: 1.0, Limit: sameInstruction}},
		},
		{
			Name: "atomic/ptr/store/release",
			Subjects: []Subject{
				{By: Ours, New: func() func(int) {
					x, v := new(atomic.Ptr[int]), new(int)
					return func(n int) {
						for range n {
							x.Store(v, atomic.Release)
						}
					}
				}},
				{By: "sync/atomic", New: func() func(int) {
					x, v := new(std.Pointer[int]), new(int)
					return func(n int) {
						for range n {
							x.Store(v)
						}
					}
				}},
			},
			Targets: []Target{{Of: "sync/atomic", Most: 1.0, Limit: "sync/atomic's store of a pointer is a call into the runtime (write barrier); here a second call stands in front of it, " +
				"because with the check of the ordering the method is too large to inline (100 of 80)."}},
		},
		{
			Name: "atomic/uint64/max-unchanged/relaxed",
			Subjects: []Subject{
				{By: Ours, New: func() func(int) {
					x := atomic.NewUint64(7)
					return func(n int) {
						sum := uint64(0)
						for i := 0; i < n; i += 4 {
							sum += x.FetchMax(3, atomic.Relaxed) + x.FetchMax(3, atomic.Relaxed) + x.FetchMax(3, atomic.Relaxed) + x.FetchMax(3, atomic.Relaxed)
						}
						runtime.KeepAlive(sum)
					}
				}},
				{By: "sync/atomic add", New: func() func(int) {
					x := new(std.Uint64)
					return func(n int) {
						sum := uint64(0)
						for i := 0; i < n; i += 4 {
							sum += x.Add(1) + x.Add(1) + x.Add(1) + x.Add(1)
						}
						runtime.KeepAlive(sum)
					}
				}},
			},
			Targets: []Target{{Of: "sync/atomic add", Most: 0.6, Limit: "An unchanged Relaxed or Acquire FetchMax is one load, inlined."}},
		},
		{
			Name: "atomic/uint64/add/all-cores", Contended: true,
			Subjects: []Subject{
				{By: Ours, New: func() func(int) {
					return func(n int) {
						x := new(atomic.Uint64)
						parallel(cores(), n, func(n int) {
							for range n {
								x.FetchAdd(1, atomic.Relaxed)
							}
						})
						must(x.Load(atomic.Relaxed) == uint64(n), "fearless lost an add")
					}
				}},
				{By: "sync/atomic", New: func() func(int) {
					return func(n int) {
						x := new(std.Uint64)
						parallel(cores(), n, func(n int) {
							for range n {
								x.Add(1)
							}
						})
						must(x.Load() == uint64(n), "sync/atomic lost an add")
					}
				}},
				{By: "xsync.Counter", New: func() func(int) {
					return func(n int) {
						x := xsync.NewCounter()
						parallel(cores(), n, func(n int) {
							for range n {
								x.Add(1)
							}
						})
						must(x.Value() == int64(n), "xsync.Counter lost an add")
					}
				}},
			},
			Targets: []Target{{Of: "sync/atomic", Most: 1.0, Limit: sameInstruction}},
		},
		{
			Name: "atomic/uint64/compare-exchange/all-cores", Contended: true,
			Subjects: []Subject{
				{By: Ours, New: func() func(int) {
					return func(n int) {
						x := new(atomic.Uint64)
						parallel(cores(), n, func(n int) {
							for range n {
								old := x.Load(atomic.Relaxed)
								for {
									found, ok := x.CompareExchangeWeak(old, old+1, atomic.AcqRel, atomic.Relaxed)
									if ok {
										break
									}
									old = found
								}
							}
						})
						must(x.Load(atomic.Relaxed) == uint64(n), "fearless lost an add")
					}
				}},
				{By: "sync/atomic", New: func() func(int) {
					return func(n int) {
						x := new(std.Uint64)
						parallel(cores(), n, func(n int) {
							for range n {
								for {
									old := x.Load()
									if x.CompareAndSwap(old, old+1) {
										break
									}
								}
							}
						})
						must(x.Load() == uint64(n), "sync/atomic lost an add")
					}
				}},
			},
			Targets: []Target{{Of: "sync/atomic", Most: 1.0, Limit: sameInstruction}},
		},
		{
			Name: "atomic/uint32/relaxed-store",
			Subjects: []Subject{
				{By: Ours, New: func() func(int) {
					x := new(atomic.Uint32)
					return func(n int) {
						for range n {
							x.Store(1, atomic.Relaxed)
						}
					}
				}},
				{By: "sync/atomic", New: func() func(int) {
					x := new(std.Uint32)
					return func(n int) {
						for range n {
							x.Store(1)
						}
					}
				}},
			},
			Targets: []Target{{Of: "sync/atomic", Most: 0.3, Limit: "Not justified by the Go memory model. It lets a plain write race only in the sense that " +
				"a word is not torn; it promises no single order of plain writes and the read-modify-writes of other threads, and lets an implementation stop a program " +
				"that races. So a Relaxed store is an atomic store. On amd64 that is an XCHG, where C11's relaxed store is a MOV."}},
		},
	}
}
