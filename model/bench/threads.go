package main

import (
	"github.com/fearless-go/fearless/atomic"
	"github.com/fearless-go/fearless/cell"
	"github.com/fearless-go/fearless/model"
	"github.com/fearless-go/fearless/thread"
)

// The programs have the shapes of those in GenMC's test suite (MPI-SWS), so
// that their numbers of executions can be compared.

const (
	relaxed = atomic.Relaxed
	acquire = atomic.Acquire
	release = atomic.Release
	acqRel  = atomic.AcqRel
	seqCst  = atomic.SeqCst
)

// start starts n threads.
func start(n int, f func(i int)) []*thread.JoinHandle[thread.Void] {
	handles := make([]*thread.JoinHandle[thread.Void], n)
	for i := range n {
		handles[i] = thread.Go(func() { f(i) })
	}
	return handles
}

func join(handles ...*thread.JoinHandle[thread.Void]) {
	for _, h := range handles {
		if _, err := h.Join(); err != nil {
			panic(err)
		}
	}
}

// observing is whether programs observe what their threads have read, which
// takes longer than to explore them. Tests want it.
var observing bool

func observe[T any](read []T) {
	if observing {
		model.Observe(read)
	}
}

func readers(n int) func() {
	return func() {
		var x atomic.Int32
		read := make([]int32, n)
		threads := start(n+1, func(i int) {
			if i == 0 {
				x.Store(42, release)
			} else {
				read[i-1] = x.Load(acquire)
			}
		})
		join(threads...)
		observe(read)
	}
}

func ainc(n int) func() {
	return func() {
		var x atomic.Int32
		read := make([]int32, n)
		join(start(n, func(i int) { read[i] = x.FetchAdd(1, relaxed) })...)
		observe(read)
	}
}

func inc(n int) func() {
	return func() {
		var x atomic.Int32
		join(start(n, func(i int) { x.Store(x.Load(relaxed)+1<<i, release) })...)
	}
}

func cinc(n int) func() {
	return func() {
		var x, y, z atomic.Int32
		read := make([][3]int32, n)
		join(start(n, func(i int) {
			read[i][0] = x.FetchAdd(1, relaxed)
			read[i][1] = y.FetchAdd(1, relaxed)
			read[i][2] = z.FetchAdd(1, relaxed)
		})...)
		observe(read)
	}
}

func ticketLock(n int) func() {
	return func() {
		var next, owner atomic.Int32
		var shared cell.UnsafeCell[int]
		read := make([]int32, n)
		join(start(n, func(i int) {
			ticket := next.FetchAdd(1, relaxed)
			for owner.Load(acquire) != ticket {
				atomic.SpinLoop()
			}
			shared.WithMut(func(p *int) { *p = i })
			owner.Store(owner.Load(relaxed)+1, release)
			read[i] = ticket
		})...)
		observe(read)
	}
}

func ttasLock(n int) func() {
	return func() {
		var state atomic.Int32
		var shared cell.UnsafeCell[int]
		join(start(n, func(i int) {
			for {
				for state.Load(relaxed) != 0 {
					atomic.SpinLoop()
				}
				if state.Swap(1, acquire) == 0 {
					break
				}
				atomic.SpinLoop()
			}
			shared.WithMut(func(p *int) { *p = i })
			state.Store(0, release)
		})...)
	}
}

func lastZero(n int) func() {
	return func() {
		array := make([]atomic.Int32, n+1)
		read := make([]int32, n+1)
		join(start(n+1, func(i int) {
			if i > 0 {
				read[i] = array[i-1].Load(acquire)
				array[i].Store(read[i]+1, release)
				return
			}
			for k := n; array[k].Load(acquire) != 0; k-- {
				read[0]++
			}
		})...)
		observe(read)
	}
}

func casRot(n int) func() {
	return func() {
		var x atomic.Int32
		read := make([]int32, n)
		join(start(n, func(i int) { read[i], _ = x.CompareExchange(int32(i), int32(i)+1, relaxed, relaxed) })...)
		observe(read)
	}
}

