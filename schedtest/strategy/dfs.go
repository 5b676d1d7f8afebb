package strategy

// DFS tries every schedule of a small test that needs at most a number of
// preemptions, in depth-first order (iterative context bounding: Musuvathi,
// Qadeer, "Iterative context bounding for systematic testing", PLDI 2007).
// Without a bound (Unbounded), sleep sets (Godefroid, "Partial-order methods for
// the verification of concurrent systems", LNCS 1032, chapter 5) leave out
// schedules that differ from one already tried only in the order of independent
// operations. Under a bound they would leave out too much: the one that was tried
// may have gone on beyond the bound, and the other one not (Coons, Musuvathi,
// McKinley, "Bounded partial-order reduction", OOPSLA 2013).
//
// Choices of the program, such as that of a select among its ready cases, are
// decisions too.
//
// Each Begin goes to the next schedule, until Over.
type DFS struct {
	nodes    []dfsNode
	depth    int // decisions taken in the current schedule
	replay   int // the first so many nodes are replayed
	bound    uint32
	rule     firstThread
	started  bool
	over     bool
	cut      bool // something was not tried: see Complete
	diverged bool // the program did not follow the path that it followed before
	pruned   bool // what follows was tried in another order
}

// Unbounded is the Spec.Depth of a search that allows any number of preemptions.
const Unbounded = 255

const (
	dfsWidth = 16
	dfsDepth = 2048
)

// A dfsNode is one decision on the current path.
type dfsNode struct {
	ids      [dfsWidth]uint32
	ops      [dfsWidth]Op
	addrs    [dfsWidth]uintptr
	n        uint8
	chosen   uint8
	current  int8
	preempts uint32 // on the path before this decision
	tried    uint16 // set of indices, chosen among them
	asleep   uint16 // set of indices that need not be tried
}

// Begin goes to the next schedule. Spec.Depth is the preemption bound.
func (d *DFS) Begin(s Spec) {
	d.bound = s.Depth
	d.rule.Begin(s)
	d.cut = d.cut || d.diverged
	d.depth, d.diverged, d.pruned = 0, false, false
	if !d.started {
		d.started = true
		d.nodes = d.nodes[:0]
		d.replay = 0
		d.over = false
		return
	}
	for len(d.nodes) > 0 {
		node := &d.nodes[len(d.nodes)-1]
		if next := d.untried(node); next >= 0 {
			node.chosen = uint8(next)
			node.tried |= 1 << next
			d.replay = len(d.nodes)
			return
		}
		d.nodes = d.nodes[:len(d.nodes)-1]
	}
	d.replay = 0
	d.over = true
}

// untried returns an index of node within the bound that no schedule took, or -1.
func (d *DFS) untried(node *dfsNode) int {
	for i := range int(node.n) {
		if (node.tried|node.asleep)>>i&1 != 0 {
			continue
		}
		if node.current >= 0 && i != int(node.current) && node.preempts >= d.bound && node.ops[node.current] != OpYield {
			d.cut = d.cut || d.bound >= Unbounded
			continue
		}
		return i
	}
	return -1
}

// Over reports whether every schedule within the bound has been tried; the
// schedule that Begin started last was then a repetition.
func (d *DFS) Over() bool { return d.over }

// Complete reports whether nothing within the bound was left out: no decision
// was too wide or too deep to branch on, the program always followed the path
// that it had followed before, and nobody called Cut.
func (d *DFS) Complete() bool { return !d.cut && !d.diverged }

// Cut says that a schedule was decided by more than Pick and Choose.
func (d *DFS) Cut() { d.cut = true }

// Diverged reports whether the program left the path that it took before, as
// one does whose behaviour depends on more than the schedule.
func (d *DFS) Diverged() bool { return d.diverged }

// Restart forgets the path, for a new search.
func (d *DFS) Restart() { d.started, d.over, d.cut, d.diverged = false, false, false, false }

