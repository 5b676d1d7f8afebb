package parallel

// acquires tells whether o, once it has succeeded, knows that A is over.
func (v *view) acquires(o *op) bool {
	if v.credulous && v.mayAnswer(o) {
		return true
	}
	switch o.kind {
	case opUnknown:
		return o.ends || !o.deaf && v.told(o)
	case opRecv:
		return v.receives(o)
	case opSend:
		return v.sends(o)
	case opWait:
		return v.waits(o)
	case opJoin:
		for _, th := range o.joins {
			if v.over(th) {
				return true
			}
		}
	case opOnce:
		return v.inOnce(o.on)
	case opFlag:
		return o.untaken || v.flagged(o)
	case opHandOff:
		return !o.vague && v.handedOver(o)
	}
	return false
}

// over tells whether A is over when th has ended.
func (v *view) over(th *Thread) bool {
	if th == v.a.Thread {
		return true
	}
	if v.chain[th] {
		return v.end[node{th, own}]&beside == 0
	}
	end, ran := v.end[node{th, later}]
	return ran && end == after
}

// receives: a receive is behind the send of its value, or behind the close.
// The receives that came before took values of their own.
func (v *view) receives(o *op) bool {
	if o.vague || o.on.Obj.Kind != Variable {
		return v.told(o)
	}
	on := o.on.Obj
	if v.t.anyOf(o) {
		on = nil // each of them may have served o
	}
	var sends, closes int64
	for _, r := range v.t.ops {
		if r.on != o.on || r.inLoop != nil || v.t.behind(r, o) {
			continue
		}
		switch r.kind {
		case opSend:
			sends = min(sends+v.uncovered(r.Point, r.thread, v.ops[r], on), many)
		case opClose:
			closes = min(closes+v.uncovered(r.Point, r.thread, v.ops[r], on), many)
		}
	}
	if o.got != 1 && closes > 0 {
		return false
	}
	if o.got == 2 {
		return true
	}
	k := v.t.rounds(o)
	return sends < k || k >= many // a loop of unknown length: take it for long enough
}

// anyOf reports whether o is on one of several channels or groups that a loop has
// made before, around which o is not.
func (t *Tree) anyOf(o *op) bool {
	origin, ok := o.on.Obj.origin()
	return ok && origin.Frame.Thread == o.thread && t.repeatsBefore(&op{Point: origin}, o) > 1
}

// sends: the k-th receive from a channel with room for c values is before
// the (k+c)-th send completes.
func (v *view) sends(o *op) bool {
	if o.vague || o.on.Obj.Kind != Variable {
		return v.told(o)
	}
	capacity, known := capacityOf(o.on.Obj)
	if !known {
		return true
	}
	var receives int64
	any := false
	for _, r := range v.t.ops {
		if r.on != o.on || r.inLoop != nil || v.t.behind(r, o) {
			continue
		}
		switch r.kind {
		case opRecv:
			if r.got != 0 {
				continue // the receive is counted already
			}
			any = true
			receives = min(receives+v.uncovered(r.Point, r.thread, v.ops[r], o.on.Obj), many)
		case opClose:
			return false // the send may have panicked
		}
	}
	k := v.t.rounds(o)
	if k < many {
		k -= capacity
	} else if capacity > 0 {
		return false
	}
	return receives < k && (any || capacity == 0)
}

// behind tells whether r can only happen after o: o is in its goroutine, or
// in an ancestor of that, and does not happen again after it.
func (t *Tree) behind(r, o *op) bool {
	if t.instances(o.thread, nil) > 1 {
		return false
	}
	for th, p := r.thread, r.Point; th != nil; th, p = th.Parent, th.Site {
		if th == o.thread {
			return p != o.Point && !t.reach(p, o.Point, nil)
		}
	}
	return false
}

// rounds is how many values the thread of o has received from (sent to) the
// channel when o is done, at least; many if a loop of unknown length does it.
func (t *Tree) rounds(o *op) int64 {
	n := int64(1)
	if o.inLoop != nil {
		n = o.total
	}
	for _, p := range t.ops {
		if p.kind != o.kind || p.on != o.on || p.thread != o.thread || p.inLoop != nil || p.edge || p.Point == o.Point {
			continue
		}
		if t.precedes(p.Point, o.Point) {
			n = min(n+t.repeatsBefore(p, o), many)
		}
	}
	return n
}

// repeatsBefore is how often p, which comes before o, has happened by then:
// as often as the loops around it run that are not around o.
func (t *Tree) repeatsBefore(p, o *op) int64 {
	n := int64(1)
	f, _, oi := lift(p.Point, o.Point)
	instr := p.Instr
	for g := p.Frame; ; g = g.Parent {
		for _, l := range t.loopsAround(g, instr) {
			if g == f && l.blocks[oi.Block().Index] {
				continue
			}
			n = times(n, t.trips(g, l))
		}
		if g == f {
			return n
		}
		instr = g.Site
	}
}

// waits: Wait is behind every Done of what was added before it.
func (v *view) waits(o *op) bool {
	if o.on.Obj == nil {
		return true // not one group: it may be the one
	}
	// A goroutine that the group itself has started.
	for th := v.a.Thread; th != nil; th = th.Parent {
		for _, r := range th.group {
			if r.Obj == o.on.Obj && r.Path == o.on.Path && v.over(th) {
				return true
			}
		}
	}
	if v.t.anyOf(o) {
		return false // the others are not waited for
	}
	done, added, adds := false, false, false
	for _, r := range v.t.ops {
		if r.on != o.on {
			continue
		}
		switch r.kind {
		case opDone:
			at := v.ops[r]
			if at == nil {
				continue
			}
			switch {
			case r.thread == v.a.Thread:
				// In a loop, each round's A is before that round's Done. A may
				// be the use that Done itself makes of its group.
				done = done || at[own] != 0 && (r.Point == v.a.Point || v.t.reach(v.a.Point, r.Point, nil))
			case at[own] == after || at[own] == 0 && at.others() == after:
				done = true
			}
		case opAdd:
			adds = true
			added = added || v.addedBefore(r, o)
		}
	}
	return done && (added || !adds)
}

// addedBefore tells whether the Add happens before the Wait can be reached.
func (v *view) addedBefore(add, wait *op) bool {
	for th, p := wait.thread, wait.Point; th != nil; th, p = th.Parent, th.Site {
		if add.thread == th {
			return v.t.reach(add.Point, p, nil)
		}
	}
	// An Add elsewhere counts if A's goroutine comes after it.
	for th := v.a.Thread; th != nil; th = th.Parent {
		if th.Parent == add.thread && add.thread != nil {
			return v.t.reach(add.Point, th.Site, nil)
		}
	}
	return false
}

// inOnce tells whether A happens in the function of the Once.
func (v *view) inOnce(on Ref) bool {
	for r := range v.a.locks {
		if r.Obj == on.Obj && r.Path == on.Path {
			return true
		}
	}
	return false
}

// handedOver: a lock that another goroutine gives back is taken behind that.
func (v *view) handedOver(o *op) bool {
	for _, r := range v.t.ops {
		if r.kind == opUnlock && !r.vague && r.on == o.on && v.uncovered(r.Point, r.thread, v.ops[r], o.on.Obj) > 0 {
			return false
		}
	}
	return true
}
