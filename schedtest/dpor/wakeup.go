package dpor

// A dporWake is a node of a wakeup tree: a thread that is to run, and what is to
// run after it.
type dporWake struct {
	thread  uint32
	next    int32 // next branch, or -1; in the free list, index+1
	child   int32 // first branch below, or -1
	note    int32 // first of what it does, if objects are stable, or -1
	variant uint8
	doubt   bool // it may turn out not to be enabled
}

// A dporNote is one access of a dporWake, in a list.
type dporNote struct {
	object uint64
	next   int32 // or -1; in the free list, index+1
	mode   DporMode
	guess  bool // it may turn out to do less
	ends   bool // it counts down, and may not below a bound
}

// A dporAnswer is whether a branch is a weak initial of a sequence.
type dporAnswer uint8

const (
	dporNo dporAnswer = iota
	dporYes
	dporPerhaps
)

// insert adds the sequence to the wakeup tree of its node, unless the tree has a
// leaf that leads to an execution of the same class.
//
// Going down from the root it takes, at each node of the tree, the first branch
// whose event is a weak initial of what is left of the sequence: one that could
// come first, or that commutes with all of it. Where that is not known it gives
// up, and the exploration goes on with source.
func (x *Dpor) insert() {
	at := int32(-1) // parent in the tree; -1 is the root
	for {
		w, last := x.nodes[x.node].tree, int32(-1)
		if at >= 0 {
			w = x.wakes[at].child
		}
		answer := dporNo
		for w >= 0 {
			if answer = x.consume(w); answer != dporNo {
				break
			}
			w, last = x.wakes[w].next, w
		}
		switch {
		case w < 0:
			x.append(at, last)
			return
		case answer == dporPerhaps:
			x.coarse = true
			return
		case x.wakes[w].child < 0:
			return
		}
		at = w
	}
}

// source does what insert does in the exploration without wakeup trees
// (Source-DPOR, same paper): it adds the sequence as a branch of its node unless
// the node has, or had, a branch that begins with an initial of the sequence. The
// branches below the first level are a hint only. What this may begin in vain,
// and sleep sets end, is counted as blocked.
func (x *Dpor) source() {
	n := &x.nodes[x.node]
	for s := uint8(0); s < x.count; s++ {
		k := x.heads[s]
		if k < 0 || !x.initial(k, s) {
			continue
		}
		_, _, v := x.element(k)
		if x.begins(n, s, v) {
			return
		}
	}
	last := n.tree
	for last >= 0 && x.wakes[last].next >= 0 {
		last = x.wakes[last].next
	}
	x.append(-1, last)
}

// begins reports whether a branch of n begins or began with variant v of the next
// operation of slot s.
func (x *Dpor) begins(n *dporNode, s uint8, v uint8) bool {
	if n.slept>>s&1 != 0 || n.thread == x.names[s] && v == n.variant {
		return true
	}
	for k := n.parts; k < n.partsEnd; k++ {
		if p := &x.parts[k]; p.slot == s && p.own>>v&1 != 0 {
			return true
		}
	}
	for w := n.tree; w >= 0; w = x.wakes[w].next {
		if b := &x.wakes[w]; b.thread == x.names[s] && v == b.variant {
			return true
		}
	}
	return false
}

// consume reports whether branch w is a weak initial of the sequence, and if so
// takes it out of it.
func (x *Dpor) consume(w int32) dporAnswer {
	b := &x.wakes[w]
	s := x.slot(b.thread)
	if s == dporNoSlot {
		return dporPerhaps
	}
	if k := x.heads[s]; k >= 0 {
		if !x.initial(k, s) {
			return dporNo
		}
		if _, _, v := x.element(k); v != b.variant {
			if v == dporAnyVariant || b.variant == dporAnyVariant {
				return dporPerhaps
			}
			return dporNo
		}
		x.pass(w)
		return dporYes
	}
	a := dporPerhaps
	if x.used == 0 {
		if op := x.pending(s, x.node); op < 0 || !x.ops[op].enabled {
			return dporNo // it cannot run there: the branch was a guess
		}
	} else if b.doubt {
		return dporPerhaps
	}
	if x.Stable {
		a = x.apartFrom(w)
	} else if op, exact := x.upcoming(s); op >= 0 {
		a = x.idle(op, b.variant, exact)
	}
	if a == dporYes {
		x.skip(w)
	}
	return a
}

// pass takes out the first element of the sequence that is of branch w's thread.
func (x *Dpor) pass(w int32) {
	s := x.slot(x.wakes[w].thread)
	k := x.heads[s]
	x.heads[s] = x.nexts[k]
	x.taken = true
	x.last[s] = x.v[k]
	x.used |= 1 << s
}

// skip passes over branch w, of a thread of which nothing is left.
func (x *Dpor) skip(w int32) {
	if s := x.slot(x.wakes[w].thread); s != dporNoSlot {
		x.used |= 1 << s
		x.last[s] = dporUnknown
	}
}

// apartFrom reports whether branch w, which is not in the sequence, commutes with it.
func (x *Dpor) apartFrom(w int32) dporAnswer {
	for n := x.wakes[w].note; n >= 0; n = x.notes[n].next {
		m := x.notes[n].mode
		if x.notes[n].ends && x.exhausts(x.notes[n].object) {
			m = DporWrite
		}
		guess := x.notes[n].guess || x.guessed
		if x.anyClash(x.notes[n].object, m) {
			if guess {
				return dporPerhaps
			}
			return dporNo
		}
	}
	return dporYes
}

const dporUnknown = -2

// upcoming returns the operation of slot s, of which nothing is left in the
// sequence, after what has been taken of it, or -1 if it is not known; exact
// reports whether its modes are those that it will have.
func (x *Dpor) upcoming(s uint8) (op int32, exact bool) {
	if x.used>>s&1 == 0 {
		return x.pending(s, x.node), !x.taken
	}
	i := x.last[s]
	if i < 0 {
		return -1, false
	}
	next := x.events[i].next
	if next < 0 || x.events[next].woken {
		return -1, false
	}
	return x.pending(s, int(next)), false
}

// append makes what is left of the sequence a branch below at, after branch last.
func (x *Dpor) append(at, last int32) {
	heads := x.heads
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
		x.wakes[w].doubt = i < 0 && x.doubt
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
	x.heads = heads
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
		x.notes[n] = dporNote{object: acts[k].Object, mode: acts[k].Mode, guess: i < 0 && x.guessed, ends: acts[k].Mode == DporSub && acts[k].Test == DporIf, next: x.wakes[w].note}
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
