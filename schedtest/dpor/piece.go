package dpor

// A piece is a part of the exploration that can be explored by itself, in any
// process: the executions that begin with given steps and, at each of them, are
// not among those of a branch that was begun before. It is written as numbers:
//
//	steps, then for each of them: thread, variant, sign (two), n, n × (thread, variant) begun before
//	n, n × (thread, variant, depth): the wakeup tree behind the last step, each branch before those below it
//
// What is left of a piece when its exploration is interrupted is a report:
//
//	done, in 2^-32 of the piece
//	steps, then for each of them: thread, variant, sign (two), n, n × (thread, variant) begun there so far, this step's among them
//	alternatives, then for each: step, thread, variant, share of the piece in 2^-32, and the wakeup tree behind it
//
// An alternative at a step is a branch that is still to be begun there. One at a
// step of the piece itself is not the piece's: whoever gives the pieces out knows
// whether another has begun it. That is how pieces come together: a node's
// branches have an order, in which they were begun by whomever, each is explored
// with all before it asleep, and an alternative is begun unless the node has a
// branch with the same thread and variant.
//
// So a branch is explored while one that sleeps there is not done. With wakeup trees
// that would lose executions: asleep leaves out a sequence that a sleeping branch
// could come before, for the exploration of that has put into the wakeup tree what
// is needed behind the others. Therefore a piece is explored as source does,
// whose completeness asks of a node only that each race found below it, whoever
// finds it and when, has a branch that begins with an initial of its sequence. What
// an exploration with wakeup trees leaves has these trees, whole.
//
// Nothing is explored twice: of two executions of one class that begin with two
// branches of a node, the later one ends in a sleep set.
type dporLead struct {
	steps   []dporStep
	begunAt []dporBranch // of all steps
	hint    int32        // wakeup tree behind the last step, or -1
}

type dporStep struct {
	sign     uint64
	thread   uint32
	from, to int32 // of begunAt
	variant  uint8
}

type dporBranch struct {
	thread  uint32
	variant uint8
}

// Start forgets what was explored, but not Stable, Bound and Fair, and makes piece the
// exploration. There is room for executions of so many events from the start. It
// reports whether piece is whole.
func (x *Dpor) Start(piece []uint32, room int) bool {
	x.clear()
	old := *x
	*x = Dpor{Stable: old.Stable, Bound: old.Bound, Fair: old.Fair}
	x.nodes, x.parts, x.spare = old.nodes[:0], old.parts[:0], max(old.spare, room)
	x.events, x.ops, x.acc, x.slots = old.events[:0], old.ops[:0], old.acc[:0], old.slots
	x.steps, x.begunAt = old.steps[:0], old.begunAt[:0]
	x.hint = -1
	r := dporReader{in: piece}
	for n := int(r.next()); n > 0 && !r.bad; n-- {
		s := dporStep{thread: r.next(), variant: uint8(r.next()), sign: r.wide(), from: int32(len(x.begunAt))}
		for k := int(r.next()); k > 0 && !r.bad; k-- {
			x.begunAt = append(x.begunAt, dporBranch{r.next(), uint8(r.next())})
		}
		s.to = int32(len(x.begunAt))
		x.steps = append(x.steps, s)
	}
	x.coarse = len(x.steps) > 0
	x.plant(&r)
	if r.bad || len(r.in) != 0 || len(x.steps) > dporMaxEvents {
		*x = Dpor{Stable: old.Stable, Bound: old.Bound, Fair: old.Fair}
		return false
	}
	x.base = len(x.steps)
	for x.spare < x.base {
		x.spare = max(256, 2*x.spare)
	}
	return true
}

// plant reads the wakeup tree behind the last step.
func (x *Dpor) plant(r *dporReader) {
	var ends []int32 // by depth: the branch added last
	for n := int(r.next()); n > 0 && !r.bad; n-- {
		w := x.make(r.next(), uint8(r.next()))
		x.wakes[w].doubt = true
		switch d := int(r.next()); {
		case d > len(ends):
			r.bad = true
			return
		case d < len(ends):
			x.wakes[ends[d]].next = w
			ends = append(ends[:d], w)
		case d == 0:
			x.hint = w
			ends = append(ends, w)
		default:
			x.wakes[ends[d-1]].child = w
			ends = append(ends, w)
		}
	}
}

// planted appends branch w, its siblings and what is below them, to out, and
// counts them in out[at].
func (x *Dpor) planted(out []uint32, at int, w int32, depth uint32) []uint32 {
	for ; w >= 0; w = x.wakes[w].next {
		out = append(out, x.wakes[w].thread, uint32(x.wakes[w].variant), depth)
		out[at]++
		out = x.planted(out, at, x.wakes[w].child, depth+1)
	}
	return out
}

// descend makes a node of a step of the piece.
func (x *Dpor) descend(d int, ps []DporPending) (int, uint8) {
	n := &x.nodes[d]
	step := &x.steps[d]
	if step.sign != n.sign {
		x.state, x.at = dporDiverged, d
		x.nodes = x.nodes[:d]
		return -1, 0
	}
	for _, b := range x.begunAt[step.from:step.to] {
		if i := dporFind(ps, b.thread); i >= 0 && x.Bound == 0 && !x.begunBefore(n, &ps[i], b.variant) {
			x.nodes = x.nodes[:d]
			return -1, 0
		}
	}
	n.left, n.share = 0, 1
	i := dporFind(ps, step.thread)
	if i < 0 || !ps[i].Enabled || !ps[i].offers(step.variant) {
		x.state, x.at = dporDiverged, d
		x.nodes = x.nodes[:d]
		return -1, 0
	}
	if v, ok := x.awake(n, &ps[i], step.variant); !ok || v != step.variant || n.sleep>>x.slot(step.thread)&1 != 0 {
		n.thread = dporNobody
		x.state = dporBlocked
		return -1, 0
	}
	x.choose(n, &ps[i], step.variant)
	if d == x.base-1 {
		x.carry, x.hint = x.hint, -1
	}
	return i, step.variant
}

