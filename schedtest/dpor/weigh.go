package dpor

// weigh gives each branch that was taken its share of its node's weight, once it
// has been explored as far as one execution.
//
// It is Knuth's way to guess the size of a tree: a node weighs 1, and each of its
// branches an equal part of what is left. How many there will be is not known
// beforehand. So they are as many as are known or, if that is more, one for each thread
// that could go on there and later does something that conflicts with what the
// node's branch begins with. What is kept back too much is done when the node
// is; what is kept back too little has the later branches share what is left. So
// the part that is done never goes back, and is 1 at the end; but it is an
// estimate, neither a lower nor an upper bound of the part of the executions.
func (x *Dpor) weigh() {
	for i := range x.objects {
		x.objects[i].later, x.objects[i].wrote = 0, 0
	}
	for i := len(x.nodes) - 1; i >= 0; i-- {
		n := &x.nodes[i]
		rivals := 0
		if x.Bound == 0 && i < len(x.events) {
			rivals = x.rivals(i)
		}
		if n.share > 0 || i < x.base {
			continue
		}
		known := 1
		for w := n.tree; w >= 0; w = x.wakes[w].next {
			known++
		}
		n.share = n.left / float64(max(known, rivals+1-int(n.taken)))
		n.left -= n.share
		n.taken++
	}
}

// rivals returns how many threads could go on at event i and have a later event
// that conflicts with it. It is called for all events, the last one first.
func (x *Dpor) rivals(i int) int {
	e := &x.events[i]
	var set uint64
	for k := e.ent; k < e.entEnd; k++ {
		o := &x.objects[x.entries[k].obj]
		if x.entries[k].mode == DporRead {
			set |= o.wrote
		} else {
			set |= o.later
		}
	}
	for k := e.ent; k < e.entEnd; k++ {
		o := &x.objects[x.entries[k].obj]
		o.later |= 1 << e.slot
		if x.entries[k].mode != DporRead {
			o.wrote |= 1 << e.slot
		}
	}
	set &^= 1<<e.slot | x.nodes[i].sleep
	rivals := 0
	for s := uint8(0); set>>s != 0; s++ {
		if set>>s&1 != 0 && x.pending(s, i) >= 0 {
			rivals++
		}
	}
	for v := e.variants & (e.variants - 1); v != 0; v &= v - 1 {
		rivals++
	}
	return rivals
}

// done is the part of the exploration that is done.
func (x *Dpor) done() float64 {
	sum, weight := 0.0, 1.0
	for i := range x.nodes {
		n := &x.nodes[i]
		sum += weight * (1 - n.left - n.share)
		weight *= n.share
	}
	return sum
}
