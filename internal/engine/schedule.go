package engine

import "slices"

// schedule.go says which thread runs when. A thread runs until it has to wait.
// If it waits for one that has yet to begin, that one begins. Else the thread
// goes on that can and began to wait last. If none can, one begins, in the
// order of their creation. So threads wait and go on like calls and returns as
// far as that is possible, and few reads are there before the writes that
// revisit them. When all wait, a waiting thread takes an older value that
// satisfies it.
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
	if s := e.steered; s != nil {
		return s.pick()
	}
	if e.x.Random != nil {
		if t := e.pickAtRandom(); t != nil {
			return t
		}
	}
	if n := len(e.blocked); n > 0 {
		last := e.blocked[n-1]
		if e.canGoOn(last) {
			return last
		}
		if t := e.wanted(last); t != nil {
			return t
		}
		for i := n - 2; i >= 0; i-- {
			if t := e.blocked[i]; e.canGoOn(t) {
				return t
			}
		}
	}
	if e.begun < len(e.new) {
		return e.new[e.begun]
	}
	for _, t := range e.threads {
		if t.state == deferred && e.x.SomeSatisfies(t.id, t.wait.loc, t.wait.cond, t.wait.expected) {
			t.wait.forced = true
			return t
		}
	}
	if e.x.Random != nil {
		for _, t := range e.threads {
			if t.state == spinning && t.spin.wonders {
				return t
			}
		}
	}
	return nil
}

// wanted is the thread that has to begin for t to go on; nil: none is known.
func (e *Engine) wanted(t *Thread) *Thread {
	x := e.x
	switch t.state {
	case delayed:
		if u := e.threads[x.G.Ev[x.Wake[t.id]].Thr]; u.new {
			return u
		}
	case behindTwin:
		if u := e.threads[t.twin]; u.new {
			return u
		}
	case behind:
		for _, u := range e.new[e.begun:] {
			if len(x.G.Thr[u.id].Ev) > 0 {
				return u
			}
		}
	}
	return nil
}

// begins takes t, which is chosen, from the new threads.
func (e *Engine) begins(t *Thread) {
	e.next = nil
	t.new = false
	if e.new[e.begun] != t {
		i := slices.Index(e.new, t)
		copy(e.new[e.begun+1:i+1], e.new[e.begun:i])
		e.new[e.begun] = t
	}
	e.begun++
}

// goesOn takes t, which is chosen, from the blocked threads.
func (e *Engine) goesOn(t *Thread) {
	e.next = nil
	t.state = ready
	last := len(e.blocked) - 1
	if e.blocked[last] != t {
		i := slices.Index(e.blocked, t)
		copy(e.blocked[i:], e.blocked[i+1:])
	}
	e.blocked = e.blocked[:last]
}

func (e *Engine) canGoOn(t *Thread) bool {
	switch t.state {
	case ready:
		return true
	case delayed:
		return e.x.Ran(e.x.Wake[t.id])
	case behind:
		return e.x.CaughtUp()
	case behindTwin:
		return !e.precedes(t.twin, t.twinAt)
	case limited:
		return t.wait.over()
	case deferred:
		return t.wait.over != nil && t.wait.over() || e.x.LatestSatisfies(t.wait.loc, t.wait.cond, t.wait.expected)
	case spinning:
		return e.x.Random != nil && !t.spin.probed && e.x.ReadsStale(t.id, t.spin.round)
	default:
		return false
	}
}

// pickAtRandom is a thread that can run.
func (e *Engine) pickAtRandom() *Thread {
	var chosen *Thread
	n := 0
	for _, t := range e.threads {
		if e.canGoOn(t) {
			if n++; e.x.Random.IntN(n) == 0 {
				chosen = t
			}
		}
	}
	return chosen
}
