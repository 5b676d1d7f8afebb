package dpor

// dporMaxEvents and dporMaxThreads limit one execution; beyond them it is cut.
const (
	dporMaxEvents  = 1 << 16
	dporMaxThreads = 64
	dporMaxName    = 1 << 16 // thread names in one exploration
)

// dporState is how far an execution has come.
type dporState uint8

const (
	dporIdle     dporState = iota // between executions
	dporRunning                   //
	dporShort                     // abandoned: a buffer was too small; Begin makes it larger and repeats the schedule
	dporBlocked                   // abandoned: what follows has been explored in another order
	dporLimit                     // abandoned at dporMaxEvents or dporMaxThreads
	dporDiverged                  // the program left the path that it took before
)

// A dporNode is a state on the current path and what is known about its
// alternatives. It outlives the execution, and names no objects, for their
// numbers do not.
type dporNode struct {
	sleep    uint64 // slots of the threads whose next event, with one variant, need not be explored here
	slept    uint64 // those that have been explored here
	sign     uint64 // of the pending operations, for the divergence check
	variants uint64 // available to the thread that runs
	thread   uint32 // that runs next
	tree     int32  // first branch of the wakeup tree, or -1
	parts    int32  // the threads with several variants that are asleep: x.parts[parts:partsEnd]
	partsEnd int32
	variant  uint8
	slot     uint8
	taken    uint8 // how many branches have had an execution
	spread   bool
	share    float64 // of the branch that runs, of the node's weight, or 0; see weigh
	left     float64 // of the node's weight, for further branches
}

// A dporPart says which variants of a thread's next operation are asleep, if it
// has several.
type dporPart struct {
	variants uint64
	own      uint64 // those that have been explored at the node
	slot     uint8
}

// A Dpor explores the executions of a program. The zero value is ready. It is
// not safe for concurrent use.
type Dpor struct {
	// Stable says that Object numbers are the same in all executions. It lets the
	// explorer compare operations of different executions. Without it an
	// execution may be begun in vain now and then.
	Stable bool

	// Bound, if not 0, is one more than the preemptions that a schedule may have:
	// each such schedule is explored, without reduction. See spread.
	Bound int

	// Fair, if not 0, is after how many events in a row a thread gives way to the
	// others, where the explorer is free to choose: an execution ends that would not if
	// one of them went round a loop until another has done something. What is explored
	// in the end does not depend on it.
	Fair int
	Gave bool // some thread has given way, since Start

	nodes []dporNode
	parts []dporPart
	wakes []dporWake
	free  int32 // list of unused wakes, index+1
	notes []dporNote
	blank int32 // list of unused notes, index+1
	carry int32 // the wakeup tree of the node that comes next, or -1
	fixed int   // so many nodes are replayed
	fresh int   // the node at which this execution is still to take a new branch, or -1
	known int   // the sleep sets of so many nodes are older than this execution
	base  int   // nodes below are those of the piece that is explored: see Start
	state dporState
	begun bool
	over  bool
	stuck bool // Stuck was called
	again bool // the execution may be of a class that has been explored: see Forget
	at    int  // where it diverged
	spare int  // capacity of what grows within an execution
	turns int32

	dporRun
	dporAnalysis
	dporLead
	stats  DporStats
	coarse bool // no wakeup trees any more: see insert
	hash   uint64
}

// Reset forgets everything but Stable, Bound and Fair.
func (x *Dpor) Reset() { *x = Dpor{Stable: x.Stable, Bound: x.Bound, Fair: x.Fair} }

// Begin goes to the next execution. It returns false when there is none: every
// class has been explored if Stats says so.
func (x *Dpor) Begin() bool {
	if x.state == dporDiverged || x.over {
		return false
	}
	short := x.state == dporShort
	if x.begun && !short {
		x.fresh = -1
		if !x.backtrack() {
			x.over = true // what the last execution was is still known, to Untried
			return false
		}
	}
	x.state = dporRunning
	x.reserve(short)
	x.clear()
	switch {
	case !x.begun:
		x.begun = true
		x.carry, x.fresh = -1, -1
		x.fixed, x.known = len(x.nodes), x.base
	case short && x.fresh < 0:
		x.fixed = len(x.nodes) // what was decided so far is decided again
	}
	return true
}

// backtrack leaves the branches that are explored and takes the next one of the
// deepest node that has one.
func (x *Dpor) backtrack() bool {
	x.drop(x.carry) // what the execution ended too early for
	x.carry = -1
	for len(x.nodes) > x.base {
		i := len(x.nodes) - 1
		n := &x.nodes[i]
		if n.thread != dporNobody {
			x.retire(n)
		}
		n.share = 0
		if x.take(n) {
			x.fixed, x.fresh, x.known = i, i, i+1
			return true
		}
		x.nodes = x.nodes[:i]
	}
	return false
}

// dporNobody is the thread of a node whose branch was taken away again.
const dporNobody = ^uint32(0)

// take makes the first branch of n's wakeup tree the one that runs.
func (x *Dpor) take(n *dporNode) bool {
	w := n.tree
	if w < 0 {
		return false
	}
	n.tree = x.wakes[w].next
	n.thread, n.variant = x.wakes[w].thread, x.wakes[w].variant
	x.carry = x.wakes[w].child
	x.discard(w)
	return true
}

// retire puts the branch that n has explored to sleep.
func (x *Dpor) retire(n *dporNode) {
	x.parts = x.parts[:n.partsEnd]
	if n.variants&(n.variants-1) == 0 {
		n.sleep |= 1 << n.slot
		n.slept |= 1 << n.slot
		return
	}
	for k := n.parts; k < n.partsEnd; k++ {
		if p := &x.parts[k]; p.slot == n.slot {
			p.variants |= 1 << n.variant
			p.own |= 1 << n.variant
			return
		}
	}
	x.parts = append(x.parts, dporPart{slot: n.slot, variants: 1 << n.variant, own: 1 << n.variant})
	n.partsEnd++
}

// End ends an execution. If cut, it was ended at a limit, and what lies behind
// is not known.
func (x *Dpor) End(cut bool) {
	switch x.state {
	case dporRunning:
		if x.again {
			x.stats.Blocked++
		} else {
			x.stats.Executions++
		}
	case dporBlocked:
		x.stats.Blocked++
	case dporLimit:
		x.stats.Executions++
		cut = true
	default:
		return
	}
	if cut {
		x.stats.Cut++
	}
	if len(x.events) > x.stats.Depth {
		x.stats.Depth = len(x.events)
	}
	if x.Bound > 0 {
		x.stats.Schedules++
		x.spread()
	} else {
		x.order()
		if x.state == dporRunning && !x.again {
			x.hash = x.class()
			x.stats.Schedules += x.extensions()
		}
		x.reverse()
	}
	x.weigh()
	x.stats.Done = min(1, max(x.stats.Done, x.done())) // without what rounding takes
	if x.state == dporRunning || x.state == dporBlocked || x.state == dporLimit {
		x.state = dporIdle
	}
}

// Diverged reports whether the program left the path that it took before under
// the same schedule, and at which event.
func (x *Dpor) Diverged() (at int, ok bool) { return x.at, x.state == dporDiverged }

// Hash identifies the class of the last execution: no two have the same.
func (x *Dpor) Hash() uint64 { return x.hash }