// begunBefore puts a branch to sleep at n. It returns false if there is no room.
func (x *Dpor) begunBefore(n *dporNode, p *DporPending, variant uint8) bool {
	s := x.slot(p.Thread)
	if p.Variants&(p.Variants-1) == 0 {
		n.sleep |= 1 << s
		n.slept |= 1 << s
		return true
	}
	for k := n.parts; k < n.partsEnd; k++ {
		if q := &x.parts[k]; q.slot == s {
			q.variants |= 1 << variant
			q.own |= 1 << variant
			return true
		}
	}
	if len(x.parts) == cap(x.parts) {
		x.state = dporShort
		return false
	}
	x.parts = append(x.parts, dporPart{slot: s, variants: 1 << variant, own: 1 << variant})
	n.partsEnd++
	return true
}

// Untried takes from x all that is left to be explored, and returns its report, or
// nil if nothing of the piece has been explored. It is called between two executions;
// then Begin returns false.
func (x *Dpor) Untried() []uint32 {
	// An execution that was abandoned for a buffer's sake was none: what it was
	// decided to begin with last is still to be explored.
	short := x.state == dporShort
	if !x.begun || short && len(x.nodes) <= x.base {
		x.over = true
		return nil
	}
	if !short {
		x.drop(x.carry)
		x.carry = -1
	}
	out := append(make([]uint32, 0, 256), dporFraction(x.Stats().Done), uint32(len(x.nodes)))
	alternatives := uint32(0)
	var list []uint32
	weight := 1.0
	for d := range x.nodes {
		n := &x.nodes[d]
		thread, variant := n.thread, n.variant
		if d < x.base {
			thread, variant = x.steps[d].thread, x.steps[d].variant
		}
		out = append(out, thread, uint32(variant))
		out = dporPut(out, n.sign)
		count := len(out)
		out = append(out, 0)
		begun := func(thread uint32, variant uint8) {
			out = append(out, thread, uint32(variant))
			out[count]++
		}
		for s := uint8(0); n.slept>>s != 0; s++ {
			if n.slept>>s&1 != 0 {
				begun(x.names[s], x.only(s, d))
			}
		}
		for k := n.parts; k < n.partsEnd; k++ {
			for v := uint8(0); x.parts[k].own>>v != 0; v++ {
				if x.parts[k].own>>v&1 != 0 {
					begun(x.names[x.parts[k].slot], v)
				}
			}
		}
		if d == len(x.nodes)-1 && short {
			alternatives++
			list = append(list, uint32(d), thread, uint32(variant), 0, 0)
			list = x.planted(list, len(list)-1, x.carry, 0)
		} else if thread != dporNobody {
			begun(thread, variant)
		}
		share := n.left
		for w := n.tree; w >= 0; w = x.wakes[w].next {
			b := &x.wakes[w]
			v, ok := x.resolve(n, d, b)
			if !ok || b.thread == thread && v == variant {
				continue
			}
			if x.wakes[w].next >= 0 {
				share = n.left / 2
			}
			n.left -= share
			alternatives++
			list = append(list, uint32(d), b.thread, uint32(v), dporFraction(weight*share), 0)
			share = n.left
			list = x.planted(list, len(list)-1, b.child, 0)
		}
		weight *= n.share
	}
	out = append(out, alternatives)
	out = append(out, list...)
	for d := range x.nodes {
		x.drop(x.nodes[d].tree)
		x.nodes[d].tree = -1
	}
	x.drop(x.carry)
	x.carry, x.state, x.over = -1, dporIdle, true
	return out
}

// only is the variant of the operation of slot s at depth, which has one.
func (x *Dpor) only(s uint8, depth int) uint8 {
	if op := x.pending(s, depth); op >= 0 {
		return dporLowest(x.ops[op].variants)
	}
	return 0
}

// resolve returns the variant that branch b of node n takes. One that cannot run
// there was a wrong prediction, as in branch, and one that was begun is no alternative.
func (x *Dpor) resolve(n *dporNode, depth int, b *dporWake) (variant uint8, ok bool) {
	s := x.slot(b.thread)
	if s == dporNoSlot || n.sleep>>s&1 != 0 {
		return 0, false
	}
	op := x.pending(s, depth)
	if op < 0 || !x.ops[op].enabled {
		return 0, false
	}
	set := max(x.ops[op].variants, 1)
	for k := n.parts; k < n.partsEnd; k++ {
		if x.parts[k].slot == s {
			set &^= x.parts[k].variants
		}
	}
	if n.thread == b.thread {
		set &^= 1 << n.variant
	}
	if b.variant != dporAnyVariant {
		return b.variant, set>>b.variant&1 != 0
	}
	return dporLowest(set), set != 0
}

func dporFraction(f float64) uint32 {
	if f >= 1 {
		return ^uint32(0)
	}
	return uint32(f * (1 << 32))
}
