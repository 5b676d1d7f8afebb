package main

import (
	"fmt"

	"github.com/fearless-go/fearless/atomic"
	"github.com/fearless-go/fearless/model"
	"github.com/fearless-go/fearless/thread"
)

const (
	relaxed = atomic.Relaxed
	acquire = atomic.Acquire
	release = atomic.Release
	seqCst  = atomic.SeqCst
)

type handle = thread.JoinHandle[thread.Void]

// together runs one thread for each function and joins them.
func together(threads ...func()) {
	handles := make([]*handle, len(threads))
	for i, f := range threads {
		handles[i] = thread.Go(f)
	}
	for _, h := range handles {
		if _, err := h.Join(); err != nil {
			panic(err)
		}
	}
}

// each runs f(0) to f(n-1) as threads.
func each(n int, f func(i int)) {
	threads := make([]func(), n)
	for i := range threads {
		threads[i] = func() { f(i) }
	}
	together(threads...)
}

func programs() []program {
	list := []program{
		scaled("readers", 16, 1<<16, readers, "synthetic/readers/variants/readers0.c"),
		scaled("ainc", 8, factorial(8), ainc, "synthetic/ainc/variants/ainc0.c"),
		scaled("inc", 5, factorial(5)*factorial(5), inc, "synthetic/inc/variants/inc0.c"),
		scaled("cinc", 4, factorial(4)*factorial(4)*factorial(4), cinc, "synthetic/cinc/variants/cinc0.c"),
		scaled("lastzero", 15, 18<<13, lastzero, "synthetic/lastzero/variants/lastzero0.c"),
		scaled("ticketlock", 7, factorial(7), ticketlock, "data-structures/ticketlock/variants/main0.c"),
		scaled("ttaslock", 4, factorial(4)*factorial(4), ttaslock, "data-structures/ttaslock/variants/ttaslock0.c"),
		scaled("indexer", 12, 8, indexer, "synthetic/indexer/variants/indexer0.c"),
		scaled("indexer", 15, 4096, indexer, "synthetic/indexer/variants/indexer0.c"),
		{name: "fib_bench", main: fibBench, want: 525630, genmc: "synthetic/fib_bench/variants/fib_bench0.c"},
		{name: "fib_bench", main: fibBench, want: 218243, memory: model.SC, genmc: "synthetic/fib_bench/variants/fib_bench0.c"},
		{name: "big0", main: big0, want: 82472, genmc: "synthetic/big0/variants/big00.c"},
		{name: "big0", main: big0, want: 69112, memory: model.SC, genmc: "synthetic/big0/variants/big00.c"},
		{name: "peterson", main: peterson, want: 22, genmc: "synthetic/peterson/variants/peterson0.c"},
		{name: "peterson", main: peterson, want: 4, memory: model.SC, genmc: "synthetic/peterson/variants/peterson0.c"},
		{name: "chase-lev", main: chaseLev, want: 65, genmc: "data-structures/chase-lev/variants/chase-lev0.c"},
		{name: "chase-lev", main: chaseLev, want: 59, memory: model.SC, genmc: "data-structures/chase-lev/variants/chase-lev0.c"},
	}
	for i, n := range []int{2, 5, 14, 43, 144, 523, 2048, 8597} {
		list = append(list, scaled("casrot", i+2, n, casrot, "synthetic/casrot/variants/casrot0.c"))
	}
	for i, n := range []int{4, 16, 144, 2304, 57600} {
		list = append(list, scaled("CoA", i+1, n, coa, "synthetic/CoA/variants/coa0.c"))
	}
	for i, n := range []int{15, 130, 2028, 49776} {
		p := scaled("CoA", i+2, n, coa, "synthetic/CoA/variants/coa0.c")
		p.memory = model.SC
		list = append(list, p)
	}
	return list
}

func scaled(name string, n, want int, f func(n int), genmc string) program {
	return program{name: fmt.Sprintf("%s(%d)", name, n), main: func() { f(n) }, want: want, genmc: genmc, size: fmt.Sprint(n)}
}

func factorial(n int) int {
	if n < 2 {
		return 1
	}
	return n * factorial(n-1)
}

func readers(n int) {
	var x atomic.Int32
	each(n+1, func(i int) {
		if i == 0 {
			x.Store(42, release)
		} else {
			x.Load(acquire)
		}
	})
}

func ainc(n int) {
	var x atomic.Int32
	each(n, func(int) { x.FetchAdd(1, relaxed) })
}

func inc(n int) {
	var x atomic.Int32
	each(n, func(i int) { x.Store(x.Load(relaxed)+1<<i, release) })
}

func cinc(n int) {
	var x, y, z atomic.Int32
	each(n, func(int) {
		x.FetchAdd(1, relaxed)
		y.FetchAdd(1, relaxed)
		z.FetchAdd(1, relaxed)
	})
}

