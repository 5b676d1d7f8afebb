package runtime

// What pending events touch, and which can happen now.
//
// What depends on what, beside the two events of one goroutine, and those of
// which one has started or woken the goroutine of the other:
//
//	mutex              any two: who gets the lock matters; who waits first does not
//	RWMutex            among Lock, RLock and Unlock any two but two RLocks; the end of a Lock's wait for
//	                   readers, and RUnlocks, only as they count the readers: two RUnlocks do not
//	WaitGroup          Add and Done do not, unless the counter becomes negative; Wait depends on both, as far as
//	                   they make the counter 0 or not
//	Once               two calls do not once it is done
//	Cond               any two; a waiter goes on behind the Signal or Broadcast that has chosen it
//	buffered channel   send i comes before receive i, and receive i before send i+cap; two sends do, and two
//	                   receives; close depends on all; receives from a closed and drained channel do not on each other
//	unbuffered channel any two: who waits can be seen, by a select
//	select             what it takes as a send or receive does, and a look at its other channels; if it waits,
//	                   it changes all of its channels, and so does what ends the wait
//	atomics            two loads do not; a compare-and-swap that fails is a load
//	sync.Map           two loads do not
//	sync.Pool          any two
//	timers             start, stop and fire: any two; two looks at the clock do not
//	testing.T          the end of a test depends on reports to it
//
// DporAccess says what more the explorer is told: the state that lets an
// operation go on, so that it begins no execution in vain.

import "unsafe"

// fearlessOpen reports whether the guard lets gp's pending event happen.
func fearlessOpen(gp *g) bool {
	p := &gp.fearless.proof
	word := *(*uint32)(unsafe.Pointer(p.guard))
	switch p.what {
	case pvLock, pvOnce:
		return word&1 == 0 // the state of a Mutex: not locked
	case pvRLock, pvAnnounce:
		return int32(word) >= 0 // readerCount: no writer
	case pvDrained:
		return int32(word) == -fearlessMaxReaders // the same: the readers are gone
	case pvWait:
		return fearlessCounter(p.guard) == 0
	case pvTicket:
		return less(p.ticket, (*notifyList)(unsafe.Pointer(p.guard)).notify)
	}
	return true
}

// fearlessItems is how many items gp's pending event finds in a sync.Pool. Get takes
// any of them, or none, as its documentation says.
func fearlessItems(gp *g) uint64 {
	p := &gp.fearless.proof
	n := p.arg
	if p.guard != 0 {
		n = *(*uint64)(unsafe.Pointer(p.guard))
	}
	if n > fearlessMostItems {
		fearlessLimitOf(gp, fearlessSampled, fearlessTooManyItems)
		n = fearlessMostItems
	}
	return n
}

const fearlessMostItems = 63 // and none: an event has 64 alternatives at most

// fearlessCounter is the counter of the WaitGroup whose state is at guard.
func fearlessCounter(guard uintptr) int32 {
	return int32(*(*uint64)(unsafe.Pointer(guard)) >> 32)
}

// fearlessChanReady reports whether a send on or a receive from c need not wait.
func fearlessChanReady(c *hchan, send bool) bool {
	if send {
		return c.closed != 0 || c.recvq.first != nil || c.qcount < c.dataqsiz
	}
	return c.closed != 0 || c.sendq.first != nil || c.qcount > 0
}

// fearlessArrives reports whether who waits for c can be seen, and so waits in its queue.
func fearlessArrives(c *hchan) bool {
	return c.dataqsiz == 0 || c.timer != nil
}

// fearlessEnabled reports whether gp's pending event can happen now, and which
// of its alternatives; 0 is that there is only one.
func fearlessEnabled(gp *g) (ok bool, variants uint64) {
	p := &gp.fearless.proof
	if p.stuck {
		return false, 0
	}
	switch p.what {
	case pvChoice:
		return true, 1<<p.arg - 1
	case pvTake:
		return true, 1<<(fearlessItems(gp)+1) - 1
	case pvSend, pvRecv:
		c := (*hchan)(unsafe.Pointer(p.obj))
		return c != nil && (fearlessArrives(c) || fearlessChanReady(c, p.what == pvSend)), 0
	case pvSelect:
		arrives := !p.block
		for i := range p.ncases {
			c := fearlessCase(gp, i)
			switch {
			case c == nil:
			case fearlessChanReady(c, i < p.nsends):
				variants |= 1 << i
			case fearlessArrives(c):
				arrives = true
			}
		}
		return arrives || variants != 0, variants
	}
	return p.guard == 0 || fearlessOpen(gp), 0
}

func fearlessCase(gp *g, i uint16) *hchan {
	p := &gp.fearless.proof
	return (*scase)(unsafe.Pointer(gp.stack.hi - p.cases + uintptr(i)*unsafe.Sizeof(scase{}))).c
}

