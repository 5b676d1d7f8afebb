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

// fearlessTouchObject is fearlessTouch for what has one object. taken says that
// it happens now, so that only what it does then counts.
func fearlessTouchObject(gp *g, taken bool) {
	p := &gp.fearless.proof
	a := DporAccess{Object: uint64(p.obj), Mode: DporWrite}
	second := DporAccess{Object: uint64(p.obj) + 1, Mode: DporWrite}
	switch p.what {
	case pvLock, pvTryLock, pvUnlock:
		a.Test, a.State = DporKnown, uint64(*(*uint32)(unsafe.Pointer(p.obj))&1)
		switch {
		case p.what == pvLock:
			a.Test = DporGuard
		case p.what == pvTryLock && taken && a.State != 0:
			a.Mode = DporRead
		case p.what == pvTryLock:
			a.Test = DporIf
		}
	case pvLoad:
		a.Mode = DporRead
		fallthrough
	case pvStore, pvSwap, pvCAS:
		if state, ok := fearlessWord(p); ok {
			a.Test, a.State = DporKnown, state
		}
		if p.what == pvCAS {
			a.Test, a.Want = DporIf, p.arg
			if taken && a.State != a.Want {
				a.Mode = DporRead
			}
		}
	case pvMapRead, pvMapRange, pvMapRanged, pvReport:
		a.Mode = DporRead
	case pvAdd, pvWait:
		a.Test, a.State = DporKnown, uint64(uint32(*(*uint64)(unsafe.Pointer(p.guard))>>32))
		switch n := int64(p.arg); {
		case p.what == pvWait:
			a.Mode, a.Test = DporRead, DporGuard
		case n > 0:
			a.Mode = DporAdd
		case n == -1:
			a.Mode, a.Test = DporSub, DporIf // at 0 it panics
			if taken && a.State == 0 {
				a.Mode = DporWrite
			}
		case n == 0:
			a.Mode = DporRead
		}
	case pvOnce:
		if *(*uint32)(unsafe.Pointer(uintptr(p.arg))) != 0 {
			a.Mode = DporRead
		}
	case pvRLock, pvTryRLock, pvRUnlock, pvAnnounce, pvDrained, pvWUnlock, pvTryWLock:
		fearlessTouchRW(p, a, second, taken)
		return
	case pvFail:
		a.Mode, second.Mode = DporRead, DporAdd
		fearlessAdd(second)
	case pvFailed:
		a.Object, a.Mode = second.Object, DporRead
	case pvCleanup:
		a.Mode = DporRead
		second.Object++
		fearlessAdd(second)
	case pvSignal, pvBroadcast:
		fearlessAdd(a)
		fearlessTouchTickets(p)
		return
	}
	fearlessAdd(a)
}

// fearlessTouchRW is fearlessTouch for an RWMutex. w is its object that says
// whether a writer has announced itself, r the number of readers; guard is its
// readerCount, which is less by fearlessMaxReaders when there is a writer.
func fearlessTouchRW(p *fearlessProofG, w, r DporAccess, taken bool) {
	w.Test, r.Test = DporKnown, DporKnown
	count := *(*int32)(unsafe.Pointer(p.guard))
	if count < 0 {
		w.State = 1
		count += fearlessMaxReaders
	}
	r.State = uint64(uint32(count))
	switch p.what {
	case pvRLock:
		w.Mode, w.Test, r.Mode = DporRead, DporGuard, DporAdd
		fearlessAdd(w)
		fearlessAdd(r)
	case pvTryRLock:
		w.Mode, r.Mode = DporRead, DporAdd
		fearlessAdd(w)
		if !taken || w.State == 0 {
			fearlessAdd(r)
		}
	case pvRUnlock:
		r.Mode, r.Test = DporSub, DporIf // at 0 it panics
		if taken && r.State == 0 {
			r.Mode = DporWrite
		}
		fearlessAdd(r)
	case pvAnnounce:
		w.Test = DporGuard
		fearlessAdd(w)
	case pvDrained:
		r.Mode, r.Test = DporRead, DporGuard
		fearlessAdd(r)
	case pvWUnlock:
		fearlessAdd(w)
	case pvTryWLock:
		r.Mode = DporRead
		w.Test = DporNone // whether it writes depends on both
		if taken && (w.State != 0 || r.State != 0) {
			w.Mode = DporRead
		}
		fearlessAdd(w)
		fearlessAdd(r)
	}
}

