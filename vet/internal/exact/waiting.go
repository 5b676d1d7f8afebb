package exact

import (
	"go/types"
	"slices"
	"time"
)

// never is how long no program waits.
const never = 100 * 365 * 24 * time.Hour

// Cond, timers and what only takes time.

func init() {
	nothing := func(x *call) status { return x.returns(nil) }
	register("time", "", "Sleep", nil, nothing)
	register("runtime", "", "Gosched", nil, nothing)
	register("runtime", "", "GC", nil, nothing)
	register("os", "", "Exit", always, func(*call) status { return crashed })

	register("sync", "", "NewCond", nil, func(x *call) status {
		return x.returns(pointer{x.allocate(x.s, []value{x.f.args[0]}, nil), 0})
	})
	register("sync", "Cond", "Wait", always, (*call).condWait)
	register("sync", "Cond", "Signal", always, func(x *call) status { return x.wake(1) })
	register("sync", "Cond", "Broadcast", always, func(x *call) status { return x.wake(maxThreads) })

	register("time", "", "AfterFunc", always, func(x *call) status {
		if d, known := x.f.args[0].(int64); known && time.Duration(d) >= never {
			stop("a timer that is made to be reset")
		}
		return x.timer(fires, x.f.args[1])
	})
	register("time", "", "NewTimer", always, func(x *call) status { return x.timer(ticks, nil) })
	register("time", "", "After", always, func(x *call) status { return x.timer(ticks, nil) })
	register("time", "Timer", "Stop", always, (*call).stopTimer)
}

// mutexOf is the cell of a Cond's lock.
func (x *call) mutexOf(c *cell) *cell {
	b, ok := c.val.(boxed)
	if !ok {
		stop("a Cond whose lock is not known")
	}
	p, ok := b.typ.Underlying().(*types.Pointer)
	if !ok || !opaqueType(p.Elem()) {
		stop("a Cond with a lock of another kind")
	}
	o, off := x.s.at(b.val)
	return &o.cells[off]
}

// condWait runs in three phases: it gives the lock back and queues up, waits
// to be woken, and takes the lock again.
func (x *call) condWait() status {
	c := x.cell(0)
	if c == nil {
		return x.panics(x.t)
	}
	mu := x.mutexOf(c)
	switch x.f.phase {
	case 0:
		if !mu.lookAt().writer {
			return crashed
		}
		m := mu.update()
		m.writer, m.clock = false, x.t.release()
		x.gaveBack(m)
		s := c.update()
		s.waiters = append(slices.Clip(s.waiters), x.t.index)
	case 1:
		i := slices.Index(c.lookAt().woken, x.t.index)
		if i < 0 {
			return blocked
		}
		s := c.update()
		s.woken = slices.Delete(slices.Clone(s.woken), i, i+1)
		x.t.acquire(s.clock)
	default:
		if m := mu.lookAt(); m.writer || m.n > 0 {
			return blocked
		}
		m := mu.update()
		m.writer = true
		m.takenBy(x.t)
		x.t.acquire(m.clock)
		x.t.acquire(m.shared)
		return x.returns(nil)
	}
	x.f.phase++
	return goesOn
}

// wake wakes up to n goroutines, those first that have waited longest.
func (x *call) wake(n int) status {
	c := x.cell(0)
	if c == nil {
		return x.panics(x.t)
	}
	clock := x.t.release()
	s := c.update()
	n = min(n, len(s.waiters))
	s.woken = append(slices.Clip(s.woken), s.waiters[:n]...)
	s.waiters = s.waiters[n:]
	s.clock = s.clock.join(clock)
	return x.returns(nil)
}

// A timer's goroutine waits for the time, which may come at any step, unless
// the timer has been stopped. The sync of the timer's cell is 0 while it runs,
// 1 when it is stopped, 2 when it has fired.
const (
	running = iota
	stopped
	fired
)

var (
	fires = &native{id: 6, step: func(_ *search, phase int) bool { return phase == 0 }, run: func(x *call) status {
		if x.f.phase > 0 {
			return x.returns(nil)
		}
		c := x.cell(0)
		if c.lookAt().n == stopped {
			return x.returns(nil)
		}
		c.update().n = fired
		return x.calls(x.f.args[1])
	}}
	ticks = &native{id: 7, step: always, run: func(x *call) status {
		c := x.cell(0)
		if c.lookAt().n == stopped {
			return x.returns(nil)
		}
		c.update().n = fired
		ch := x.s.heap[c.val.(reference).obj].chann
		ch.room = ch.room[1:]
		ch.queue = append(ch.queue, message{unknown{}, x.t.release()})
		return x.returns(nil)
	}}
)

// timer starts one. The cell of the Timer holds its field C.
func (x *call) timer(run *native, fn value) status {
	var c value
	if run == ticks {
		id := x.newObject(x.s, 1, nil)
		x.s.heap[id].chann = &channel{size: 1, room: make([]clock, 1)}
		c = reference{id}
	}
	p := pointer{x.allocate(x.s, []value{c}, nil), 0}
	u := x.spawn(x.s, x.t, x.t.instrOf())
	u.frames = []*frame{{native: run, args: []value{p, fn}}}
	if x.f.call.Signature().Results().Len() == 1 {
		if _, isChan := x.f.call.Signature().Results().At(0).Type().Underlying().(*types.Chan); isChan {
			return x.returns(c)
		}
	}
	return x.returns(p)
}

func (x *call) stopTimer() status {
	c := x.cell(0)
	if c == nil {
		return x.panics(x.t)
	}
	was := c.lookAt().n
	if was == running {
		c.update().n = stopped
	}
	return x.returns(was == running)
}
