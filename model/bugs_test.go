//go:build fearless_model

package model_test

import (
	"strings"
	"testing"

	"github.com/fearless-go/fearless/atomic"
	"github.com/fearless-go/fearless/cell"
	"github.com/fearless-go/fearless/model"
	"github.com/fearless-go/fearless/thread"
)

// Each program here is a known mistake, with the message that finds it, and a
// twin in which one line is mended, which is proven to be right.

const (
	relaxed = atomic.Relaxed
	acquire = atomic.Acquire
	release = atomic.Release
	acqRel  = atomic.AcqRel
	seqCst  = atomic.SeqCst
)

func join(handles ...*thread.JoinHandle[thread.Void]) {
	for _, h := range handles {
		if _, err := h.Join(); err != nil {
			panic(err)
		}
	}
}

type twin struct {
	name  string
	wrong func()
	kind  model.Kind
	want  string // part of the message
	right func()
}

func publish(o atomic.Ordering) func() {
	return func() {
		var ready atomic.Bool
		var data cell.UnsafeCell[int]
		w := thread.Go(func() {
			data.WithMut(func(p *int) { *p = 42 })
			ready.Store(true, o)
		})
		if ready.Load(acquire) {
			data.With(func(p *int) { model.Assert(*p == 42) })
		}
		join(w)
	}
}

// A Treiber stack whose nodes are used again: pop may compare with a head that
// was popped and pushed back in between (ABA). The twin counts versions.
func treiber(versions bool) func() {
	return func() {
		// Two nodes, 1 on top of 2; next[i] is the node under i. The head is a
		// node, and in the twin a version above it.
		var next [3]atomic.Uint32
		next[1].Store(2, relaxed)
		head := atomic.NewUint32(1)
		step := uint32(0)
		if versions {
			step = 16
		}
		pop := func() uint32 {
			for {
				h := head.Load(acquire)
				n := h & 15
				if n == 0 {
					return 0
				}
				if _, ok := head.CompareExchange(h, (h&^15+step)|next[n].Load(relaxed), acquire, relaxed); ok {
					return n
				}
			}
		}
		push := func(n uint32) {
			for {
				h := head.Load(relaxed)
				next[n].Store(h&15, relaxed)
				if _, ok := head.CompareExchange(h, (h&^15+step)|n, release, relaxed); ok {
					return
				}
			}
		}
		var a, b uint32
		t := thread.Go(func() { a = pop() })
		x := pop()
		y := pop()
		if x != 0 {
			push(x) // x is on top again, but y is not under it any more
		}
		join(t)
		b = y
		model.Assert(a == 0 || a != b, "node ", a, " was popped twice")
		left := head.Load(relaxed) & 15
		model.Assert(left == 0 || left != b, "node ", b, " was popped and is still on the stack")
	}
}

// Double-checked initialization.
func doubleChecked(load, store atomic.Ordering) func() {
	return func() {
		var ready, lock atomic.Uint32
		var value cell.UnsafeCell[int]
		get := func() {
			if ready.Load(load) == 0 {
				for {
					if _, ok := lock.CompareExchange(0, 1, acquire, relaxed); ok {
						break
					}
					atomic.SpinLoop()
				}
				if ready.Load(relaxed) == 0 {
					value.WithMut(func(p *int) { *p = 7 })
					ready.Store(1, store)
				}
				lock.Store(0, release)
			}
			value.With(func(p *int) { model.Assert(*p == 7) })
		}
		t := thread.Go(get)
		get()
		join(t)
	}
}

// Peterson's algorithm.
func peterson(o func(atomic.Ordering) atomic.Ordering) func() {
	return func() {
		var flag [2]atomic.Bool
		var turn atomic.Int32
		var data cell.UnsafeCell[int]
		enter := func(me int) {
			flag[me].Store(true, o(seqCst))
			turn.Store(int32(1-me), o(seqCst))
			load := o(seqCst) // a loop that calls what is not known is no proof
			for flag[1-me].Load(load) && turn.Load(load) == int32(1-me) {
				atomic.SpinLoop()
			}
			data.WithMut(func(p *int) { *p++ })
			flag[me].Store(false, o(seqCst))
		}
		t := thread.Go(func() { enter(0) })
		enter(1)
		join(t)
	}
}

// A sequence lock: the reader must not see half a write.
func seqlock(fences bool) func() {
	return func() {
		var seq, a, b atomic.Uint32
		t := thread.Go(func() {
			seq.Store(1, relaxed)
			if fences {
				atomic.Fence(release)
			}
			a.Store(1, relaxed)
			b.Store(1, relaxed)
			seq.Store(2, release)
		})
		before := seq.Load(acquire)
		x, y := a.Load(relaxed), b.Load(relaxed)
		if fences {
			atomic.Fence(acquire)
		}
		if after := seq.Load(relaxed); before&1 == 0 && before == after {
			model.Assert(x == y, "half a write: ", x, " and ", y)
		}
		join(t)
	}
}

// An intrusive queue of several producers and one consumer.
func mpsc(publish atomic.Ordering) func() {
	return func() {
		type node struct {
			next  atomic.Ptr[node]
			value cell.UnsafeCell[int]
		}
		stub := new(node)
		tail := atomic.NewPtr(stub)
		push := func(v int) {
			n := new(node)
			n.value.WithMut(func(p *int) { *p = v })
			tail.Swap(n, acqRel).next.Store(n, publish)
		}
		p1 := thread.Go(func() { push(1) })
		p2 := thread.Go(func() { push(2) })
		if n := stub.next.Load(acquire); n != nil {
			n.value.With(func(p *int) { model.Assert(*p != 0) })
		}
		join(p1, p2)
	}
}

