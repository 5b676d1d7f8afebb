package graph

// Kind says what an event does.
type Kind uint8

// The kinds of events.
const (
	Read  Kind = iota // a load, or the read part of an update
	Write             // a store, or the write part of an update
	Fence
	Spawn  // creates a thread: Aux is its number
	Join   // waits for the end of thread Aux
	Choice // one of Aux values, picked by nobody
)

// Flags of an event.
const (
	// Update marks the read part of an atomic update (RMW) and its write part.
	Update uint8 = 1 << iota
	// Done marks the read part of an update that took effect: a write part follows.
	Done
	// Await marks a read that waits until its condition holds.
	Await
	// Weak marks an update that may fail spuriously.
	Weak
	// Pointer marks an access whose value is a pointer of the current run.
	Pointer
	// Ending marks the end of a thread and a join that saw it.
	Ending
)

// What RF holds when it is no event.
const (
	Initial int32 = -1 // the value that the location had at first
	Unset   int32 = -2 // while a graph is changed
)

// An Event is one node of an execution graph. Its number, the index in
// Graph.Ev, is also its place in the order of addition, written <G in the
// TruSt paper.
type Event struct {
	Val    uint64 // read or written
	Hist   uint64 // what its thread knew after it, see engine's await.go; 0: not known yet
	Arg    uint64 // update: the operand
	Key    uint64 // what its thread had read before, if the operation may be a round of a busy loop, see engine's await.go
	Exp    uint64 // compare-exchange, await: the value compared with
	RF     int32  // read: the write that it reads from, or Initial, or Unset
	Loc    int32  // -1: no location
	Pos    int32  // write: place in coherence order, from 1; 0 is the initial value. Spawn: the location of the thread's end
	Idx    int32  // place in its thread, from 0
	Aux    int32  // spawn, join: the thread; choice: how many values
	fence  int32  // the last release fence of the thread up to here, -1: none
	Thr    int32
	Kind   Kind
	Op     Op
	Order  Order // the ordering in force
	Fail   Order // the ordering of a compare-exchange that fails
	Succ   Order // the ordering of an update that takes effect
	Flags  uint8
	Choice uint8 // alternative taken: of a choice, or 1 for a spurious failure
	Width  uint8 // update: bits of the value; the sign flag stands in Signed
	Signed bool
}

// Access reports whether e reads or writes a location.
func (e *Event) Access() bool { return e.Kind <= Write }

// Has reports whether e has one of those flags.
func (e *Event) Has(f uint8) bool { return e.Flags&f != 0 }

// Op is what an atomic update computes.
type Op uint8

// What an update computes, or an await waits for.
const (
	OpNone Op = iota // a load
	OpSwap
	OpAdd
	OpSub
	OpAnd
	OpOr
	OpXor
	OpNand
	OpMax
	OpMin
	OpCAS     // compare-exchange: takes effect where the value is exp
	OpUntil   // awaits: waits until the value is exp
	OpUnless  // awaits: waits until the value is not exp; as an update: writes where it is not
	OpUntilGE // awaits: waits until the value is at least exp
	OpEnter   // adds where no bit of exp is set; as an await: waits until then
)

// Apply is the value that op writes over old, cut to width bits.
func (e *Event) Apply(old uint64) uint64 {
	var v uint64
	switch e.Op {
	case OpSwap, OpCAS, OpUntil, OpUnless, OpUntilGE:
		v = e.Arg
	case OpAdd, OpEnter:
		v = old + e.Arg
	case OpSub:
		v = old - e.Arg
	case OpAnd:
		v = old & e.Arg
	case OpOr:
		v = old | e.Arg
	case OpXor:
		v = old ^ e.Arg
	case OpNand:
		v = ^(old & e.Arg)
	case OpMax, OpMin:
		less := old < e.Arg
		if e.Signed {
			shift := 64 - e.Bits()
			less = int64(old<<shift) < int64(e.Arg<<shift)
		}
		if less == (e.Op == OpMax) {
			v = e.Arg
		} else {
			v = old
		}
	}
	return v << (64 - e.Bits()) >> (64 - e.Bits())
}

func (e *Event) Bits() uint8 {
	if e.Width == 0 {
		return 64
	}
	return e.Width
}

// TakesEffect reports whether an update that reads v writes.
func (e *Event) TakesEffect(v uint64) bool {
	if e.Has(Await) {
		return e.Holds(v)
	}
	switch e.Op {
	case OpCAS:
		return v == e.Exp && e.Choice == 0
	case OpEnter, OpUnless:
		return e.Holds(v)
	}
	return true
}

// Waits reports whether e is an await that is not satisfied.
func (e *Event) Waits() bool { return e.Kind == Read && e.Has(Await) && !e.Holds(e.Val) }

// Holds reports whether an await is satisfied by v.
func (e *Event) Holds(v uint64) bool {
	switch e.Op {
	case OpUnless:
		return v != e.Exp
	case OpUntilGE:
		return v >= e.Exp
	case OpEnter:
		return v&e.Exp == 0
	default:
		return v == e.Exp
	}
}
