package exact

import (
	"slices"

	"golang.org/x/tools/go/ssa"
)

// A state is all there is between two steps.
type state struct {
	threads []*thread
	heap    []*object // by number; nil if it is gone
	globals []global  // those that have been used, in that order
	guessed bool      // a branch was taken of which it is not known whether it can be
}

type global struct {
	g   *ssa.Global
	obj int
}

// A thread is a goroutine.
type thread struct {
	index  int
	id     int             // of its spawnKey: the same in all states
	site   ssa.Instruction // where it was started
	spawns map[ssa.Instruction]int
	frames []*frame
	clock  clock
}

// A frame is a call that has not returned: of a function, or of one of the
// library's that has several steps (then native is not nil).
type frame struct {
	fn     *funcInfo
	block  *ssa.BasicBlock
	pc     int
	regs   []value
	defers []deferred
	last   ssa.Instruction // the defer statement of the deferred call that was made last

	native *native
	call   *ssa.CallCommon // of native
	phase  int
	args   []value
	result value // of what native has called
}

// A deferred is a call that is still to be made.
type deferred struct {
	callee callee
	args   []value
	instr  ssa.Instruction
}

// An object is memory: cells, and what a map or channel has besides.
type object struct {
	cells []cell
	local bool // no other goroutine can reach it: a variable whose address stays
	made  ssa.Value

	entries []entry // of a map
	chann   *channel
}

type entry struct {
	key value
	val []value
}

// A cell holds one scalar, who has used it, and what orders by it.
type cell struct {
	val  value
	uses []use
	sync *sync // never changed in place
}

// A use is the last access that one instruction of one thread has made.
type use struct {
	thread  int32
	access  int32 // index in search.accesses
	epoch   int32
	write   bool
	atomic  bool
	guessed bool
}

// A sync is the state of a lock, a group, a Once, a Cond, a timer or an atomic
// variable.
type sync struct {
	n       int   // readers; counter; phase
	writer  bool  // locked for writing
	holders []int // threads that have taken a lock and not given it back
	clock   clock // what an acquire learns
	shared  clock // what readers of an RWMutex have released
	waiters []int // threads that wait for a Cond, in order
	woken   []int // those of them that have been woken
}

// A channel is what has been sent and not received.
type channel struct {
	size   int
	queue  []message
	room   []clock // what the receive that made room for a value knew
	closed bool
	clock  clock // of the close
}

type message struct {
	val   value
	clock clock
}

func (s *state) clone() *state {
	c := &state{globals: s.globals[:len(s.globals):len(s.globals)], guessed: s.guessed}
	c.threads = make([]*thread, len(s.threads))
	for i, t := range s.threads {
		c.threads[i] = t.clone()
	}
	c.heap = make([]*object, len(s.heap))
	for i, o := range s.heap {
		if o != nil {
			c.heap[i] = o.clone()
		}
	}
	return c
}

// size is how much clone has to copy.
func (s *state) size() int {
	n := len(s.threads) + len(s.heap)
	for _, t := range s.threads {
		for _, f := range t.frames {
			n += len(f.regs) + len(f.defers)
		}
	}
	for _, o := range s.heap {
		if o == nil {
			continue
		}
		n += len(o.cells) + len(o.entries)
		for i := range o.cells {
			n += len(o.cells[i].uses)
		}
		if o.chann != nil {
			n += len(o.chann.queue) + len(o.chann.room)
		}
	}
	return n
}

func (t *thread) clone() *thread {
	c := *t
	if len(t.frames) == 0 {
		return &c // it has ended
	}
	c.spawns = make(map[ssa.Instruction]int, len(t.spawns))
	for k, n := range t.spawns {
		c.spawns[k] = n
	}
	c.frames = make([]*frame, len(t.frames))
	for i, f := range t.frames {
		g := *f
		g.regs = slices.Clone(f.regs)
		g.defers = slices.Clone(f.defers)
		c.frames[i] = &g
	}
	return &c
}

func (o *object) clone() *object {
	c := *o
	c.cells = slices.Clone(o.cells)
	for i := range c.cells {
		if len(c.cells[i].uses) > 0 {
			c.cells[i].uses = slices.Clone(c.cells[i].uses)
		}
	}
	c.entries = slices.Clone(o.entries)
	if o.chann != nil {
		ch := *o.chann
		ch.queue = slices.Clone(ch.queue)
		ch.room = slices.Clone(ch.room)
		c.chann = &ch
	}
	return &c
}

// top is the frame that runs, or nil if t has ended.
func (t *thread) top() *frame {
	if len(t.frames) == 0 {
		return nil
	}
	return t.frames[len(t.frames)-1]
}

// update returns the sync of a cell, a copy that may be changed.
func (c *cell) update() *sync {
	n := new(sync)
	if c.sync != nil {
		*n = *c.sync
	}
	c.sync = n
	return n
}

// lookAt returns the sync of a cell, to look at.
func (c *cell) lookAt() sync {
	if c.sync == nil {
		return sync{}
	}
	return *c.sync
}