// fearlessTouch returns what gp's pending event touches if it happens now. chosen
// is the alternative that it takes, or negative for all that it may touch.
func fearlessTouch(gp *g, chosen int) []DporAccess {
	v := &fearlessProof
	p := &gp.fearless.proof
	from := v.used
	if from > len(v.accesses)-fearlessMostAccesses {
		fearlessNote(&fearlessLimited{level: fearlessCut, what: fearlessTooManyCases})
		from = 0
	}
	v.used = from
	switch p.what {
	case pvSelect:
		fearlessTouchSelect(gp, chosen)
	case pvSend, pvTrySend, pvRecv, pvTryRecv, pvClose, pvLen:
		if p.obj != 0 {
			fearlessTouchChan((*hchan)(unsafe.Pointer(p.obj)), p.what, chosen != fearlessAnnounced)
		}
	case pvChoice:
	case pvClock:
		fearlessAdd(fearlessClockAccess(DporRead))
	case pvTimer:
		fearlessAdd(fearlessClockAccess(DporWrite))
		if p.obj != 0 {
			fearlessAdd(DporAccess{Object: uint64(p.obj), Mode: DporWrite})
		}
	case pvTicket:
		fearlessAdd(DporAccess{Object: fearlessTicketOf(gp), Test: DporGuard, State: fearlessBool(p.guard == 0 || fearlessOpen(gp)), Want: 1})
	case pvCondWait:
		fearlessAdd(DporAccess{Object: fearlessTicketOf(gp), Mode: DporWrite, Test: DporKnown})
		fallthrough
	default:
		if p.obj != 0 {
			fearlessTouchObject(gp, chosen != fearlessAnnounced)
		}
	}
	return v.accesses[from:v.used:v.used]
}

const (
	fearlessAnnounced    = -1 // for fearlessTouch: all that it may do
	fearlessOnly         = -2 // it has no alternatives
	fearlessMostAccesses = 1 << 10
)

func fearlessAdd(a DporAccess) {
	v := &fearlessProof
	if v.used < len(v.accesses) {
		v.accesses[v.used] = a
		v.used++
	} else {
		fearlessNote(&fearlessLimited{level: fearlessCut, what: fearlessTooManyCases})
	}
}

func fearlessBool(b bool) uint64 {
	if b {
		return 1
	}
	return 0
}

// fearlessTicketOf is the object that says whether a Signal has chosen gp.
func fearlessTicketOf(gp *g) uint64 { return uint64(uintptr(unsafe.Pointer(gp))) + 1 }

// fearlessWord is the value of the atomic that gp's pending event is about.
func fearlessWord(p *fearlessProofG) (value uint64, known bool) {
	switch p.size {
	case 4:
		return uint64(*(*uint32)(unsafe.Pointer(p.obj))), true
	case 8:
		return *(*uint64)(unsafe.Pointer(p.obj)), true
	}
	return 0, false
}

// fearlessChanAccess is an access to c with its state.
func fearlessChanAccess(c *hchan, mode DporMode) DporAccess {
	a := DporAccess{Object: uint64(uintptr(unsafe.Pointer(c))), Mode: mode, Test: DporKnown, State: uint64(c.qcount), Cap: uint32(c.dataqsiz)}
	if c.closed != 0 {
		a.State |= DporClosed
	}
	if c.timer != nil {
		a.Test, a.State = DporNone, 0 // a timer sends, too
	}
	return a
}

// caseOp is the operation of case i of a select.
func (p *fearlessProofG) caseOp(i uint16) uint8 {
	if i < p.nsends {
		return pvSend
	}
	return pvRecv
}

// fearlessAnnounceSelect adds what a select does in each of its alternatives, and
// what it might do to its channels in another state, if it can be seen to wait.
func fearlessAnnounceSelect(gp *g) {
	v := &fearlessProof
	p := &gp.fearless.proof
	from := v.used
	arrival := false
	for i := range p.ncases {
		if c := fearlessCase(gp, i); c != nil && fearlessArrives(c) {
			arrival = true
		}
	}
	for i := range p.ncases {
		c := fearlessCase(gp, i)
		if c == nil {
			continue
		}
		at := v.used
		fearlessTouchChan(c, p.caseOp(i), false)
		for k := at; k < v.used; k++ {
			a := &v.accesses[k]
			a.Variant = uint8(i + 1)
			if !p.block && (a.Mode == DporSend || a.Mode == DporRecv) {
				a.Test = DporTry
			}
			if arrival && p.variants == 0 {
				// It takes the default, or waits.
				a.Variant, a.Mode = 0, DporRead
				if p.block {
					a.Mode = DporWrite
				}
				if a.Test != DporNone {
					a.Test = DporKnown
				}
			}
		}
	}
	if !arrival {
		return
	}
	for k := range v.used - from {
		a := v.accesses[from+k]
		fearlessAdd(DporAccess{Object: a.Object, Mode: DporWrite, Test: DporMay, State: a.State})
	}
}

// fearlessTake notes what gp's pending event does to what this file looks at.
func fearlessTake(gp *g) {
	v := &fearlessProof
	p := &gp.fearless.proof
	switch p.what {
	case pvMapRange, pvMapRanged:
		fearlessRanging(gp, p.what == pvMapRange)
	case pvMapWrite:
		for i := range v.ranges {
			if r := &v.ranges[i]; r.n > 0 && r.obj == p.obj && r.id != gp.fearless.id {
				fearlessLimitOf(gp, fearlessSampled, fearlessMapRanges)
			}
		}
	}
}

// fearlessRanging notes that gp has begun or ended a sync.Map.Range.
func fearlessRanging(gp *g, begins bool) {
	v := &fearlessProof
	for i := range v.ranges {
		r := &v.ranges[i]
		switch {
		case begins && r.n == 0:
			*r = fearlessRange{gp.fearless.proof.obj, gp.fearless.id, 1}
			return
		case !begins && r.n > 0 && r.id == gp.fearless.id && r.obj == gp.fearless.proof.obj:
			r.n = 0
			return
		}
	}
	if begins {
		fearlessLimitOf(gp, fearlessSampled, fearlessMapRanges)
	}
}