const fearlessMaxReaders = 1 << 30 // rwmutexMaxReaders of package sync

// fearlessTouchTickets adds the tickets that a Signal or Broadcast chooses.
func fearlessTouchTickets(p *fearlessProofG) {
	f := &fearless
	list := (*notifyList)(unsafe.Pointer(p.guard))
	for i := range f.all {
		gp := fearlessOf(i)
		if gp == nil {
			continue
		}
		w := &gp.fearless.proof
		if w.notify != p.guard || less(w.ticket, list.notify) || p.what == pvSignal && w.ticket != list.notify {
			continue
		}
		fearlessAdd(DporAccess{Object: fearlessTicketOf(gp), Mode: DporWrite, Test: DporKnown})
	}
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

// fearlessTouchChan adds what an operation on c touches.
func fearlessTouchChan(c *hchan, what uint8, taken bool) {
	a := fearlessChanAccess(c, DporWrite)
	send := what == pvSend || what == pvTrySend
	waits := &c.sendq
	if send {
		waits = &c.recvq
	}
	switch {
	case what == pvLen:
		a.Mode = DporRead
	case what == pvClose:
		fearlessAdd(a)
		fearlessTouchWaiters(&c.sendq, c, true)
		fearlessTouchWaiters(&c.recvq, c, true)
		return
	case waits.first != nil:
		fearlessAdd(a)
		fearlessTouchWaiters(waits, c, false)
		return
	case c.timer != nil:
		if taken && (what == pvTryRecv || what == pvTrySend) && !fearlessChanReady(c, send) {
			a.Mode = DporRead
		}
	case c.dataqsiz == 0:
		if what == pvTrySend || what == pvTryRecv {
			a.Mode = DporRead // nobody waits: it finds that it cannot, or that the channel is closed
			if !taken {
				m := a
				m.Mode, m.Test = DporWrite, DporMay
				fearlessAdd(m)
			}
			break
		}
		a.Test = DporIf // on a closed channel it is a read
		if c.closed != 0 {
			a.Mode = DporRead
		}
	default:
		if taken && (!fearlessChanReady(c, send) || c.closed != 0 && (send || c.qcount == 0)) {
			a.Mode = DporRead // it finds that it cannot, or that the channel is closed
			break
		}
		a.Mode = DporRecv
		if send {
			a.Mode = DporSend
		}
		if what == pvTrySend || what == pvTryRecv {
			a.Test = DporTry
		}
	}
	fearlessAdd(a)
}

// fearlessTouchWaiters adds the channels whose queues those leave that wait in q
// of c: the first, or all.
func fearlessTouchWaiters(q *waitq, c *hchan, all bool) {
	for s := q.first; s != nil; s = s.next {
		for w := s.g.waiting; w != nil; w = w.waitlink {
			if o := w.c.get(); o != nil && o != c {
				fearlessAdd(fearlessChanAccess(o, DporWrite))
			}
		}
		if !all {
			return
		}
	}
}

// fearlessTouchSelect adds what a select touches.
func fearlessTouchSelect(gp *g, chosen int) {
	v := &fearlessProof
	p := &gp.fearless.proof
	from := v.used
	switch {
	case chosen == fearlessAnnounced:
		fearlessAnnounceSelect(gp)
		return
	case chosen >= 0:
		fearlessTouchChan(fearlessCase(gp, uint16(chosen)), p.caseOp(uint16(chosen)), true)
	}
	mode := DporRead // of the channels that it does not take
	if chosen == fearlessOnly && p.block {
		mode = DporWrite // it waits for all
	}
	for i := range p.ncases {
		if c := fearlessCase(gp, i); c != nil && !fearlessTouched(from, c) {
			fearlessAdd(fearlessChanAccess(c, mode))
		}
	}
}

// caseOp is the operation of case i of a select.
func (p *fearlessProofG) caseOp(i uint16) uint8 {
	if i < p.nsends {
		return pvSend
	}
	return pvRecv
}

// fearlessTouched reports whether c is among the accesses from a number on.
func fearlessTouched(from int, c *hchan) bool {
	v := &fearlessProof
	for k := from; k < v.used; k++ {
		if v.accesses[k].Object == uint64(uintptr(unsafe.Pointer(c))) {
			return true
		}
	}
	return false
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
