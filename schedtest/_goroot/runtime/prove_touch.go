package runtime

import "unsafe"

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
	case pvPut, pvTake:
		a.Test, a.State = DporKnown, fearlessItems(gp)
		if p.what == pvTake {
			a.Test = DporTake
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
