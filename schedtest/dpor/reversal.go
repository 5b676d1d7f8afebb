package dpor

// A dporLimit excludes the events of a slot from a number on.
type dporLimitAt struct {
	idx  int32
	slot uint8
}

// A dporReversal is the sequence that puts an operation q before an event p: of
// the events from p on all that do not happen after p, in the order of the
// execution, then q. (With several events in the place of p: all that happen
// after none of them.)
type dporReversal struct {
	limits []dporLimitAt // what is excluded
	picked []int32       // see cuts
	q      *dporMover
	mover  dporMover    // where q is: package runtime may not allocate it
	qann   []DporAccess // what q announces there, with the states there
	qacc   []DporAccess // what q does there
	qclock []int32
	root   int32 // p
	node   int   // where the sequence begins: before p
	// The sequence is v[0:len(v)-1], q; an element is an event, or -1 for q.
	dporRest
	nexts      []int32 // by element: the next of its slot, or -1
	variant    uint8   // of q
	doubt      bool    // q may turn out not to be enabled
	into       bool    // q is put into a turn: see intrude
	guessed    bool    // q may do less there
	blind      bool    // q may turn out not to be enabled there
	incomplete bool    // see cuts
}

// without excludes what happens after q.
func (x *Dpor) without(q *dporMover) {
	x.limits = x.limits[:0]
	x.exclude(q.slot, q.own)
}

func (x *Dpor) exclude(slot uint8, idx int32) {
	x.limits = append(x.limits, dporLimitAt{idx: idx, slot: slot})
}

// excluded reports whether an event with clock c happens after one that is excluded.
func (x *Dpor) excluded(c []int32) bool {
	for _, l := range x.limits {
		if c[l.slot] >= l.idx {
			return true
		}
	}
	return false
}

// reversal inserts the sequences in which q runs in the place of event p, taking
// variant, or each variant that it has there. It returns false if q cannot run
// there, or commutes with p there.
func (x *Dpor) reversal(q *dporMover, p int32, variant uint8) bool {
	x.q, x.root, x.node = q, p, int(p)
	set, ok := x.settle()
	if !ok {
		return false
	}
	if variant != dporAnyVariant {
		return x.take1(variant)
	}
	x.doubt = x.blind || q.turn != 0 || x.awaits>>q.slot&1 != 0
	if op := x.pending(q.slot, x.node); variant == dporAnyVariant && (x.guessed || op >= 0 && !x.ops[op].enabled) {
		early, ok := x.early()
		if !ok {
			return false
		}
		if early != 0 {
			set = early
		}
	}
	if set == 0 {
		return x.take1(dporAnyVariant)
	}
	found := false
	for v := uint8(0); set>>v != 0; v++ {
		if set>>v&1 != 0 && x.take1(v) {
			found = true
		}
	}
	return found
}

// early is for a q of which settle does not know all. If its thread stood at q
// at the node already, and nothing in the sequence conflicts with what it
// announced there, then it does in its new place what it would have done at the
// node. It returns the variants that it had there, or 0 if that is not the case;
// ok is false if it was not enabled.
func (x *Dpor) early() (set uint64, ok bool) {
	op := x.pending(x.q.slot, x.node)
	if op < 0 || x.q.turn != 0 || x.ops[op].until < x.q.ev {
		return 0, true
	}
	o := &x.ops[op]
	for i := x.root; i < int32(len(x.events)); i++ {
		e := &x.events[i]
		if e.turn != 0 || x.excluded(x.clock(i)) {
			continue
		}
		for k := e.act; k < e.actEnd; k++ {
			for j := o.acc; j < o.accEnd; j++ {
				if x.acc[j].Object == x.acc[k].Object && (x.acc[j].Mode != DporRead || x.acc[k].Mode != DporRead) {
					return 0, true
				}
			}
		}
	}
	if !o.enabled {
		return 0, false
	}
	x.qann = x.qann[:0]
	for j := o.acc; j < o.accEnd; j++ {
		if x.acc[j].Test != DporMay {
			x.qann = append(x.qann, x.acc[j])
		}
	}
	x.guessed, x.blind = false, false
	return max(o.variants, 1), true
}

// take1 inserts the sequence in which q takes variant.
func (x *Dpor) take1(variant uint8) bool {
	x.fixVariant(variant)
	if x.q.ev != x.root && !x.into && !x.conflicts() {
		return false
	}
	x.collect()
	if !x.coarse && !x.asleep() && !x.coarse {
		x.insert()
	}
	if x.coarse {
		x.rest()
		x.source()
	}
	return true
}

// stateIn returns object o's state after the events that are not excluded.
func (x *Dpor) stateIn(o int32) (state uint64, known bool) {
	obj := &x.objects[o]
	if obj.opaque {
		return 0, false
	}
	state = x.entries[obj.first].state
	for k := obj.first; k >= 0; {
		e := &x.entries[k]
		next := e.next
		if !x.excluded(x.clock(e.ev)) {
			switch {
			case next >= 0:
				state += x.entries[next].state - e.state
			case obj.ended:
				state += obj.end - e.state
			case e.mode == DporSub || e.mode == DporRecv:
				state--
			case e.mode == DporSend:
				state++
			case e.mode != DporRead:
				return 0, false
			}
		}
		k = next
	}
	return state, true
}

