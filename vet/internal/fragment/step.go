package fragment

// step is what thread i, whose next instr is in, can do in s: no state if it
// has to wait, one for each partner if it is a send without buffer.
func (j *judge) step(s *state, i int, in *instr) []*state {
	n := s.clone()
	t := &n.threads[i]
	t.pc++
	ok := true
	switch in.kind {
	case plain:
		if sync, isSync := in.stmt.(Sync); isSync {
			o := &n.objects[j.vars[sync.On]]
			if sync.Op == Send && len(o.room)+len(o.queue) == 0 && !o.closed {
				return j.handOver(s, i, j.vars[sync.On])
			}
			ok = j.sync(o, t, i, sync)
		} else {
			ok = j.plain(n, i, in)
		}
	case branch:
		if !j.holds(n, i, in.cond, in.reg) {
			t.pc = in.to
		}
	case enterOnce:
		o := &n.objects[j.vars[in.on]]
		switch o.n {
		case 0:
			o.n = 1
		case 1:
			return nil
		default:
			t.acquire(o.clock)
			t.pc = in.to
		}
	case leaveOnce:
		o := &n.objects[j.vars[in.on]]
		o.n, o.clock = 2, t.release(i)
	case receive, poll:
		o := &n.objects[j.vars[in.on]]
		taken := o.take(t, i)
		switch {
		case in.kind == receive && !taken && !o.closed:
			return nil
		case in.kind == receive && !taken, in.kind == poll && !taken && !o.closed:
			t.pc = in.to
		}
		if !taken && o.closed {
			t.acquire(o.clock)
		}
	case groupDone:
		o := &n.objects[j.vars[in.on]]
		o.n--
		o.clock = o.clock.join(t.release(i))
	}
	if !ok {
		return nil
	}
	j.settle(n, i)
	return []*state{n}
}

// crash is the value of an object whose use was a panic or the end of the process.
const crash = -100

// plain runs a statement on memory, a go statement or one round of an await.
func (j *judge) plain(s *state, i int, in *instr) bool {
	t := &s.threads[i]
	switch x := in.stmt.(type) {
	case Write:
		at := j.cellOf(x.At, t, in.reg)
		j.access(s, i, at, true)
		s.memory[at].n = x.Value
	case Read:
		j.access(s, i, j.cellOf(x.At, t, in.reg), false)
	case Let:
		at := j.cellOf(x.At, t, in.reg)
		j.access(s, i, at, false)
		t.regs[x.Reg] = int8(s.memory[at].n)
	case Await:
		if !j.holds(s, i, x.Cond, in.reg) {
			t.pc--
		}
	case Go:
		if x.Group != nil {
			s.objects[j.vars[x.Group]].n++
		}
		child := thread{block: in.block, regs: t.regs, clock: t.release(i)}
		for len(child.clock) <= len(s.threads) {
			child.clock = child.clock.join(make(clock, len(child.clock)+1))
		}
		child.clock[len(s.threads)] = 1
		s.threads = append(s.threads, child)
		j.settle(s, len(s.threads)-1)
	}
	return true
}

// holds evaluates a condition in one step.
func (j *judge) holds(s *state, i int, c Cond, reg int) bool {
	t := &s.threads[i]
	hit := false
	if c.Test == Is {
		at := j.cellOf(c.At, t, reg)
		j.access(s, i, at, false)
		return (s.memory[at].n == c.Old) != c.Not
	}
	o := &s.objects[j.vars[c.On]]
	switch c.Test {
	case LoadIs:
		t.acquire(o.clock)
		hit = o.n == c.Old
	case CAS:
		t.acquire(o.clock)
		if hit = o.n == c.Old; hit {
			o.n, o.clock = c.New, t.release(i)
		}
	case AddIs:
		t.acquire(o.clock)
		o.n += c.New
		hit = o.n == c.Old
		o.clock = t.release(i)
	case TryLock:
		if hit = o.n == 0 && !o.writer; hit {
			o.writer = true
			t.acquire(o.clock)
			t.acquire(o.shared)
		}
	}
	return hit != c.Not
}

// sync does an operation of thread t on o. It reports false if t has to wait.
func (j *judge) sync(o *object, t *thread, i int, s Sync) bool {
	switch s.Op {
	case Lock:
		if o.writer || o.n > 0 {
			return false
		}
		o.writer = true
		t.acquire(o.clock)
		t.acquire(o.shared)
	case Unlock:
		if !o.writer {
			o.n = crash
			return true
		}
		o.writer, o.clock = false, t.release(i)
	case RLock:
		if o.writer {
			return false
		}
		o.n++
		t.acquire(o.clock)
	case RUnlock:
		if o.n--; o.n < 0 {
			o.n = crash
			return true
		}
		o.shared = o.shared.join(t.release(i))
	case Send:
		return o.send(t, i)
	case Recv:
		if o.take(t, i) {
			return true
		}
		t.acquire(o.clock)
		return o.closed
	case Close:
		if o.closed {
			o.n = crash
		}
		o.closed, o.clock = true, t.release(i)
	case Add, Done:
		d := s.Val
		if s.Op == Done {
			d = -1
		}
		if o.n += d; o.n < 0 {
			o.n = crash
			return true
		}
		o.clock = o.clock.join(t.release(i))
	case Wait:
		t.acquire(o.clock)
		return o.n == 0
	case Store:
		o.n, o.clock = s.Val, t.release(i)
	case Inc:
		t.acquire(o.clock)
		o.n += s.Val
		o.clock = t.release(i)
	}
	return true
}

// send puts a value into a channel with a buffer. It reports false if there
// is no room.
func (o *object) send(t *thread, i int) bool {
	if o.closed {
		o.n = crash
		return true
	}
	if len(o.room) == 0 {
		return false
	}
	t.acquire(o.room[0]) // the k-th receive is before the send k+cap completes
	o.room = o.room[1:]
	o.queue = append(o.queue, t.release(i))
	return true
}

// take receives a value that is in the channel.
func (o *object) take(t *thread, i int) bool {
	if len(o.queue) == 0 {
		return false
	}
	t.acquire(o.queue[0])
	o.queue = o.queue[1:]
	o.room = append(o.room, t.release(i))
	return true
}

// handOver lets thread i send over a channel without buffer: to each of the
// goroutines that wait for a value.
func (j *judge) handOver(s *state, i, channel int) []*state {
	var next []*state
	for k := range s.threads {
		in := j.at(s, k)
		recv, isSync := in.stmt.(Sync)
		waits := isSync && recv.Op == Recv && j.vars[recv.On] == channel ||
			(in.kind == receive || in.kind == poll) && j.vars[in.on] == channel
		if k == i || !waits {
			continue
		}
		n := s.clone()
		t, u := &n.threads[i], &n.threads[k]
		sent, received := t.release(i), u.release(k)
		t.acquire(received)
		u.acquire(sent)
		t.pc++
		u.pc++
		j.settle(n, i)
		j.settle(n, k)
		next = append(next, n)
	}
	return next
}
