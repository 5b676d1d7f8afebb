package dpor

// A dporEvent is an operation that has run in the current execution.
type dporEvent struct {
	variants uint64 // it had
	woke     uint64 // slots of the threads that it created or woke
	place    uint64
	ann      int32 // what it announced: x.acc[ann:annEnd]
	annEnd   int32
	act      int32 // what it did: x.acc[act:actEnd]
	actEnd   int32
	turn     int32 // not 0: part of a forgotten turn
	idx      int32 // its number within its thread, from 1
	prev     int32 // the thread's event before, not forgotten, or -1
	next     int32 // the thread's event after, not forgotten, or -1
	ent      int32 // its entries: x.entries[ent:entEnd]
	entEnd   int32
	slot     uint8
	variant  uint8
	op       uint8
	inner    bool // of a forgotten turn, not its first
	woken    bool // since the thread's event before, by another
}

// A dporOp is a pending operation as it was announced from some depth on; when
// the announcement or the state of an object changes there is a new one.
type dporOp struct {
	variants uint64
	acc      int32
	accEnd   int32
	from     int32 // depth
	until    int32 // depth at which it ran
	prev     int32 // of the same thread, or -1
	enabled  bool
}

// A dporRun is what is recorded during an execution. Nothing in it grows beyond
// what reserve has made room for.
type dporRun struct {
	events []dporEvent
	ops    []dporOp
	acc    []DporAccess
	slots  []uint8 // by thread name: slot+1, or 0
	names  [dporMaxThreads]uint32
	latest [dporMaxThreads]int32 // index into ops of the pending operation, or -1
	ran    [dporMaxThreads]bool  // the latest operation has run
	count  uint8                 // slots in use
	awaits uint64                // slots of the threads that wait, or have waited, in a loop
	end    uint64                // slots of the threads that Stuck named
	row    int                   // events that the thread that ran last has run in a row
}

const dporNoSlot = 255

// reserve makes room for an execution.
func (x *Dpor) reserve(more bool) {
	if x.spare == 0 {
		x.spare = 256
	} else if more && x.spare < dporMaxEvents {
		x.spare *= 2
	}
	grown := x.spare
	if cap(x.events) < grown {
		x.events = make([]dporEvent, 0, grown)
	}
	if cap(x.ops) < grown*4 {
		x.ops = make([]dporOp, 0, grown*4)
	}
	if more && cap(x.acc) > 0 || cap(x.acc) < grown*8 {
		x.acc = make([]DporAccess, 0, max(grown*8, 2*cap(x.acc)))
	}
	if more && cap(x.ops) > 0 {
		x.ops = make([]dporOp, 0, 2*cap(x.ops))
	}
	if cap(x.nodes) < grown {
		x.nodes = append(make([]dporNode, 0, grown), x.nodes...)
	}
	if room := max(64, 2*len(x.parts)); cap(x.parts) < room || more {
		x.parts = append(make([]dporPart, 0, 2*max(room, cap(x.parts))), x.parts...)
	}
	if n := len(x.slots); n == 0 || more && n < dporMaxName {
		x.slots = append(x.slots, make([]uint8, max(256, n))...)
	}
}

// clear forgets the last execution.
func (x *Dpor) clear() {
	for s := range x.count {
		x.slots[x.names[s]] = 0
	}
	x.events, x.ops, x.acc = x.events[:0], x.ops[:0], x.acc[:0]
	x.awaits = 0
	x.count, x.end, x.stuck, x.again, x.turns, x.row = 0, 0, false, false, 0, 0
}

// slot returns the slot of a thread, or dporNoSlot.
func (x *Dpor) slot(thread uint32) uint8 {
	if int(thread) >= len(x.slots) {
		return dporNoSlot
	}
	return x.slots[thread] - 1
}

// enter gives thread a slot. Slots are given in the order in which threads
// appear, so the same prefix gives the same slots.
func (x *Dpor) enter(thread uint32) bool {
	if int(thread) >= len(x.slots) {
		x.state = dporShort
		if thread >= dporMaxName {
			x.state = dporLimit
		}
		return false
	}
	if x.slots[thread] != 0 {
		return true
	}
	if x.count == dporMaxThreads {
		x.state = dporLimit
		return false
	}
	x.names[x.count] = thread
	x.latest[x.count] = -1
	x.ran[x.count] = false
	x.count++
	x.slots[thread] = x.count
	return true
}

