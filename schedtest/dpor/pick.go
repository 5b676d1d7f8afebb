package dpor

// Pick returns the index of the thread that runs next, and which of its variants
// it takes. It returns -1 if this execution is to be abandoned.
//
// ps is in ascending order of Thread, and at least one is Enabled.
func (x *Dpor) Pick(ps []DporPending) (i int, variant uint8) {
	if x.state != dporRunning {
		return -1, 0
	}
	d := len(x.events)
	if d >= dporMaxEvents {
		x.state = dporLimit
		return -1, 0
	}
	if !x.note(ps) {
		return -1, 0
	}
	sign := dporSign(ps)
	switch {
	case d < x.fixed:
		i, variant = x.follow(d, sign, ps)
	case d == x.fresh:
		i, variant = x.branch(d, sign, ps)
	default:
		i, variant = x.extend(d, sign, ps)
	}
	if i < 0 {
		if x.state == dporBlocked {
			x.waiting(ps)
		}
		return -1, 0
	}
	if !x.begin(&ps[i], variant) {
		return -1, 0
	}
	return i, variant
}

// follow repeats the decision of node d.
func (x *Dpor) follow(d int, sign uint64, ps []DporPending) (int, uint8) {
	n := &x.nodes[d]
	i := dporFind(ps, n.thread)
	if n.sign != sign || i < 0 || !ps[i].Enabled || !ps[i].offers(n.variant) {
		x.state, x.at = dporDiverged, d
		return -1, 0
	}
	return i, n.variant
}

// branch takes the new branch of node d. A branch that begins with an operation
// that turns out not to be enabled begins no execution, so that none is lost by
// passing to the next.
func (x *Dpor) branch(d int, sign uint64, ps []DporPending) (int, uint8) {
	n := &x.nodes[d]
	if n.sign != sign {
		x.state, x.at = dporDiverged, d
		return -1, 0
	}
	for {
		i := dporFind(ps, n.thread)
		if i >= 0 && ps[i].Enabled && n.sleep>>x.slot(n.thread)&1 == 0 {
			if v, ok := x.awake(n, &ps[i], n.variant); ok {
				x.choose(n, &ps[i], v)
				x.fresh = -1
				return i, v
			}
		}
		x.drop(x.carry)
		x.carry = -1
		if !x.take(n) {
			n.thread = dporNobody
			x.state = dporBlocked
			return -1, 0
		}
	}
}

// extend makes a new node.
func (x *Dpor) extend(d int, sign uint64, ps []DporPending) (int, uint8) {
	if d == cap(x.nodes) {
		x.state = dporShort
		return -1, 0
	}
	x.nodes = append(x.nodes, dporNode{sign: sign, tree: x.carry, left: 1})
	x.carry = -1
	n := &x.nodes[d]
	switch {
	case x.Bound > 0:
		n.parts = int32(len(x.parts))
		n.partsEnd = n.parts
	case d > 0:
		if !x.inherit(&x.nodes[d-1], n) {
			x.nodes = x.nodes[:d]
			x.carry = n.tree
			return -1, 0
		}
	default:
		n.parts, n.partsEnd = 0, 0
	}
	if d < x.base {
		return x.descend(d, ps)
	}
	// The wakeup tree leads where something is left to explore. A branch whose
	// operation is not enabled was a wrong prediction: its beginning counts as
	// explored elsewhere, so that this execution has to go on in any case.
	for x.take(n) {
		if i := dporFind(ps, n.thread); i >= 0 && ps[i].Enabled && n.sleep>>x.slot(n.thread)&1 == 0 {
			if v, ok := x.awake(n, &ps[i], n.variant); ok {
				x.choose(n, &ps[i], v)
				return i, v
			}
		}
		x.drop(x.carry)
		x.carry = -1
	}
	i, v := x.prefer(n, ps)
	if i < 0 {
		n.thread = dporNobody
		x.state = dporBlocked
		return -1, 0
	}
	x.choose(n, &ps[i], v)
	return i, v
}