func coa(n int) func() {
	return func() {
		var x, y, z atomic.Int32
		join(start(n+1, func(i int) {
			switch i {
			case 0:
				x.Store(1, release)
				y.Load(acquire)
				x.Load(acquire)
			case 1:
				x.Store(2, release)
				z.Load(acquire)
				x.Load(acquire)
			default:
				y.Store(int32(i-2), release)
				z.Store(int32(i-2), release)
			}
		})...)
	}
}

func indexer(n int) func() {
	const size, inserts = 128, 4
	return func() {
		table := make([]atomic.Int32, size)
		probes := make([]int, n)
		join(start(n, func(i int) {
			for k := range inserts {
				w := int32(k*11 + i)
				h := w * 7 % size
				for {
					if _, ok := table[h].CompareExchange(0, w, relaxed, relaxed); ok {
						break
					}
					h = (h + 1) % size
					probes[i] = probes[i]*31 + k + 1
				}
			}
		})...)
		observe(probes)
	}
}

func fibBench(n int) func() {
	return func() {
		x, y := atomic.NewInt32(1), atomic.NewInt32(1)
		join(start(3, func(i int) {
			if i == 2 {
				model.Assert(x.Load(acquire) <= 144 && y.Load(acquire) <= 144)
				return
			}
			into := x
			if i == 1 {
				into = y
			}
			for range n {
				a := x.Load(acquire)
				into.Store(a+y.Load(acquire), release)
			}
		})...)
	}
}

func big0(int) func() {
	return func() {
		var x, y, z, w atomic.Int32
		load := func(vars ...*atomic.Int32) {
			for _, v := range vars {
				v.Load(acquire)
			}
		}
		store := func(a, b *atomic.Int32) {
			for v := int32(1); v <= 3; v++ {
				a.Store(v, release)
				b.Store(v, release)
			}
		}
		join(start(4, func(i int) {
			switch i {
			case 0:
				load(&x, &y, &z, &w, &x, &y, &z)
			case 1:
				load(&x, &y, &z)
			case 2:
				store(&x, &y)
			case 3:
				store(&z, &w)
			}
		})...)
	}
}

// peterson's algorithm with release and acquire, which is too weak for it:
// what is counted is what the two threads can read. A thread that would have
// to wait is given up instead.
func peterson(int) func() {
	return func() {
		var flag [2]atomic.Bool
		var turn atomic.Int32
		var x atomic.Int32
		join(start(2, func(i int) {
			other := 1 - i
			flag[i].Store(true, release)
			turn.Store(int32(other), release)
			model.Assume(!flag[other].Load(acquire) || turn.Load(acquire) != int32(other))
			x.Store(int32(i), release)
			x.Load(acquire)
			flag[i].Store(false, release)
		})...)
	}
}

// chaseLev is the deque of Chase and Lev, one thief, after Lê, Pop, Cohen and
// Zappa Nardelli (PPoPP 2013). Its buffer is Relaxed: a thief may look at a
// slot that the owner is writing, and drops what it got.
func chaseLev(int) func() {
	const slots = 10
	return func() {
		var bottom, top atomic.Uint64
		var buffer [slots]atomic.Int64
		pushed := int64(0)
		push := func() {
			b := bottom.Load(relaxed)
			if t := top.Load(acquire); int64(b-t) < slots {
				pushed++
				buffer[b%slots].Store(pushed, relaxed)
				bottom.Store(b+1, release)
			}
		}
		pop := func() {
			b := bottom.Load(relaxed)
			bottom.Store(b-1, relaxed)
			atomic.Fence(seqCst)
			t := top.Load(relaxed)
			n := int64(b - t)
			if n > 0 {
				buffer[(b-1)%slots].Load(relaxed)
				if n > 1 {
					return
				}
				top.CompareExchange(t, t+1, acqRel, acquire)
			}
			bottom.Store(b, relaxed)
		}
		steal := func() {
			t := top.Load(relaxed)
			atomic.Fence(seqCst)
			if b := bottom.Load(acquire); int64(b-t) > 0 {
				buffer[t%slots].Load(relaxed)
				top.CompareExchange(t, t+1, release, relaxed)
			}
		}
		join(start(2, func(i int) {
			if i == 1 {
				steal()
				return
			}
			for range 5 {
				push()
			}
			for range 3 {
				pop()
			}
			for range 2 {
				push()
			}
		})...)
	}
}
