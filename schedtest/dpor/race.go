package dpor

// A dporMover is an operation that may be moved to an earlier place: an event of
// the execution, or the pending operation of a thread that is stuck at its end.
type dporMover struct {
	ev       int32 // or len(events)
	turn     int32
	own      int32 // the number in its thread that it gets
	acc      int32 // what it announced
	accEnd   int32
	variants uint64
	slot     uint8
	prior    []int32 // clock
}

// reverse looks for the alternatives that the execution shows, and inserts into
// the wakeup trees those that nothing else covers.
func (x *Dpor) reverse() {
	n := int32(len(x.events))
	for i := range n {
		e := &x.events[i]
		x.mover = dporMover{
			ev: i, turn: e.turn, own: 1, acc: e.ann, accEnd: e.annEnd,
			variants: e.variants, slot: e.slot, prior: x.prior(i),
		}
		q := &x.mover // a field: package runtime does not let it escape
		if e.prev >= 0 {
			q.own = x.events[e.prev].idx + 1
		}
		if e.turn == 0 {
			x.intrude(q)
		}
		x.races(q)
		if e.turn == 0 && e.variants&(e.variants-1) != 0 {
			x.others(q, e.variant)
		}
		for k := e.ent; k < e.entEnd; k++ {
			x.objects[x.entries[k].obj].cur = k
		}
	}
	if !x.stuck {
		return
	}
	for s := uint8(0); s < x.count; s++ {
		if x.end>>s&1 == 0 {
			continue
		}
		op := &x.ops[x.latest[s]]
		own := x.of(x.thread, s)
		x.mover = dporMover{
			ev: n, own: own[s] + 1, acc: op.acc, accEnd: op.accEnd,
			variants: op.variants, slot: s, prior: own,
		}
		x.races(&x.mover)
	}
}

// intrude looks for the turns of waiting loops, forgotten, into which q can be put.
//
// A turn that reads several objects may have an effect when one of them is
// written in its middle. (Before its first read is the same as before the turn,
// and the loop reads again what is written after it.)
func (x *Dpor) intrude(q *dporMover) {
	if x.turns == 0 {
		return
	}
	wrote := &x.events[q.ev]
	for f := range q.ev {
		e := &x.events[f]
		if !e.inner || e.slot == q.slot || !x.overwrites(wrote, e) {
			continue
		}
		own := int32(1)
		if e.prev >= 0 {
			own = x.events[e.prev].idx + 1
		}
		if q.prior[e.slot] >= own {
			continue // it happens after what the thread did next
		}
		x.without(q)
		x.exclude(e.slot, own)
		x.into = true
		x.reversal(q, f, dporAnyVariant)
		x.into = false
	}
}

// overwrites reports whether event w writes what forgotten event r read.
func (x *Dpor) overwrites(w, r *dporEvent) bool {
	for i := w.act; i < w.actEnd; i++ {
		for j := r.act; j < r.actEnd; j++ {
			if x.acc[i].Object == x.acc[j].Object && x.acc[i].Mode != DporRead {
				return true
			}
		}
	}
	return false
}

// others inserts the variants that event q had besides the one that it took.
func (x *Dpor) others(q *dporMover, taken uint8) {
	for v := uint8(0); v < 64; v++ {
		if q.variants>>v&1 != 0 && v != taken {
			x.without(q)
			x.reversal(q, q.ev, v)
		}
	}
}

// races looks for the events that q can be put before.
//
// It goes back through the accesses to q's objects, the latest first. An event p
// that conflicts with q, and does not happen before q's thread stood at q, is a
// race. If q cannot complete in p's place, as a Lock cannot in the place of the
// Unlock before it, the search goes on to the event before: what disabled q is
// the nearest earlier event in whose place q was enabled. Nothing further back
// need be looked at, for there is an execution in which q runs in that place,
// and its own races go on from there; see the package's documentation.
func (x *Dpor) races(q *dporMover) {
	for a := q.acc; a < q.accEnd; a++ {
		o := x.object(x.acc[a].Object)
		if o < 0 {
			continue
		}
		obj := &x.objects[o]
		if obj.counts && (x.acc[a].Test == DporGuard || x.acc[a].Test == DporIf) {
			x.cuts(q, a, o)
			if !x.wrote(q, o) {
				continue
			}
		}
		found := int32(-1)
		for k := obj.cur; k >= 0; k = x.entries[k].prev {
			y := &x.entries[k]
			p := &x.events[y.ev]
			if p.slot == q.slot || q.prior[p.slot] >= p.idx {
				if y.mode == DporWrite {
					break
				}
				continue
			}
			if !x.may(a, y.mode) {
				continue
			}
			if found >= 0 && x.clock(found)[p.slot] >= p.idx {
				continue // not the nearest
			}
			x.without(q)
			x.exclude(p.slot, p.idx)
			if x.reversal(q, y.ev, dporAnyVariant) && !x.blind {
				found = y.ev
				if y.mode == DporWrite {
					break
				}
			}
		}
	}
}

// may reports whether announced access a conflicts with mode m in some state.
func (x *Dpor) may(a int32, m DporMode) bool {
	ac := &x.acc[a]
	if dporConflict(ac.Mode, m) {
		return true
	}
	switch {
	case ac.Test == DporIf:
		return true
	case ac.Test == DporTry || ac.Test == DporMay || ac.Variant != 0 || ac.Mode == DporSend || ac.Mode == DporRecv:
		return m != DporRead // it may only read, as on a closed channel
	}
	return false
}

// wrote reports whether q, an event, wrote to object o.
func (x *Dpor) wrote(q *dporMover, o int32) bool {
	if int(q.ev) == len(x.events) {
		return false
	}
	e := &x.events[q.ev]
	for k := e.ent; k < e.entEnd; k++ {
		if x.entries[k].obj == o && x.entries[k].mode == DporWrite {
			return true
		}
	}
	return false
}