// note records what the threads are about to do.
func (x *Dpor) note(ps []DporPending) bool {
	d := int32(len(x.events))
	for i := range ps {
		p := &ps[i]
		if !x.enter(p.Thread) {
			return false
		}
		s := x.slot(p.Thread)
		op := x.latest[s]
		if op >= 0 && !x.ran[s] && x.ops[op].variants == p.Variants && x.ops[op].enabled == p.Enabled && dporSame(x.acc[x.ops[op].acc:x.ops[op].accEnd], p.Accesses) {
			continue
		}
		if len(x.ops) == cap(x.ops) || len(x.acc)+len(p.Accesses) > cap(x.acc) {
			x.state = dporShort
			return false
		}
		from := int32(len(x.acc))
		x.acc = append(x.acc, p.Accesses...)
		x.ops = append(x.ops, dporOp{variants: p.Variants, acc: from, accEnd: int32(len(x.acc)), from: d, until: dporMaxEvents, prev: op, enabled: p.Enabled})
		x.latest[s] = int32(len(x.ops) - 1)
		if !p.Enabled && !dporGuarded(p.Accesses) {
			x.awaits |= 1 << s
		}
		x.ran[s] = false
	}
	return true
}

// dporGuarded reports whether an operation says itself what it waits for.
func dporGuarded(a []DporAccess) bool {
	for i := range a {
		if a[i].Test == DporGuard || a[i].Mode == DporSend || a[i].Mode == DporRecv {
			return true
		}
	}
	return false
}

func dporSame(a, b []DporAccess) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// pending returns the operation that slot s was about to do at depth, or -1.
func (x *Dpor) pending(s uint8, depth int) int32 {
	op := x.latest[s]
	for op >= 0 && int(x.ops[op].from) > depth {
		op = x.ops[op].prev
	}
	if op >= 0 && int(x.ops[op].until) < depth {
		return -1 // it has run, and the thread is not at its next
	}
	return op
}

// begin records the event that runs now. Until Access says more, it does what
// its announcement predicts.
func (x *Dpor) begin(p *DporPending, variant uint8) bool {
	if len(x.events) == cap(x.events) {
		x.state = dporShort
		return false
	}
	s := x.slot(p.Thread)
	if k := len(x.events); k == 0 || x.events[k-1].slot != s {
		x.row = 0
	}
	x.row++
	op := &x.ops[x.latest[s]]
	x.ran[s] = true
	op.until = int32(len(x.events))
	x.events = append(x.events, dporEvent{
		variants: p.Variants, place: p.Place, slot: s, variant: variant, op: p.Op,
		ann: op.acc, annEnd: op.accEnd, act: op.acc, actEnd: op.accEnd,
	})
	for i := op.acc; i < op.accEnd; i++ {
		a := &x.acc[i]
		if a.mode(a.State, a.Test != DporNone, variant) != a.Mode {
			return x.predict(op, variant)
		}
	}
	return true
}

// predict gives the last event accesses with the modes that it will have.
func (x *Dpor) predict(op *dporOp, variant uint8) bool {
	n := op.accEnd - op.acc
	if len(x.acc)+int(n) > cap(x.acc) {
		x.state = dporShort
		return false
	}
	e := &x.events[len(x.events)-1]
	e.act = int32(len(x.acc))
	for i := op.acc; i < op.accEnd; i++ {
		a := x.acc[i]
		a.Mode = a.mode(a.State, a.Test != DporNone, variant)
		x.acc = append(x.acc, a)
	}
	e.actEnd = int32(len(x.acc))
	return true
}

// Access says what the event that has just run really did: at most what it
// announced.
func (x *Dpor) Access(a []DporAccess) {
	if x.state != dporRunning || len(x.events) == 0 {
		return
	}
	if len(x.acc)+len(a) > cap(x.acc) {
		x.state = dporShort
		return
	}
	e := &x.events[len(x.events)-1]
	e.act = int32(len(x.acc))
	for i := range a {
		b := a[i]
		for j := e.ann; j < e.annEnd; j++ {
			if c := &x.acc[j]; c.Object == b.Object {
				b.State, b.Test, b.Cap = c.State, c.Test, c.Cap
			}
		}
		x.acc = append(x.acc, b)
	}
	e.actEnd = int32(len(x.acc))
}

// Woke says that the event that runs now created or woke thread, whose next
// event therefore happens after it.
func (x *Dpor) Woke(thread uint32) {
	if x.state != dporRunning || len(x.events) == 0 || !x.enter(thread) {
		return
	}
	x.events[len(x.events)-1].woke |= 1 << x.slot(thread)
}

// Stuck says what the threads that are left at the end stand before, each not
// enabled. It is called before End.
func (x *Dpor) Stuck(ps []DporPending) {
	if x.state != dporRunning || !x.note(ps) {
		return
	}
	x.waiting(ps)
}

// waiting records the operations that wait at the end of the execution, complete
// or abandoned: what disabled them may be what they have to be put before.
func (x *Dpor) waiting(ps []DporPending) {
	x.stuck = true
	for i := range ps {
		if !ps[i].Enabled {
			x.end |= 1 << x.slot(ps[i].Thread)
		}
	}
}