// A flag and a parked thread: the waker must set the flag first.
func wakeUp(flagFirst bool) func() {
	return func() {
		var ready atomic.Bool
		main := thread.Current()
		t := thread.Go(func() {
			if flagFirst {
				ready.Store(true, release)
			}
			main.Unpark()
			if !flagFirst {
				ready.Store(true, release)
			}
		})
		for !ready.Load(acquire) {
			thread.Park()
		}
		join(t)
	}
}

// The counter of an Arc: the last owner must have seen what the others did.
func counter(drop atomic.Ordering, fence bool) func() {
	return func() {
		count := atomic.NewUint32(2)
		var data cell.UnsafeCell[int]
		dropOne := func() {
			if count.FetchSub(1, drop) == 1 {
				if fence {
					atomic.Fence(acquire)
				}
				data.WithMut(func(p *int) { *p = -1 })
			}
		}
		t := thread.Go(func() {
			data.With(func(p *int) { model.Assert(*p == 0) })
			dropOne()
		})
		data.With(func(p *int) { model.Assert(*p == 0) })
		dropOne()
		join(t)
	}
}

// A reader-writer lock of one word: readers count up, a writer takes all.
func rwlock(read atomic.Ordering) func() {
	return func() {
		const writer = 100
		var state atomic.Uint32
		var data cell.UnsafeCell[int]
		w := thread.Go(func() {
			if _, ok := state.CompareExchange(0, writer, acquire, relaxed); ok {
				data.WithMut(func(p *int) { *p++ })
				state.Store(0, release)
			}
		})
		if s := state.Load(relaxed); s != writer {
			if _, ok := state.CompareExchange(s, s+1, read, relaxed); ok {
				data.With(func(*int) {})
				state.FetchSub(1, release)
			}
		}
		join(w)
	}
}

// The work-stealing deque of Chase and Lev (Lê, Pop, Cohen, Zappa Nardelli,
// PPoPP 2013) with two elements. The owner takes the last but one without a
// compare-exchange: there the fence is what keeps a thief away.
func chaseLev(fence bool) func() {
	return func() {
		var top, bottom atomic.Int32
		bottom.Store(2, relaxed)
		barrier := func() {
			if fence {
				atomic.Fence(seqCst)
			}
		}
		var got [2]atomic.Uint32
		take := func(i int32) { got[i].FetchAdd(1, relaxed) }
		thief := thread.Go(func() {
			for range 2 {
				t := top.Load(acquire)
				barrier()
				if b := bottom.Load(acquire); t < b {
					if _, ok := top.CompareExchange(t, t+1, seqCst, relaxed); ok {
						take(t)
					}
				}
			}
		})
		b := bottom.Load(relaxed) - 1
		bottom.Store(b, relaxed)
		barrier()
		switch t := top.Load(relaxed); {
		case t < b:
			take(b)
		case t == b:
			if _, ok := top.CompareExchange(t, t+1, seqCst, relaxed); ok {
				take(b)
			}
			bottom.Store(b+1, relaxed)
		default:
			bottom.Store(b+1, relaxed)
		}
		join(thief)
		for i := range got {
			model.Assert(got[i].Load(relaxed) <= 1, "element ", i, " was taken twice")
		}
	}
}

func dekker(o atomic.Ordering) func() {
	return func() {
		var flag [2]atomic.Bool
		var data cell.UnsafeCell[int]
		try := func(me int) {
			store, load := o, o
			if o == acqRel {
				store, load = release, acquire
			}
			flag[me].Store(true, store)
			if !flag[1-me].Load(load) {
				data.WithMut(func(p *int) { *p++ })
			}
		}
		t := thread.Go(func() { try(0) })
		try(1)
		join(t)
	}
}

func same(o atomic.Ordering) atomic.Ordering { return o }
func weak(atomic.Ordering) atomic.Ordering   { return relaxed }

var twins = []twin{
	{"publish by Relaxed", publish(relaxed), model.DataRace, "data race on data", publish(release)},
	{"Treiber stack with ABA", treiber(false), model.Panic, "popped", treiber(true)},
	{"double-checked initialization", doubleChecked(relaxed, relaxed), model.DataRace, "data race on value", doubleChecked(acquire, release)},
	{"Peterson with Relaxed", peterson(weak), model.DataRace, "data race on data", peterson(same)},
	{"seqlock without fences", seqlock(false), model.Panic, "half a write", seqlock(true)},
	{"MPSC queue, Relaxed publish", mpsc(relaxed), model.DataRace, "data race on", mpsc(release)},
	{"lost wake-up", wakeUp(false), model.Deadlock, "no thread can go on", wakeUp(true)},
	{"Arc with a Relaxed drop", counter(relaxed, false), model.DataRace, "data race on data", counter(release, true)},
	{"reader-writer lock without acquire", rwlock(relaxed), model.DataRace, "data race on data", rwlock(acquire)},
	{"Chase-Lev without the fence", chaseLev(false), model.Panic, "taken twice", chaseLev(true)},
	{"Dekker with release and acquire", dekker(acqRel), model.DataRace, "data race on data", dekker(seqCst)},
}

func TestBugsAreFoundAndTheirRepairsProven(t *testing.T) {
	for _, tw := range twins {
		t.Run(tw.name, func(t *testing.T) {
			r := model.Explore(tw.wrong)
			if r.Failure == nil || r.Failure.Kind != tw.kind || !strings.Contains(r.Failure.Message, tw.want) {
				t.Errorf("found %v; want a %v with %q", r.Failure, tw.kind, tw.want)
			} else {
				t.Log(r.Failure.Message)
			}
			r = model.Explore(tw.right)
			if r.Failure != nil || !r.Exhaustive {
				t.Errorf("the repaired program: %v", r.Failure)
			}
		})
	}
}
