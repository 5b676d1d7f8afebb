package dpor

// A dporEntry is one access of one event, in the list of the accesses to its object.
type dporEntry struct {
	state uint64 // of the object before
	ev    int32
	obj   int32
	prev  int32 // on the same object, or -1
	next  int32
	num   int32 // of a send or receive on its channel: the number of the item
	mode  DporMode
	known bool // state is given
}

// A dporObject is an object of the execution that has ended.
type dporObject struct {
	id     uint64
	end    uint64 // its state at the end, if endKnown
	later  uint64 // slots with events on it behind the one that weigh looks at
	wrote  uint64 // those of them that do not only read
	first  int32
	last   int32 // entry
	cur    int32 // last entry before the event that reverse looks at
	chain  int32 // next object with the same hash, or -1
	sends  int32 // items sent, with those that it had
	recvs  int32
	counts bool // it has been counted, or sent to
	opaque bool // some entry has no state
	ended  bool // end is known
}

// A dporAnalysis is what End finds out about an execution: its happens-before
// order, as a clock for each event: how many events of each thread happen before
// it, itself included.
type dporAnalysis struct {
	entries []dporEntry
	objects []dporObject
	table   []int32 // hash table of objects
	stride  int     // length of a clock
	clocks  []int32 // of the events
	priors  []int32 // of the events, by the order of their thread alone
	thread  []int32 // by slot: of its last event, and of what woke it since
	turn    []int32 // by slot: the same within a turn that is forgotten
	joins   []int32 // by object: of its reads, writes, counts, sends, receives
	v       []int32 // see reversal
	dporReversal
}

// The clocks of an object.
const (
	dporReads = iota
	dporWrites
	dporCounts
	dporSends
	dporRecvs
	dporJoins
)

func dporInts(s []int32, n int) []int32 {
	if cap(s) < n {
		return make([]int32, n, 2*n)
	}
	s = s[:n]
	clear(s)
	return s
}

func dporJoin(into, from []int32) {
	for i, c := range from {
		if into[i] < c {
			into[i] = c
		}
	}
}

func (x *Dpor) clock(i int32) []int32 {
	return x.clocks[int(i)*x.stride : (int(i)+1)*x.stride]
}

func (x *Dpor) prior(i int32) []int32 {
	return x.priors[int(i)*x.stride : (int(i)+1)*x.stride]
}

func (x *Dpor) of(clocks []int32, s uint8) []int32 {
	return clocks[int(s)*x.stride : (int(s)+1)*x.stride]
}

func (x *Dpor) join(obj int32, k int) []int32 {
	at := (int(obj)*dporJoins + k) * x.stride
	return x.joins[at : at+x.stride]
}

// object returns the index of an object, or -1.
func (x *Dpor) object(id uint64) int32 {
	if len(x.table) == 0 {
		return -1
	}
	o := x.table[dporMix(id)&uint64(len(x.table)-1)]
	for o >= 0 && x.objects[o].id != id {
		o = x.objects[o].chain
	}
	return o
}

// index makes the lists of the objects.
func (x *Dpor) index() {
	acts := 0
	for i := range x.events {
		acts += int(x.events[i].actEnd - x.events[i].act)
	}
	size := 16
	for size < 2*acts {
		size *= 2
	}
	x.table = dporInts(x.table, size)
	for i := range x.table {
		x.table[i] = -1
	}
	x.entries, x.objects = x.entries[:0], x.objects[:0]
	for i := range x.events {
		e := &x.events[i]
		e.ent = int32(len(x.entries))
		if e.turn == 0 {
			for k := e.act; k < e.actEnd; k++ {
				x.list(int32(i), &x.acc[k])
			}
		}
		e.entEnd = int32(len(x.entries))
	}
	for s := uint8(0); s < x.count; s++ {
		if !x.stuck || x.end>>s&1 == 0 {
			continue
		}
		op := &x.ops[x.latest[s]]
		for k := op.acc; k < op.accEnd; k++ {
			if o := x.object(x.acc[k].Object); o >= 0 && x.acc[k].Test != DporNone {
				x.objects[o].end, x.objects[o].ended = x.acc[k].State, true
			}
		}
	}
}

// list adds an access of event i.
func (x *Dpor) list(i int32, a *DporAccess) {
	o := x.object(a.Object)
	if o < 0 {
		o = int32(len(x.objects))
		h := dporMix(a.Object) & uint64(len(x.table)-1)
		items := int32(0)
		if a.Mode == DporSend || a.Mode == DporRecv {
			items = int32(a.State)
		}
		x.objects = append(x.objects, dporObject{id: a.Object, first: int32(len(x.entries)), last: -1, cur: -1, chain: x.table[h], sends: items})
		x.table[h] = o
	}
	obj := &x.objects[o]
	n := int32(len(x.entries))
	x.entries = append(x.entries, dporEntry{state: a.State, ev: i, obj: o, prev: obj.last, next: -1, mode: a.Mode, known: a.Test != DporNone})
	if obj.last >= 0 {
		x.entries[obj.last].next = n
	}
	obj.last = n
	obj.opaque = obj.opaque || a.Test == DporNone
	switch a.Mode {
	case DporAdd, DporSub:
		obj.counts = true
	case DporSend:
		obj.counts = true
		obj.sends++
		x.entries[n].num = obj.sends
	case DporRecv:
		obj.counts = true
		obj.recvs++
		x.entries[n].num = obj.recvs
	}
}

