package dpor

// A dporWake is a node of a wakeup tree: a thread that is to run, and what is to
// run after it.
type dporWake struct {
	thread  uint32
	next    int32 // next branch, or -1; in the free list, index+1
	child   int32 // first branch below, or -1
	note    int32 // first of what it does, if objects are stable, or -1
	variant uint8
}

// A dporNote is one access of a dporWake, in a list.
type dporNote struct {
	object uint64
	next   int32 // or -1; in the free list, index+1
	mode   DporMode
}

// insert adds the sequence to the wakeup tree of its node, unless the tree has a
// leaf that leads to an execution of the same class.
//
// Going down from the root it takes, at each node of the tree, the first branch
// whose event is a weak initial of what is left of the sequence: one that could
// come first, or that commutes with all of it.
func (x *Dpor) insert() {
	at := int32(-1) // parent in the tree; -1 is the root
	for {
		w, last := x.nodes[x.node].tree, int32(-1)
		if at >= 0 {
			w = x.wakes[at].child
		}
		for w >= 0 && !x.consume(w) {
			w, last = x.wakes[w].next, w
		}
		if w < 0 {
			x.append(at, last)
			return
		}
		if x.wakes[w].child < 0 {
			return
		}
		at = w
	}
}

// consume reports whether branch w is a weak initial of the sequence, and takes
// it out of it.
func (x *Dpor) consume(w int32) bool {
	b := &x.wakes[w]
	s := x.slot(b.thread)
	if s == dporNoSlot {
		return false
	}
	k := x.heads[s]
	if k >= 0 {
		if _, _, v := x.element(k); v != b.variant || !x.initial(k, s) {
			return false
		}
		x.heads[s] = x.nexts[k]
		x.taken = true
		x.last[s] = x.v[k]
		x.used |= 1 << s
		return true
	}
	if x.Stable {
		for n := b.note; n >= 0; n = x.notes[n].next {
			m := x.notes[n].mode
			if m == DporSub && x.exhausts(x.notes[n].object) {
				m = DporWrite
			}
			if x.anyClash(x.notes[n].object, m) {
				return false
			}
		}
	} else if !x.idle(x.upcoming(s), b.variant) {
		return false
	}
	x.used |= 1 << s
	x.last[s] = dporUnknown
	return true
}

const dporUnknown = -2

// upcoming returns the operation of slot s, of which nothing is left in the
// sequence, after what has been taken of it, or -1 if it is not known.
func (x *Dpor) upcoming(s uint8) int32 {
	if x.used>>s&1 == 0 {
		return x.pending(s, x.node)
	}
	i := x.last[s]
	if i < 0 {
		return -1
	}
	next := x.events[i].next
	if next < 0 || x.events[next].woken {
		return -1
	}
	return x.pending(s, int(next))
}

// append makes what is left of the sequence a branch below at, after branch last.
func (x *Dpor) append(at, last int32) {
	first, prev := int32(-1), int32(-1)
	for k := range x.v {
		i := x.v[k]
		s := x.q.slot
		v := x.variant
		if i >= 0 {
			s, v = x.events[i].slot, x.events[i].variant
		}
		if x.heads[s] != int32(k) {
			continue // taken
		}
		x.heads[s] = x.nexts[k]
		w := x.make(x.names[s], v)
		if x.Stable {
			x.annotate(w, i)
		}
		if prev >= 0 {
			x.wakes[prev].child = w
		} else {
			first = w
		}
		prev = w
	}
	switch {
	case first < 0:
	case last >= 0:
		x.wakes[last].next = first
	case at >= 0:
		x.wakes[at].child = first
	default:
		x.nodes[x.node].tree = first
	}
}

func (x *Dpor) make(thread uint32, variant uint8) int32 {
	w := x.free - 1
	if w >= 0 {
		x.free = x.wakes[w].next
	} else {
		w = int32(len(x.wakes))
		x.wakes = append(x.wakes, dporWake{})
	}
	x.wakes[w] = dporWake{thread: thread, variant: variant, next: -1, child: -1, note: -1}
	return w
}

// annotate notes what event i, or q if i is -1, does.
func (x *Dpor) annotate(w, i int32) {
	acts := x.qacc
	if i >= 0 {
		acts = x.acc[x.events[i].act:x.events[i].actEnd]
	}
	for k := range acts {
		n := x.blank - 1
		if n >= 0 {
			x.blank = x.notes[n].next
		} else {
			n = int32(len(x.notes))
			x.notes = append(x.notes, dporNote{})
		}
		x.notes[n] = dporNote{object: acts[k].Object, mode: acts[k].Mode, next: x.wakes[w].note}
		x.wakes[w].note = n
	}
}

// chain appends the branches from b on to those from a on.
func (x *Dpor) chain(a, b int32) int32 {
	if a < 0 {
		return b
	}
	w := a
	for x.wakes[w].next >= 0 {
		w = x.wakes[w].next
	}
	x.wakes[w].next = b
	return a
}

// discard frees branch w, but not what is below it.
func (x *Dpor) discard(w int32) {
	for n := x.wakes[w].note; n >= 0; {
		next := x.notes[n].next
		x.notes[n].next = x.blank
		x.blank = n + 1
		n = next
	}
	x.wakes[w].next = x.free
	x.free = w + 1
}

// drop frees branch w, its siblings and all that is below them.
func (x *Dpor) drop(w int32) {
	for w >= 0 {
		next := x.wakes[w].next
		x.drop(x.wakes[w].child)
		x.discard(w)
		w = next
	}
}