// prefer returns the thread that goes on when nothing else is planned: the one
// that ran last, for a host switches less, else the oldest, the timer last. One
// whose turn is over, by Fair, gives way to the next one, the timer among them.
func (x *Dpor) prefer(n *dporNode, ps []DporPending) (int, uint8) {
	if x.Fair > 0 && x.row >= x.Fair && x.Bound == 0 { // with a bound, it would be a preemption
		last := dporFind(ps, x.names[x.events[len(x.events)-1].slot])
		for k := 1; k < len(ps); k++ {
			i := (max(last, 0) + k) % len(ps)
			if v, ok := x.open(n, &ps[i]); ok {
				x.Gave = true
				return i, v
			}
		}
	}
	best, variant := -1, uint8(0)
	for i := range ps {
		p := &ps[i]
		v, ok := x.open(n, p)
		if !ok {
			continue
		}
		if k := len(x.events); k > 0 && x.events[k-1].slot == x.slot(p.Thread) && p.Thread != 0 {
			return i, v
		}
		if best < 0 || ps[best].Thread == 0 {
			best, variant = i, v
		}
	}
	return best, variant
}

// open returns the first variant with which p can go on at n, if there is one.
func (x *Dpor) open(n *dporNode, p *DporPending) (variant uint8, ok bool) {
	if !p.Enabled || n.sleep>>x.slot(p.Thread)&1 != 0 {
		return 0, false
	}
	return x.awake(n, p, dporAnyVariant)
}

// awake returns the variant of p that is wanted, or the first that is not
// asleep in n; ok is false if there is none.
func (x *Dpor) awake(n *dporNode, p *DporPending, want uint8) (v uint8, ok bool) {
	set := p.Variants
	if set == 0 {
		set = 1
	}
	for k := n.parts; k < n.partsEnd; k++ {
		if x.parts[k].slot == x.slot(p.Thread) {
			set &^= x.parts[k].variants
		}
	}
	if want != dporAnyVariant {
		return want, set>>want&1 != 0
	}
	for v = 0; v < 64; v++ {
		if set>>v&1 != 0 {
			return v, true
		}
	}
	return 0, false
}

// choose fixes what runs at n. Other branches may turn out to begin with the same
// event, for one that was to take whatever variant there is takes this one: they
// become one branch.
func (x *Dpor) choose(n *dporNode, p *DporPending, variant uint8) {
	for w, last := n.tree, int32(-1); w >= 0; {
		next := x.wakes[w].next
		same := x.wakes[w].thread == p.Thread
		if same && x.wakes[w].variant != variant {
			v, ok := x.awake(n, p, dporAnyVariant)
			same = x.wakes[w].variant == dporAnyVariant && ok && v == variant
		}
		if !same {
			w, last = next, w
			continue
		}
		if last < 0 {
			n.tree = next
		} else {
			x.wakes[last].next = next
		}
		x.carry = x.chain(x.carry, x.wakes[w].child)
		x.discard(w)
		w = next
	}
	n.thread, n.variant, n.variants, n.slot = p.Thread, variant, p.Variants, x.slot(p.Thread)
}

// offers reports whether variant is one of p's alternatives.
func (p *DporPending) offers(variant uint8) bool {
	if p.Variants == 0 {
		return variant == 0
	}
	return variant < 64 && p.Variants>>variant&1 != 0
}

func dporFind(ps []DporPending, thread uint32) int {
	for i := range ps {
		if ps[i].Thread == thread {
			return i
		}
	}
	return -1
}

// dporMix is splitmix64's finalizer.
func dporMix(z uint64) uint64 {
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// dporSign identifies what all threads are about to do, whatever their names: those
// differ between processes, so that a host has Place say which thread it is.
func dporSign(ps []DporPending) uint64 {
	h := uint64(len(ps))
	for i := range ps {
		h += dporMix(ps[i].Place ^ uint64(ps[i].Op)<<56 + uint64(len(ps[i].Accesses))<<48)
	}
	return h
}
