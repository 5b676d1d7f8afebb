package dpor

// inherit computes what is asleep in the new node n, which follows from: what
// was asleep there and commutes with the event in between.
func (x *Dpor) inherit(from, n *dporNode) bool {
	e := &x.events[len(x.events)-1]
	n.parts = from.partsEnd
	n.partsEnd = from.partsEnd
	if from.sleep == 0 && from.parts == from.partsEnd {
		return true
	}
	depth := len(x.events) - 1
	n.sleep = x.stillAsleep(from.sleep, e, depth)
	x.parts = x.parts[:from.partsEnd]
	for k := from.parts; k < from.partsEnd; k++ {
		p := x.parts[k]
		p.own = 0
		if p.variants = x.stillPart(p, e, depth); p.variants == 0 {
			continue
		}
		if len(x.parts) == cap(x.parts) {
			x.state = dporShort
			return false
		}
		x.parts = append(x.parts, p)
		n.partsEnd++
	}
	return true
}

// stillAsleep returns those of a set of threads, asleep before event e at depth,
// whose next events commute with it.
func (x *Dpor) stillAsleep(sleep uint64, e *dporEvent, depth int) uint64 {
	if e.turn != 0 {
		return sleep
	}
	sleep &^= 1 << e.slot
	acts := x.acc[e.act:e.actEnd]
	if len(acts) == 0 {
		return sleep
	}
	for s := uint8(0); sleep>>s != 0; s++ {
		if sleep>>s&1 == 0 {
			continue
		}
		op := x.pending(s, depth)
		if op < 0 || !x.unmoved(s, op, depth, acts, dporLowest(x.ops[op].variants)) {
			sleep &^= 1 << s
		}
	}
	return sleep
}

// stillPart does the same for the variants of a thread.
func (x *Dpor) stillPart(p dporPart, e *dporEvent, depth int) uint64 {
	if e.turn != 0 {
		return p.variants
	}
	op := x.pending(p.slot, depth)
	if e.slot == p.slot || op < 0 {
		return 0
	}
	acts := x.acc[e.act:e.actEnd]
	for v := uint8(0); v < 64; v++ {
		if p.variants>>v&1 != 0 && !x.unmoved(p.slot, op, depth, acts, v) {
			p.variants &^= 1 << v
		}
	}
	return p.variants
}

// unmoved reports whether a variant of slot s's pending operation commutes with
// the event at depth, which does acts. What it does may depend on which is
// first, as of two Done the second may be one too many.
func (x *Dpor) unmoved(s uint8, op int32, depth int, acts []DporAccess, variant uint8) bool {
	after := x.pending(s, depth+1)
	return x.apart(op, acts, variant) && (after == op || x.apart(after, acts, variant))
}

// apart reports whether a variant of a pending operation commutes with an event
// that is enabled in the same state and does acts.
func (x *Dpor) apart(op int32, acts []DporAccess, variant uint8) bool {
	o := &x.ops[op]
	for i := o.acc; i < o.accEnd; i++ {
		a := &x.acc[i]
		if a.Test == DporMay {
			continue
		}
		m := a.mode(a.State, a.Test != DporNone, variant)
		for j := range acts {
			if acts[j].Object == a.Object && dporConflict(m, acts[j].Mode) {
				return false
			}
		}
	}
	return true
}

// Forget says that thread's last n events were one turn of a waiting loop and
// had no effect: the execution is the same without them.
//
// A turn of one event wakes nobody that was asleep. So the sleep sets since then
// are computed again; if one shows that an event since then had been explored
// before, the execution is redundant from there on.
//
// A turn of several events may have an effect when another's event lies within
// it; see intrude. To find those events the execution goes on, though it may be
// of a class that has been explored: it counts as blocked.
func (x *Dpor) Forget(thread uint32, n int) {
	s := x.slot(thread)
	if n <= 0 || s == dporNoSlot || x.state != dporRunning || x.Bound > 0 {
		return
	}
	x.turns++
	several := n > 1
	first := len(x.events)
	for i := len(x.events) - 1; i >= 0 && n > 0; i-- {
		if e := &x.events[i]; e.slot == s && e.turn == 0 {
			e.turn = x.turns
			first = i
			n--
		}
	}
	if first >= len(x.nodes) {
		return
	}
	sleep := x.nodes[first].sleep
	if several {
		x.again = x.again || sleep != 0 || x.nodes[first].parts != x.nodes[first].partsEnd
		return
	}
	for i := first; i < len(x.events); i++ {
		e := &x.events[i]
		if e.turn == 0 && i >= x.known && sleep>>e.slot&1 != 0 {
			x.state = dporBlocked
		}
		sleep = x.stillAsleep(sleep, e, i)
		if i+1 < len(x.nodes) {
			if i+1 < x.known {
				sleep |= x.nodes[i+1].sleep
			} else {
				x.nodes[i+1].sleep = sleep
			}
		}
	}
}
