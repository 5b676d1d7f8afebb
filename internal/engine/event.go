package engine

// kind says what an event does.
type kind uint8

const (
	kRead   kind = iota // a load, or the read part of an update
	kWrite              // a store, or the write part of an update
	kFence              //
	kSpawn              // creates a thread: aux is its number
	kJoin               // waits for the end of thread aux
	kChoice             // one of aux values, picked by nobody
)

// Flags of an event.
const (
	// fUpdate marks the read part of an atomic update (RMW) and its write part.
	fUpdate uint8 = 1 << iota
	// fDone marks the read part of an update that took effect: a write part follows.
	fDone
	// fAwait marks a read that waits until its condition holds.
	fAwait
	// fWeak marks an update that may fail spuriously.
	fWeak
	// fPointer marks an access whose value is a pointer of the current run.
	fPointer
	// fEnding marks the end of a thread and a join that saw it.
	fEnding
)

// What rf holds when it is no event.
const (
	initial int32 = -1 // the value that the location had at first
	unset   int32 = -2 // while a graph is changed
)

// An event is one node of an execution graph. Its number, the index in
// graph.ev, is also its place in the order of addition, written <G in the
// TruSt paper.
type event struct {
	val    uint64 // read or written
	hist   uint64 // what its thread knew after it, see await.go; 0: not known yet
	arg    uint64 // update: the operand
	key    uint64 // what its thread had read before, if the operation may be a round of a busy loop, see await.go
	exp    uint64 // compare-exchange, await: the value compared with
	rf     int32  // read: the write that it reads from, or initial, or nothing
	loc    int32  // -1: no location
	pos    int32  // write: place in coherence order, from 1; 0 is the initial value. Spawn: the location of the thread's end
	idx    int32  // place in its thread, from 0
	aux    int32  // spawn, join: the thread; choice: how many values
	fence  int32  // the last release fence of the thread up to here, -1: none
	thr    int32
	kind   kind
	op     Op
	order  Order // the ordering in force
	fail   Order // the ordering of a compare-exchange that fails
	succ   Order // the ordering of an update that takes effect
	flags  uint8
	choice uint8 // alternative taken: of a choice, or 1 for a spurious failure
	width  uint8 // update: bits of the value; the sign flag stands in signed
	signed bool
}

func (e *event) access() bool { return e.kind <= kWrite }
func (e *event) has(f uint8) bool {
	return e.flags&f != 0
}

// Op is what an atomic update computes.
type Op uint8

const (
	OpNone Op = iota
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

// An Update describes an atomic update.
type Update struct {
	Op       Op
	Arg      uint64 // operand; for OpCAS the new value
	Expected uint64 // OpCAS
	Order    Order  // when it takes effect
	Fail     Order  // OpCAS: when it does not
	Weak     bool   // OpCAS: may fail spuriously
	Width    uint8  // bits of the value: 1, 8, 16, 32, 64 (0 is 64)
	Signed   bool   // OpMax and OpMin compare as signed numbers
	Pointer  bool   // the values are pointers
}

// apply is the value that op writes over old, cut to width bits.
func (e *event) apply(old uint64) uint64 {
	var v uint64
	switch e.op {
	case OpSwap, OpCAS, OpUntil, OpUnless, OpUntilGE:
		v = e.arg
	case OpAdd, OpEnter:
		v = old + e.arg
	case OpSub:
		v = old - e.arg
	case OpAnd:
		v = old & e.arg
	case OpOr:
		v = old | e.arg
	case OpXor:
		v = old ^ e.arg
	case OpNand:
		v = ^(old & e.arg)
	case OpMax, OpMin:
		less := old < e.arg
		if e.signed {
			shift := 64 - e.bits()
			less = int64(old<<shift) < int64(e.arg<<shift)
		}
		if less == (e.op == OpMax) {
			v = e.arg
		} else {
			v = old
		}
	}
	return v << (64 - e.bits()) >> (64 - e.bits())
}

func (e *event) bits() uint8 {
	if e.width == 0 {
		return 64
	}
	return e.width
}

// takesEffect reports whether an update that reads v writes.
func (e *event) takesEffect(v uint64) bool {
	if e.has(fAwait) {
		return e.holds(v)
	}
	switch e.op {
	case OpCAS:
		return v == e.exp && e.choice == 0
	case OpEnter, OpUnless:
		return e.holds(v)
	}
	return true
}

// waits reports whether e is an await that is not satisfied.
func (e *event) waits() bool { return e.kind == kRead && e.has(fAwait) && !e.holds(e.val) }

// holds reports whether an await is satisfied by v.
func (e *event) holds(v uint64) bool {
	switch e.op {
	case OpUnless:
		return v != e.exp
	case OpUntilGE:
		return v >= e.exp
	case OpEnter:
		return v&e.exp == 0
	default:
		return v == e.exp
	}
}
