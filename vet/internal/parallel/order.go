package parallel

import (
	"maps"

	"golang.org/x/tools/go/ssa"
)

// bits say how a point of the tree may stand to an access A: A's goroutine is
// not started yet; A is known to be over; or neither.
type bits uint8

const (
	before bits = 1 << iota // A's goroutine cannot have been started
	after                   // if A happens at all, it has happened
	beside                  // A may happen now
)

// A node is a thread as seen from A.
type node struct {
	thread *Thread
	which  which
}

// which tells goroutines of one thread apart.
type which uint8

const (
	own     which = iota // the goroutine in which A happens, or an ancestor
	later                // one that was started after that at the same place, or any of another thread
	earlier              // one that was started before that at the same place
	variants
)

// states are those of one point, by which goroutine is there.
type states [variants]bits

func (s *states) others() bits { return s[later] | s[earlier] }

// A view is the whole tree as seen from one access to one object.
type view struct {
	t   *Tree
	a   *Access
	obj *Object
	// credulous takes a test of what A's goroutine changes behind A for one
	// that has seen the change: see doubtful.
	credulous bool

	chain map[*Thread]bool // A's thread and its ancestors
	next  map[*Thread]*Thread
	knows map[*op]bool
	word  int8 // see leavesWord: 1 yes, -1 no, 0 not asked yet
	quiet int8 // see maySayNothing, alike

	start    map[node]bits
	end      map[node]bits
	accesses map[*Access]*states
	ops      map[*op]*states
	memo     map[visit]bits
}

type visit struct {
	node  node
	frame *Frame
	state bits
}

// see computes the view from a of accesses to obj.
func (t *Tree) see(a *Access, obj *Object, credulous bool) *view {
	v := &view{t: t, a: a, obj: obj, credulous: credulous, chain: map[*Thread]bool{}, next: map[*Thread]*Thread{}}
	for th := a.Thread; th != nil; th = th.Parent {
		v.chain[th] = true
		if th.Parent != nil {
			v.next[th.Parent] = th
		}
	}
	// A phase stands on what comes before it in time only, so that all are
	// taken to hold until one is found that does not.
	phases := v.phases()
	for {
		v.learn(phases)
		if !v.broken(phases) {
			return v
		}
	}
}

// learn finds what each operation knows, given the phases. That depends on
// what others know: begin with nothing, and learn until there is nothing to
// learn.
func (v *view) learn(phases map[*op]bool) {
	v.knows = maps.Clone(phases)
	for range 12 {
		v.run()
		learned := false
		for _, o := range v.t.ops {
			if !v.knows[o] && v.acquires(o) {
				v.knows[o] = true
				learned = true
			}
		}
		if !learned {
			break
		}
	}
}

func (v *view) run() {
	v.start, v.end = map[node]bits{}, map[node]bits{}
	v.accesses, v.ops = map[*Access]*states{}, map[*op]*states{}
	v.memo = map[visit]bits{}
	for _, th := range v.t.Threads {
		for which := range variants {
			n := node{th, which}
			state := v.start[n]
			if which == own && v.chain[th] {
				state = before
			}
			if state != 0 {
				v.start[n] = state
				v.end[n] = v.frame(n, th.Entry, state)
			}
		}
	}
}

// frame runs f from a state and returns the state at its end: 0 if it has none.
func (v *view) frame(n node, f *Frame, state bits) bits {
	key := visit{n, f, state}
	if out, ok := v.memo[key]; ok {
		return out
	}
	v.memo[key] = 0
	in := make([]bits, len(f.blocks))
	in[0] = state
	work := []int{0}
	ends := map[int]bits{} // of the blocks in which f ends
	var out bits
	for len(work) > 0 {
		b := work[0]
		work = work[1:]
		s := in[b]
		for i := range f.blocks[b] {
			if s = v.event(n, &f.blocks[b][i], s); s == 0 {
				break
			}
		}
		if s == 0 {
			continue
		}
		for _, succ := range f.succs[b] {
			next := s
			for _, o := range f.edgeOps[[2]int{b, succ}] {
				next = v.operate(n, o, next)
			}
			switch {
			case succ == f.exit():
				if ends[b]|next != ends[b] {
					ends[b] |= next
					if state := v.exit(n, f, b, ends[b]); !f.ends[b] {
						out |= state
					}
				}
			case in[succ]|next != in[succ]:
				in[succ] |= next
				work = append(work, succ)
			}
		}
	}
	v.memo[key] = out
	return out
}

// exit runs the deferred calls of f, which ends in the block last, and returns
// the state behind them. A call whose defer statement does not lead to last has
// not been deferred: it is not there if f returns before.
func (v *view) exit(n node, f *Frame, last int, s bits) bits {
	events := f.blocks[f.exit()]
	for i := range events {
		d, ok := events[i].instr.(*ssa.Defer)
		if ok && d.Block().Index != last && !f.reaches(d.Block().Index)[last] {
			continue
		}
		if s = v.event(n, &events[i], s); s == 0 {
			break
		}
	}
	return s
}

func (v *view) event(n node, e *event, s bits) bits {
	switch {
	case e.made != nil:
		if e.made == v.obj {
			return v.renewed(n, s)
		}
	case e.frames != nil:
		var out bits
		if e.maybe {
			out = s
		}
		for _, f := range e.frames {
			out |= v.frame(n, f, s)
		}
		return out
	case e.access != nil:
		at := v.accesses[e.access]
		if at == nil {
			at = new(states)
			v.accesses[e.access] = at
		}
		at[n.which] |= s
		if e.access == v.a && n.which == own {
			return after
		}
	case e.threads != nil:
		for _, th := range e.threads {
			s = v.fork(n, th, s)
		}
	case e.op != nil:
		return v.operate(n, e.op, s)
	}
	return s
}

