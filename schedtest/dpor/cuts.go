package dpor

// dporMaxCuts limits the sets that cuts looks at for one operation; beyond it
// the execution counts as cut.
const dporMaxCuts = 1 << 14

// cuts looks for the places of an operation q that waits until object o, a
// counter, has a certain state, or does something else then: WaitGroup.Wait, or
// a Done that would make the counter negative.
//
// Counting up and down commutes, so there is no single event whose place q could
// take: every set of the counter's events will do that contains what happens
// before q's thread stood at q, and with each event what happens before it, and
// whose sum is the state that q waits for. There are few: in most programs none
// but the one that was met. cuts tries all of them.
func (x *Dpor) cuts(q *dporMover, a int32, o int32) {
	obj := &x.objects[o]
	var heads [dporMaxThreads]int32 // by slot: entry that is the first not in the set, or -1
	c := dporCut{q: q, acc: a, obj: o}
	for s := range heads {
		heads[s] = -1
	}
	// The lists by thread, of the events that q does not need.
	x.picked = x.picked[:0]
	for k := obj.first; k >= 0; k = x.entries[k].next {
		p := &x.events[x.entries[k].ev]
		if p.slot == q.slot || q.prior[p.slot] >= p.idx || !x.may(a, x.entries[k].mode) {
			continue
		}
		x.picked = append(x.picked, k)
		if heads[p.slot] < 0 {
			heads[p.slot] = k
		}
	}
	if len(x.picked) == 0 {
		return
	}
	x.cut(&c, &heads, 0)
	if c.tried > dporMaxCuts {
		x.incomplete = true
	}
}

type dporCut struct {
	q     *dporMover
	acc   int32
	obj   int32
	tried int
}

// cut tries the sets that differ from the present one in slot s and above.
func (x *Dpor) cut(c *dporCut, heads *[dporMaxThreads]int32, s uint8) {
	for s < x.count && heads[s] < 0 {
		s++
	}
	if c.tried > dporMaxCuts {
		return
	}
	if s == x.count {
		c.tried++
		x.tryCut(c, heads)
		return
	}
	first := heads[s]
	for {
		x.cut(c, heads, s+1)
		k := heads[s]
		if k < 0 {
			break
		}
		// The next event of the slot joins the set.
		n := x.entries[k].next
		for n >= 0 && (x.events[x.entries[n].ev].slot != s || !x.may(c.acc, x.entries[n].mode)) {
			n = x.entries[n].next
		}
		heads[s] = n
		if n < 0 {
			x.cut(c, heads, s+1)
			break
		}
	}
	heads[s] = first
}

func (x *Dpor) tryCut(c *dporCut, heads *[dporMaxThreads]int32) {
	x.without(c.q)
	root := int32(-1)
	conflict := false
	for s := uint8(0); s < x.count; s++ {
		if k := heads[s]; k >= 0 {
			ev := x.entries[k].ev
			x.exclude(s, x.events[ev].idx)
			if root < 0 || ev < root {
				root = ev
			}
			conflict = true
		}
	}
	if !conflict || root > c.q.ev {
		return
	}
	// The set has to be closed: what it contains may not happen after what it
	// does not. It is then the same as another set, which is tried by itself.
	for _, k := range x.picked {
		e := &x.events[x.entries[k].ev]
		if h := heads[e.slot]; h >= 0 && x.events[x.entries[h].ev].idx <= e.idx {
			continue
		}
		if x.excluded(x.clock(x.entries[k].ev)) {
			return
		}
	}
	a := &x.acc[c.acc]
	state, known := x.stateIn(c.obj)
	if known && state != a.Want {
		return
	}
	x.reversal(c.q, root, dporAnyVariant)
}