func casrot(n int) {
	var x atomic.Int32
	each(n, func(i int) { x.CompareExchange(int32(i), int32(i)+1, relaxed, relaxed) })
}

func lastzero(n int) {
	array := make([]atomic.Int32, n+1)
	each(n+1, func(i int) {
		if i > 0 {
			array[i].Store(array[i-1].Load(acquire)+1, release)
			return
		}
		for k := n; array[k].Load(acquire) != 0; k-- {
		}
	})
}

func ticketlock(n int) {
	var next, owner atomic.Int32
	each(n, func(int) {
		mine := next.FetchAdd(1, relaxed)
		for owner.Load(acquire) != mine {
			atomic.SpinLoop()
		}
		owner.Store(owner.Load(relaxed)+1, release)
	})
}

func ttaslock(n int) {
	var state atomic.Int32
	each(n, func(int) {
		for {
			for state.Load(relaxed) != 0 {
				atomic.SpinLoop()
			}
			if state.Swap(1, acquire) == 0 {
				break
			}
			atomic.SpinLoop()
		}
		state.Store(0, release)
	})
}

func indexer(n int) {
	const size, most = 128, 4
	var table [size]atomic.Int32
	each(n, func(id int) {
		for i := range most {
			w := int32(i*11 + id)
			for h := w * 7 % size; ; h = (h + 1) % size {
				if _, ok := table[h].CompareExchange(0, w, relaxed, relaxed); ok {
					break
				}
			}
		}
	})
}

func fibBench() {
	x, y := atomic.NewInt32(1), atomic.NewInt32(1)
	add := func(to *atomic.Int32) {
		for range 5 {
			a := x.Load(acquire)
			b := y.Load(acquire)
			to.Store(a+b, release)
		}
	}
	together(func() { add(x) }, func() { add(y) }, func() {
		model.Assert(x.Load(acquire) <= 144 && y.Load(acquire) <= 144)
	})
}

func big0() {
	var x, y, z, w atomic.Int32
	loads := func(of ...*atomic.Int32) {
		for _, v := range of {
			v.Load(acquire)
		}
	}
	stores := func(a, b *atomic.Int32) {
		for i := range int32(3) {
			a.Store(i+1, release)
			b.Store(i+1, release)
		}
	}
	together(
		func() { loads(&x, &y, &z, &w, &x, &y, &z) },
		func() { loads(&x, &y, &z) },
		func() { stores(&x, &y) },
		func() { stores(&z, &w) },
	)
}

func coa(n int) {
	var x, y, z atomic.Int32
	threads := []func(){
		func() { x.Store(1, release); y.Load(acquire); x.Load(acquire) },
		func() { x.Store(2, release); z.Load(acquire); x.Load(acquire) },
	}
	for i := range int32(n - 1) {
		threads = append(threads, func() { y.Store(i, release); z.Store(i, release) })
	}
	together(threads...)
}

func peterson() {
	var flag [2]atomic.Bool
	var turn, x atomic.Int32
	each(2, func(me int) {
		flag[me].Store(true, release)
		turn.Store(int32(1-me), release)
		for flag[1-me].Load(acquire) && turn.Load(acquire) == int32(1-me) {
			atomic.SpinLoop()
		}
		x.Store(int32(me), release)
		x.Load(acquire)
		flag[me].Store(false, release)
	})
}

// chaseLev is the deque of Chase and Lev: the owner pushes five, pops three and
// pushes two, while a thief steals one.
func chaseLev() {
	d := new(deque)
	together(func() {
		for i := range 5 {
			d.push(int64(i) + 1)
		}
		for range 3 {
			d.pop()
		}
		for i := range 2 {
			d.push(int64(i) + 6)
		}
	}, d.steal)
}

const room = 10

type deque struct {
	top, bottom atomic.Uint64
	buffer      [room]atomic.Int64
}

func (d *deque) push(v int64) {
	b := d.bottom.Load(relaxed)
	t := d.top.Load(acquire)
	if int64(b-t) >= room {
		return
	}
	d.buffer[b%room].Store(v, relaxed)
	d.bottom.Store(b+1, release)
}

func (d *deque) pop() {
	b := d.bottom.Load(relaxed)
	d.bottom.Store(b-1, relaxed)
	atomic.Fence(seqCst)
	t := d.top.Load(relaxed)
	n := int64(b - t)
	if n <= 0 {
		d.bottom.Store(b, relaxed)
		return
	}
	d.buffer[(b-1)%room].Load(relaxed)
	if n > 1 {
		return
	}
	d.top.CompareExchange(t, t+1, atomic.AcqRel, acquire)
	d.bottom.Store(b, relaxed)
}

func (d *deque) steal() {
	t := d.top.Load(relaxed)
	atomic.Fence(seqCst)
	b := d.bottom.Load(acquire)
	if int64(b-t) <= 0 {
		return
	}
	d.buffer[t%room].Load(relaxed)
	d.top.CompareExchange(t, t+1, release, relaxed)
}