// Pick replays the path and extends it by the default rule.
func (d *DFS) Pick(p *Point) int {
	if d.over || d.pruned || d.diverged {
		return d.rule.pick(p)
	}
	if d.depth < d.replay {
		node := &d.nodes[d.depth]
		if int(node.n) != len(p.Threads) {
			d.diverged = true
			return d.rule.pick(p)
		}
		for i := range p.Threads {
			if node.ids[i] != p.Threads[i].ID {
				d.diverged = true
				return d.rule.pick(p)
			}
			node.ops[i], node.addrs[i] = p.Threads[i].Op, p.Threads[i].Addr
		}
		d.depth++
		return int(node.chosen)
	}
	if len(p.Threads) > dfsWidth || d.depth >= dfsDepth {
		d.cut = true
		return d.rule.pick(p)
	}
	d.nodes = append(d.nodes, dfsNode{})
	node := &d.nodes[len(d.nodes)-1]
	node.n, node.current = uint8(len(p.Threads)), int8(p.Current)
	for i := range p.Threads {
		t := &p.Threads[i]
		node.ids[i], node.ops[i], node.addrs[i] = t.ID, t.Op, t.Addr
	}
	if d.depth > 0 {
		d.inherit(&d.nodes[d.depth-1], node)
	}
	d.depth++
	pick := d.rule.pick(p)
	if node.asleep>>pick&1 != 0 {
		if pick = d.untried(node); pick < 0 {
			d.pruned = true
			d.nodes = d.nodes[:len(d.nodes)-1]
			d.depth--
			return d.rule.pick(p)
		}
	}
	node.chosen = uint8(pick)
	node.tried = 1 << pick
	return pick
}

// choiceID stands in the place of a goroutine's in a node that Choose made.
const choiceID = ^uint32(0)

// Choose returns one of n alternatives, below n, that the goroutine that runs
// has, and so makes a decision as Pick does.
func (d *DFS) Choose(n uint32) uint32 {
	if d.over || d.pruned || d.diverged {
		return 0
	}
	if d.depth < d.replay {
		node := &d.nodes[d.depth]
		if node.n != uint8(n) || node.ids[0] != choiceID {
			d.diverged = true
			return 0
		}
		d.depth++
		return uint32(node.chosen)
	}
	if n > dfsWidth || d.depth >= dfsDepth {
		d.cut = true
		return 0
	}
	node := dfsNode{n: uint8(n), current: -1, tried: 1}
	for i := range n {
		node.ids[i] = choiceID
	}
	if d.depth > 0 {
		d.inherit(&d.nodes[d.depth-1], &node)
	}
	d.nodes = append(d.nodes, node)
	d.depth++
	return 0
}

// inherit computes what node takes over from the decision before it.
func (d *DFS) inherit(from, node *dfsNode) {
	node.preempts = from.preempts
	if from.current >= 0 && from.chosen != uint8(from.current) && from.ops[from.current] != OpYield {
		node.preempts++
	}
	if d.bound < Unbounded {
		return
	}
	done := Thread{Op: from.ops[from.chosen], Addr: from.addrs[from.chosen]}
	before := (from.tried | from.asleep) &^ (1 << from.chosen)
	for i := range int(from.n) {
		if before>>i&1 == 0 {
			continue
		}
		slept := Thread{Op: from.ops[i], Addr: from.addrs[i]}
		if opaque(done.Op) || opaque(slept.Op) || dependent(&done, &slept) {
			continue
		}
		for j := range int(node.n) {
			if node.ids[j] == from.ids[i] && node.ops[j] == slept.Op && node.addrs[j] == slept.Addr {
				node.asleep |= 1 << j
			}
		}
	}
}

// opaque reports whether op may touch more than its address.
func opaque(op Op) bool {
	switch op {
	case OpSend, OpRecv, OpClose, OpLock, OpUnlock, OpRead, OpWrite:
		return false
	}
	return true
}

// Save returns the path, for Load in another process.
func (d *DFS) Save() []uint32 {
	out := []uint32{0}
	if d.cut {
		out[0] = 1
	}
	for i := range d.nodes {
		n := &d.nodes[i]
		out = append(out, uint32(n.n), uint32(n.chosen), uint32(uint8(n.current)), n.preempts, uint32(n.tried), uint32(n.asleep))
		out = append(out, n.ids[:n.n]...)
	}
	return out
}

// Load continues from a saved path: the next Begin goes on behind it. It
// ignores a path that is not whole.
func (d *DFS) Load(path []uint32) {
	d.Restart()
	d.nodes = d.nodes[:0]
	if len(path) > 0 {
		d.cut = path[0] == 1
		path = path[1:]
	}
	for len(path) >= 6 && path[0] <= dfsWidth && len(path) >= 6+int(path[0]) {
		n := dfsNode{n: uint8(path[0]), chosen: uint8(path[1]), current: int8(uint8(path[2])), preempts: path[3], tried: uint16(path[4]), asleep: uint16(path[5])}
		copy(n.ids[:], path[6:6+n.n])
		d.nodes = append(d.nodes, n)
		path = path[6+n.n:]
	}
	d.started = true
}