// order computes the happens-before order of the execution.
func (x *Dpor) order() {
	x.index()
	x.stride = int(x.count)
	n := len(x.events)
	x.clocks = dporInts(x.clocks, n*x.stride)
	x.priors = dporInts(x.priors, n*x.stride)
	x.thread = dporInts(x.thread, x.stride*x.stride)
	x.turn = dporInts(x.turn, x.stride*x.stride)
	x.joins = dporInts(x.joins, len(x.objects)*dporJoins*x.stride)
	var last, turn [dporMaxThreads]int32
	for s := range last {
		last[s] = -1
	}
	var woken uint64
	for i := range x.events {
		e := &x.events[i]
		own := x.of(x.thread, e.slot)
		e.prev, e.next = last[e.slot], -1
		e.woken = woken>>e.slot&1 != 0
		if e.turn != 0 {
			// A forgotten event follows those of its turn, and nothing follows it.
			in := x.of(x.turn, e.slot)
			e.inner = turn[e.slot] == e.turn
			if !e.inner {
				copy(in, own)
				turn[e.slot] = e.turn
			}
			copy(x.prior(int32(i)), in)
			in[e.slot]++
			e.idx = in[e.slot]
			for k := e.act; k < e.actEnd; k++ {
				if o := x.object(x.acc[k].Object); o >= 0 {
					x.after(in, o, DporRead)
				}
			}
			copy(x.clock(int32(i)), in)
			continue
		}
		copy(x.prior(int32(i)), own)
		if e.prev >= 0 {
			x.events[e.prev].next = int32(i)
		}
		last[e.slot] = int32(i)
		woken &^= 1 << e.slot
		own[e.slot]++
		e.idx = own[e.slot]
		for k := e.ent; k < e.entEnd; k++ {
			x.enterOrder(own, k)
		}
		copy(x.clock(int32(i)), own)
		for k := e.ent; k < e.entEnd; k++ {
			en := &x.entries[k]
			dporJoin(x.join(en.obj, dporKind(en.mode)), own)
		}
		woken |= e.woke
		for s := uint8(0); e.woke>>s != 0; s++ {
			if e.woke>>s&1 != 0 {
				dporJoin(x.of(x.thread, s), own)
			}
		}
	}
}

func dporKind(m DporMode) int {
	switch m {
	case DporRead:
		return dporReads
	case DporAdd, DporSub:
		return dporCounts
	case DporSend:
		return dporSends
	case DporRecv:
		return dporRecvs
	}
	return dporWrites
}

// after joins what an access with mode m to object o happens after, but for the
// positions of items.
func (x *Dpor) after(c []int32, o int32, m DporMode) {
	for k := range dporJoins {
		switch {
		case k == dporReads && m == DporRead:
		case k == dporCounts && (m == DporAdd || m == DporSub):
		case k == dporRecvs && m == DporSend:
		case k == dporSends && m == DporRecv:
		default:
			dporJoin(c, x.join(o, k))
		}
	}
}

// enterOrder joins what entry k happens after. A receive happens after the send
// of its item; a send to a channel of capacity c happens after the receive of
// the item c places before, which made its room.
func (x *Dpor) enterOrder(c []int32, k int32) {
	en := &x.entries[k]
	x.after(c, en.obj, en.mode)
	want, mode := en.num, DporSend
	switch en.mode {
	case DporSend:
		want, mode = en.num-x.capacity(k), DporRecv
	case DporRecv:
	default:
		return
	}
	for p := en.prev; p >= 0; p = x.entries[p].prev {
		if y := &x.entries[p]; y.mode == mode && y.num <= want {
			if y.num == want {
				dporJoin(c, x.clock(y.ev))
			}
			return
		}
	}
}

// capacity returns that of the channel of entry k.
func (x *Dpor) capacity(k int32) int32 {
	e := &x.events[x.entries[k].ev]
	return int32(x.acc[e.act+k-e.ent].Cap)
}

// class returns a hash of the execution's class: the set of its events, each
// with what happens before it.
func (x *Dpor) class() uint64 {
	sum := uint64(0)
	for i := range x.events {
		e := &x.events[i]
		if e.turn != 0 {
			continue
		}
		h := dporMix(uint64(x.names[e.slot])<<32 | uint64(e.idx)<<8 | uint64(e.variant))
		for s, c := range x.clock(int32(i)) {
			if c != 0 {
				h += dporMix(uint64(x.names[s])<<32 | uint64(c) | 1<<63)
			}
		}
		sum += dporMix(h)
	}
	return dporMix(sum)
}
