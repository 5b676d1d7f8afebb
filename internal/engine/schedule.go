package engine

import "slices"

// schedule.go says which thread runs when. A thread runs until it has to wait.
// Then the one goes on that can and began to wait last; if none can, a thread
// begins: the one that is waited for, else in the order of their creation. So
// threads wait and go on like calls and returns as far as that is possible,
// and few reads are there before the writes that revisit them. When all wait, a waiting thread takes an older value
// that satisfies it, or a busy loop goes round again to see whether it ends by
// itself.
//
// The choice depends on the threads alone, not on the coroutines that run them:
// how an exploration proceeds does not depend on what was taken back (Engine.trap).

// choose is the thread to run next, nil if none can. It stays the same until
// that thread runs.
func (e *Engine) choose() *Thread {
	if e.stopped() {
		return nil
	}
	if e.next == nil {
		e.next = e.pick()
	}
	return e.next
}

func (e *Engine) pick() *Thread {
	if e.x.random != nil {
		if t := e.pickAtRandom(); t != nil {
			return t
		}
	}
	for i := len(e.blocked) - 1; i >= 0; i-- {
		if t := e.blocked[i]; e.canGoOn(t) {
			return t
		}
	}
	if len(e.new) > 0 {
		return e.first()
	}
	for _, t := range e.threads {
		if t.state == deferred && e.x.someSatisfies(t.id, t.wait.loc, t.wait.cond, t.wait.expected) {
			t.wait.forced = true
			return t
		}
	}
	for _, t := range e.threads {
		if t.state == spinning {
			t.spin.extended = true
			return t
		}
	}
	return nil
}

// first is which of the new threads begins.
func (e *Engine) first() *Thread {
	if n := len(e.blocked); n > 0 {
		x := e.x
		switch last := e.blocked[n-1]; last.state {
		case delayed:
			wanted := e.threads[x.g.ev[x.wake[last.id]].thr]
			for _, t := range e.new {
				if t == wanted {
					return t
				}
			}
		case behind:
			for _, t := range e.new {
				if len(x.g.thr[t.id].ev) > 0 {
					return t
				}
			}
		}
	}
	return e.new[0]
}

// begins takes t, which is chosen, from the new threads.
func (e *Engine) begins(t *Thread) {
	e.next = nil
	e.new = take(e.new, t, 0)
}

// goesOn takes t, which is chosen, from the blocked threads.
func (e *Engine) goesOn(t *Thread) {
	e.next = nil
	t.state = ready
	e.blocked = take(e.blocked, t, len(e.blocked)-1)
}

// take removes t, which is most often at place i, from list.
func take(list []*Thread, t *Thread, i int) []*Thread {
	if list[i] != t {
		i = slices.Index(list, t)
	}
	copy(list[i:], list[i+1:])
	return list[:len(list)-1]
}

func (e *Engine) canGoOn(t *Thread) bool {
	switch t.state {
	case ready:
		return true
	case delayed:
		return e.x.ran(e.x.wake[t.id])
	case behind:
		return e.x.caughtUp()
	case limited:
		return t.wait.over()
	case deferred:
		return t.wait.over != nil && t.wait.over() || e.x.latestSatisfies(t.wait.loc, t.wait.cond, t.wait.expected)
	default:
		return false
	}
}
