package parallel

import "maps"

// lockSets finds the locks that are held at each access, start of a
// goroutine, lock and unlock.
func (t *Tree) lockSets() {
	t.channelLocks()
	t.noteOwnLocks()
	held := map[*Thread]lockSet{}
	for _, th := range t.Threads {
		w := &lockWalk{tree: t, memo: map[lockVisit]lockSet{}, atStart: held}
		w.frame(th.Entry, lockSet{})
	}
	t.handOffs(held)
}

// noteOwnLocks notes the locks that the goroutine of the root function takes.
func (t *Tree) noteOwnLocks() {
	t.locksItself = map[Ref]bool{}
	for _, f := range t.Frames {
		if f.Thread.Parent != nil {
			continue
		}
		for b, events := range f.blocks {
			if !f.live[b] {
				continue
			}
			for _, e := range events {
				if e.lock != nil {
					if f == t.Root && e.lock.asked {
						continue
					}
					for _, l := range e.lock.on {
						t.locksItself[l] = true
					}
				}
			}
		}
	}
}

type lockVisit struct {
	frame *Frame
	held  string
}

type lockWalk struct {
	tree    *Tree
	memo    map[lockVisit]lockSet
	atStart map[*Thread]lockSet
}

// frame runs f with the locks held and returns those held at its end, or nil
// if it has none.
func (w *lockWalk) frame(f *Frame, held lockSet) lockSet {
	visit := lockVisit{f, held.key()}
	if out, ok := w.memo[visit]; ok {
		return out
	}
	w.memo[visit] = held
	in := make([]lockSet, len(f.blocks))
	in[0] = held
	work := []int{0}
	var out lockSet
	for len(work) > 0 {
		b := work[0]
		work = work[1:]
		state := maps.Clone(in[b])
		for i := range f.blocks[b] {
			if state = w.event(&f.blocks[b][i], state); state == nil {
				break
			}
		}
		if state == nil {
			continue
		}
		if b == f.exit() {
			out = state
		}
		for _, s := range f.succs[b] {
			next := state
			if l := f.edgeLocks[[2]int{b, s}]; l != nil {
				next = w.event(&event{lock: l}, maps.Clone(state))
			}
			if all := w.heldBehind(f, b, s); len(all) > 0 {
				next = maps.Clone(next)
				for _, l := range all {
					for _, r := range l.on {
						next[r] = l.write || next[r]
					}
				}
			}
			if in[s] != nil {
				next = in[s].meet(next)
				if maps.Equal(next, in[s]) {
					continue
				}
			}
			in[s] = maps.Clone(next)
			work = append(work, s)
		}
	}
	w.memo[visit] = out
	f.returns = f.returns || out != nil
	return out
}

func (w *lockWalk) event(e *event, held lockSet) lockSet {
	switch {
	case e.frames != nil:
		inside := held
		if e.lock != nil {
			inside = maps.Clone(held)
			for _, r := range e.lock.on {
				inside[r] = e.lock.write
			}
		}
		var out lockSet
		if e.maybe {
			out = maps.Clone(held)
		}
		for _, f := range e.frames {
			after := w.frame(f, maps.Clone(inside))
			if after == nil {
				continue
			}
			if e.lock != nil {
				after = maps.Clone(after)
				for _, r := range e.lock.on {
					delete(after, r)
				}
			}
			if out == nil {
				out = maps.Clone(after)
			} else {
				out = out.meet(after)
			}
		}
		return out
	case e.access != nil:
		if e.access.locks == nil {
			e.access.locks = maps.Clone(held)
		} else {
			e.access.locks = e.access.locks.meet(held)
		}
	case e.threads != nil:
		for _, th := range e.threads {
			if w.atStart[th] == nil {
				w.atStart[th] = maps.Clone(held)
			} else {
				w.atStart[th] = w.atStart[th].meet(held)
			}
		}
	case e.lock != nil:
		if !e.lock.seen {
			e.lock.seen, e.lock.held = true, maps.Clone(held)
		} else {
			e.lock.held = e.lock.held.meet(held)
		}
		for _, r := range e.lock.on {
			if e.lock.take {
				held[r] = e.lock.write || held[r]
			} else {
				delete(held, r)
			}
		}
	}
	return held
}

// handOffs marks the locks that one goroutine takes and another, which it
// starts meanwhile, gives back: taking such a lock again waits for that.
func (t *Tree) handOffs(atStart map[*Thread]lockSet) {
	handed := map[Ref]bool{}
	each := func(do func(f *Frame, l *lockEvent)) {
		for _, f := range t.Frames {
			for _, events := range f.blocks {
				for _, e := range events {
					if e.lock != nil && e.lock.op != nil {
						do(f, e.lock)
					}
				}
			}
		}
	}
	each(func(f *Frame, l *lockEvent) {
		_, own := l.held[l.op.on]
		if _, given := atStart[f.Thread][l.op.on]; given && !l.take && !own {
			handed[l.op.on] = true
			l.op.vague = false
		}
	})
	each(func(f *Frame, l *lockEvent) {
		_, given := atStart[f.Thread][l.op.on]
		_, own := l.held[l.op.on]
		if l.take && handed[l.op.on] && (given || own) {
			l.op.vague = false
		}
	})
}
