package exact

import "slices"

// The locks, groups and Onces of package sync.

func init() {
	// A Lock is a step; what comes behind it needs none, since others that
	// want the lock wait, and those that do not do not care.
	lock := func(x *call) status { return x.lock(0) }
	unlock := func(x *call) status { return x.unlock(0) }
	step := func(m *search, _ int) bool { return m.tries }
	for _, recv := range []string{"Mutex", "RWMutex"} {
		register("sync", recv, "Lock", always, lock)
		register("sync", recv, "Unlock", step, unlock)
		register("sync", recv, "TryLock", always, func(x *call) status { return x.try(x.lock) })
	}
	register("sync", "RWMutex", "RLock", always, func(x *call) status { return x.rlock(0) })
	register("sync", "RWMutex", "RUnlock", step, func(x *call) status { return x.runlock(0) })
	register("sync", "RWMutex", "TryRLock", always, func(x *call) status { return x.try(x.rlock) })

	register("sync", "WaitGroup", "Add", always, func(x *call) status {
		n, ok := x.f.args[1].(int64)
		if !ok {
			stop("a number that is added to a group is not known")
		}
		return x.add(int(n))
	})
	register("sync", "WaitGroup", "Done", step, func(x *call) status { return x.add(-1) })
	register("sync", "WaitGroup", "Wait", always, (*call).wait)
	register("sync", "WaitGroup", "Go", always, (*call).groupGo)
	register("sync", "Once", "Do", func(_ *search, phase int) bool { return phase == 0 }, (*call).once)
}

// needSteps makes steps of Unlock and Done, which are none as long as nobody
// can notice that they have not happened yet: by a TryLock, or because a
// goroutine gives back what it does not have.
func (x *call) needSteps() {
	if !x.tries {
		x.tries = true
		stop(beginAgain)
	}
}

// gaveBack removes t from the holders of a lock.
func (x *call) gaveBack(s *sync) {
	i := slices.Index(s.holders, x.t.index)
	if i < 0 {
		x.needSteps()
		return
	}
	s.holders = slices.Delete(slices.Clone(s.holders), i, i+1)
}

// maxHolders is how many read locks of one lock may be held at once. A loop that
// takes one in each round without giving it back makes every state larger than the
// last, and it may go on for as long as there are states.
const maxHolders = 256

func (s *sync) takenBy(t *thread) {
	if len(s.holders) == maxHolders {
		stop("more read locks at once than are followed")
	}
	s.holders = append(slices.Clip(s.holders), t.index)
}

// try runs a TryLock.
func (x *call) try(lock func(int) status) status {
	x.needSteps()
	if lock(0) == blocked {
		return x.returns(false)
	}
	return goesOn
}

func (x *call) lock(i int) status {
	c := x.cell(i)
	if c == nil {
		return x.panics(x.t)
	}
	if s := c.lookAt(); s.writer || s.n > 0 {
		return blocked
	}
	s := c.update()
	s.writer = true
	s.takenBy(x.t)
	x.t.acquire(s.clock)
	x.t.acquire(s.shared)
	return x.returns(true)
}

func (x *call) unlock(i int) status {
	c := x.cell(i)
	if c == nil || !c.lookAt().writer {
		x.needSteps()
		return crashed // a fatal error, which cannot be recovered from
	}
	s := c.update()
	s.writer, s.clock = false, x.t.release()
	x.gaveBack(s)
	return x.returns(nil)
}

func (x *call) rlock(i int) status {
	c := x.cell(i)
	if c == nil {
		return x.panics(x.t)
	}
	if c.lookAt().writer {
		return blocked
	}
	s := c.update()
	s.n++
	s.takenBy(x.t)
	x.t.acquire(s.clock)
	return x.returns(true)
}

func (x *call) runlock(i int) status {
	c := x.cell(i)
	if c == nil || c.lookAt().n == 0 {
		x.needSteps()
		return crashed
	}
	s := c.update()
	s.n--
	x.gaveBack(s)
	s.shared = s.shared.join(x.t.release())
	return x.returns(nil)
}

func (x *call) add(n int) status {
	c := x.cell(0)
	if c == nil {
		return x.panics(x.t)
	}
	s := c.update()
	if s.n += n; s.n < 0 {
		x.needSteps()
		x.noteBroken(x.s, x.t, CountedBelowZero)
		return x.panics(x.t)
	}
	if n < 0 {
		s.clock = s.clock.join(x.t.release())
	}
	return x.returns(nil)
}

func (x *call) wait() status {
	c := x.cell(0)
	if c == nil {
		return x.panics(x.t)
	}
	s := c.lookAt()
	if s.n > 0 {
		return blocked
	}
	x.t.acquire(s.clock)
	return x.returns(nil)
}

// groupDone is the frame below that of a function which a group has started.
var groupDone = &native{id: 4, run: func(x *call) status {
	if x.f.phase == 0 {
		return x.calls(x.f.args[1])
	}
	return x.add(-1)
}}

func (x *call) groupGo() status {
	c := x.cell(0)
	if c == nil || x.f.args[1] == nil {
		return x.panics(x.t)
	}
	c.update().n++
	u := x.spawn(x.s, x.t, x.t.instrOf())
	u.frames = []*frame{{native: groupDone, args: slices.Clone(x.f.args)}}
	x.returns(nil)
	x.settle(x.s, u)
	return goesOn
}

// once runs in three phases: the first caller calls the function, and notes
// that it has returned; the others wait for that.
func (x *call) once() status {
	c := x.cell(0)
	if c == nil {
		return x.panics(x.t)
	}
	switch s := c.lookAt(); {
	case x.f.phase > 0:
		s := c.update()
		s.n, s.clock = 2, x.t.release()
		return x.returns(nil)
	case s.n == 1:
		return blocked
	case s.n == 2:
		x.t.acquire(s.clock)
		return x.returns(nil)
	}
	c.update().n = 1
	return x.calls(x.f.args[1])
}