// renewed is the state behind the making of another object: nothing has been
// done with it. If A's goroutine may run already, it may get hold of it.
func (v *view) renewed(n node, s bits) bits {
	if n.which == own && v.chain[n.thread] {
		next := v.next[n.thread]
		if origin, ok := v.obj.origin(); next == nil || ok && v.t.madeBy(origin, next.Site) {
			return before
		}
	}
	if s&(after|beside) != 0 {
		return s&before | beside
	}
	return s
}

func (v *view) operate(n node, o *op, s bits) bits {
	at := v.ops[o]
	if at == nil {
		at = new(states)
		v.ops[o] = at
	}
	at[n.which] |= s
	if v.knows[o] && s&beside != 0 {
		return s&^beside | after
	}
	return s
}

// fork starts th in the state s of n and returns the state behind that.
func (v *view) fork(n node, th *Thread, s bits) bits {
	site := th.Site
	// A goroutine that is started before the object is made may get it
	// later; one that is started behind that works on this one alone.
	obj := v.t.madeBefore(v.obj, site)
	if n.which == own && v.chain[th] {
		// A's own goroutine, or its ancestor. There may be others of them.
		if v.t.instances(th, v.obj) > 1 {
			v.start[node{th, later}] |= s & (after | beside)
			if s&before != 0 && v.t.reach(site, site, obj) {
				v.start[node{th, earlier}] |= beside
			}
		}
		return beside
	}
	state := s & (after | beside)
	if s&before != 0 {
		state |= before
	}
	if n.which == own && v.chain[n.thread] {
		// What happens later in A's goroutine or its ancestors may be A.
		later, atOnce := v.a.Point, false
		if n.thread != v.a.Thread {
			next := v.next[n.thread]
			later = next.Site
			atOnce = later == site && next.Start.Fn != th.Start.Fn // one call that starts both
		}
		if (s&before != 0 || n.thread == v.a.Thread && s&after != 0) && (atOnce || v.t.reach(site, later, obj)) {
			state = state&^before | beside
		}
	}
	v.start[node{th, later}] |= state
	return s
}

// beside tells whether b may happen beside A: in a goroutine that is started
// after A's at the same place, and in one that is started before it. For a b
// of another thread that is one question.
func (v *view) beside(b *Access) (after, before bool) {
	at := v.accesses[b]
	switch {
	case at == nil:
		return false, false
	case b.Thread == v.a.Thread:
		return at[later]&beside != 0, at[earlier]&beside != 0
	}
	any := (at[own]|at.others())&beside != 0
	return any, any
}

// uncovered is how often a release may happen, at most, without that A is
// over then. The object on is what is released.
func (v *view) uncovered(p Point, th *Thread, at *states, on *Object) int64 {
	if at == nil {
		return 0
	}
	n := int64(0)
	each := v.t.repeats(p, on)
	if at[own] != 0 {
		switch {
		case th == v.a.Thread:
			if v.reachesAgain(p) {
				n += each
			}
		case at[own]&beside != 0:
			n += each
		case at[own]&before != 0:
			if next := v.next[th]; next != nil && v.t.reach(p, next.Site, on) {
				n += each
			}
		}
	}
	if at.others()&beside != 0 {
		others := v.t.instances(th, on)
		if v.chain[th] {
			others = max(others-1, 0)
			if others >= many-1 {
				others = many
			}
		}
		n += times(others, each)
	}
	return min(n, many)
}

// reachesAgain tells whether A may happen after p, in A's goroutine. A way
// through a receive that has got its only value already does not count.
func (v *view) reachesAgain(p Point) bool {
	if !v.t.reach(p, v.a.Point, v.t.madeBefore(v.obj, p)) {
		return false
	}
	for _, o := range v.t.ops {
		if o.kind != opRecv || o.vague || o.inLoop != nil || o.thread != v.a.Thread {
			continue
		}
		if v.t.supply(o.on) > 1 {
			continue
		}
		// The one value was received before p, and A comes only after
		// another receive.
		if v.t.precedes(o.Point, p) && v.t.precedes(o.Point, v.a.Point) && !v.t.reachWithout(p, v.a.Point, o.Point) {
			return false
		}
	}
	return true
}

// madeBefore is obj if it has been made when p happens, in the same
// goroutine; else nil, for an object that has not to do with p's place in loops.
func (t *Tree) madeBefore(obj *Object, p Point) *Object {
	if origin, ok := obj.origin(); ok && origin.Frame.Thread == p.Frame.Thread && !t.madeBy(origin, p) {
		return nil
	}
	return obj
}

// supply is how many values a channel gets, at most.
func (t *Tree) supply(on Ref) int64 {
	n := int64(0)
	for _, o := range t.ops {
		if o.on != on || o.inLoop != nil {
			continue
		}
		switch o.kind {
		case opClose:
			return many
		case opSend:
			n = min(n+times(t.instances(o.thread, on.Obj), t.repeats(o.Point, on.Obj)), many)
		}
	}
	return n
}

// reachWithout tells whether q may happen after p without that r happens in
// between, in one thread.
func (t *Tree) reachWithout(p, q, r Point) bool {
	f, pi, qi := lift(p, q)
	ri, ok := within(f, r)
	if !ok {
		return true
	}
	from, to, through := f.place(pi), f.place(qi), f.place(ri)
	if from.block == to.block && from.index < to.index {
		return !(through.block == from.block && from.index < through.index && through.index <= to.index)
	}
	if through.block == from.block && through.index > from.index || through.block == to.block && through.index <= to.index {
		return false
	}
	if from.block == f.exit() {
		return false
	}
	return f.reachAvoiding(from.block, map[int]bool{through.block: true})[to.block]
}