// settle computes in which state q meets its objects in its new place, and the
// set of the variants that it has there, or 0 if that is not known. It returns
// false if q is not enabled there.
func (x *Dpor) settle() (set uint64, ok bool) {
	q := x.q
	x.qann = x.qann[:0]
	waits, ready, tagged, unknown, arrives, now := false, false, false, false, false, false
	items := int64(-1)
	for i := q.acc; i < q.accEnd; i++ {
		x.qann = append(x.qann, x.acc[i])
		a := &x.qann[i-q.acc]
		if a.Test == DporMay {
			arrives = true // in other states it does something else, perhaps park
			continue
		}
		known := a.Test != DporNone
		now = now || a.Test == DporNow
		if o := x.object(a.Object); o >= 0 && known {
			a.State, known = x.stateIn(o)
		}
		tagged = tagged || a.Variant != 0
		if !known {
			unknown = true
			a.Test = DporNone
			continue
		}
		switch {
		case a.Test == DporGuard && a.State != a.Want:
			return 0, false
		case a.Test == DporTake:
			items = int64(a.State)
		}
		if a.Mode != DporSend && a.Mode != DporRecv {
			continue
		}
		waits = waits || a.Test != DporTry
		if a.ready(a.State) {
			ready = true
			if a.Variant != 0 {
				set |= 1 << (a.Variant - 1)
			}
		}
	}
	x.guessed = unknown || arrives || now
	x.blind = unknown
	switch {
	case unknown && tagged || arrives || now && tagged:
		return 0, true
	case waits && !ready && !unknown:
		return 0, false
	case items >= 0 && !unknown:
		set = 1<<(items+1) - 1
	case !tagged:
		set = q.variants
	}
	return max(set, 1), true
}

// fixVariant computes what q does when it takes variant.
func (x *Dpor) fixVariant(variant uint8) {
	x.variant = variant
	x.qacc = append(x.qacc[:0], x.qann...)
	for i := range x.qacc {
		a := &x.qacc[i]
		a.Mode = a.mode(a.State, a.Test != DporNone, variant)
	}
}

func dporLowest(set uint64) uint8 {
	for v := uint8(0); v < 64; v++ {
		if set>>v&1 != 0 {
			return v
		}
	}
	return 0
}

// conflicts reports whether q in its new place does not commute with one of the
// events that it is put before.
func (x *Dpor) conflicts() bool {
	for i := range x.qacc {
		if o := x.object(x.qacc[i].Object); o >= 0 && x.meets(o, x.qacc[i].Mode) {
			return true
		}
	}
	// A Done that makes the counter negative where it was does not commute with
	// what it is put before, though it may in its new place.
	if int(x.q.ev) < len(x.events) {
		e := &x.events[x.q.ev]
		for k := e.ent; k < e.entEnd; k++ {
			if y := &x.entries[k]; x.objects[y.obj].counts && y.mode == DporWrite && x.counts(y.obj) && x.meets(y.obj, y.mode) {
				return true
			}
		}
	}
	return false
}

// counts reports whether q counts object o down in its new place.
func (x *Dpor) counts(o int32) bool {
	for i := range x.qacc {
		if x.qacc[i].Object == x.objects[o].id && x.qacc[i].Mode == DporSub {
			return true
		}
	}
	return false
}

// meets reports whether an access of q to object o conflicts with one of the
// events that q is put before.
func (x *Dpor) meets(o int32, m DporMode) bool {
	for k := x.objects[o].first; k >= 0; k = x.entries[k].next {
		y := &x.entries[k]
		if y.ev >= x.root && dporConflict(m, y.mode) && x.isRoot(y.ev) {
			return true
		}
	}
	return false
}

// isRoot reports whether event i is one of those that q is put before.
func (x *Dpor) isRoot(i int32) bool {
	e := &x.events[i]
	for _, l := range x.limits[1:] {
		if l.slot == e.slot && e.idx == l.idx {
			return true
		}
	}
	return false
}

// collect makes the sequence, and q's clock in it.
func (x *Dpor) collect() {
	q := x.q
	x.v, x.nexts = x.v[:0], x.nexts[:0]
	var tails [dporMaxThreads]int32
	for s := uint8(0); s < x.count; s++ {
		x.heads[s], tails[s] = -1, -1
	}
	x.used, x.taken = 0, false
	if cap(x.qclock) < x.stride {
		x.qclock = make([]int32, dporMaxThreads)
	}
	x.qclock = x.qclock[:x.stride]
	copy(x.qclock, q.prior)
	for i := x.root; i < int32(len(x.events)); i++ {
		if e := &x.events[i]; e.turn == 0 && !x.excluded(x.clock(i)) && x.needs(e) {
			dporJoin(x.qclock, x.clock(i))
		}
	}
	// What q happens after comes first, then q, then the rest: that is a sequence
	// of the same class, and it leaves less after q that is not known.
	for _, after := range [2]bool{false, true} {
		for i := x.root; i < int32(len(x.events)); i++ {
			e := &x.events[i]
			c := x.clock(i)
			if e.turn != 0 {
				if e.turn != q.turn || i >= q.ev {
					continue
				}
			} else if x.excluded(c) {
				continue
			}
			if after == (x.qclock[e.slot] < e.idx) {
				x.add(i, e.slot, &tails)
			}
		}
		if !after {
			x.add(-1, q.slot, &tails)
		}
	}
}

func (x *Dpor) add(i int32, s uint8, tails *[dporMaxThreads]int32) {
	k := int32(len(x.v))
	x.v = append(x.v, i)
	x.nexts = append(x.nexts, -1)
	if tails[s] >= 0 {
		x.nexts[tails[s]] = k
	} else {
		x.heads[s] = k
	}
	tails[s] = k
}
