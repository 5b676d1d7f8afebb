package dpor

// A dporRest is what is left of a sequence on the way down a wakeup tree.
type dporRest struct {
	heads [dporMaxThreads]int32 // by slot: first element that is left, or -1
	last  [dporMaxThreads]int32 // by slot: the event passed over last
	used  uint64                // slots of which something has been passed over
	taken bool                  // some element has been passed over
}

// rest makes all of the sequence what is left of it.
func (x *Dpor) rest() {
	for s := uint8(0); s < x.count; s++ {
		x.heads[s] = -1
	}
	for k := int32(len(x.v)) - 1; k >= 0; k-- {
		s := x.q.slot
		if x.v[k] >= 0 {
			s = x.events[x.v[k]].slot
		}
		x.heads[s] = k
	}
	x.used, x.taken = 0, false
}

// needs reports whether q, in its new place, happens after event e of the sequence.
func (x *Dpor) needs(e *dporEvent) bool {
	for k := e.ent; k < e.entEnd; k++ {
		y := &x.entries[k]
		id := x.objects[y.obj].id
		for i := range x.qacc {
			a := &x.qacc[i]
			if a.Object != id {
				continue
			}
			if dporConflict(a.Mode, y.mode) {
				return true
			}
			if a.Mode == DporRecv && y.mode == DporSend && y.num == x.position(y.obj, DporRecv)+1 ||
				a.Mode == DporSend && y.mode == DporRecv && y.num == x.position(y.obj, DporSend)+1-int32(a.Cap) {
				return true
			}
		}
	}
	return false
}

// position returns the number of the last item that has been sent to, or received
// from, channel o in the sequence.
func (x *Dpor) position(o int32, m DporMode) int32 {
	obj := &x.objects[o]
	last := int32(0)
	if m == DporSend {
		last = obj.sends
		for k := obj.first; k >= 0; k = x.entries[k].next {
			if x.entries[k].mode == DporSend {
				last--
			}
		}
	}
	for k := obj.first; k >= 0; k = x.entries[k].next {
		if y := &x.entries[k]; y.mode == m && !x.excluded(x.clock(y.ev)) {
			last = y.num
		}
	}
	return last
}

// element returns the thread, clock, number and variant of element k.
func (x *Dpor) element(k int32) (clock []int32, idx int32, variant uint8) {
	i := x.v[k]
	if i < 0 {
		return x.qclock, x.number(), x.variant
	}
	e := &x.events[i]
	return x.clock(i), e.idx, e.variant
}

// number returns that of q in its thread.
func (x *Dpor) number() int32 { return x.q.prior[x.q.slot] + 1 }

// initial reports whether element k, the first left of slot s, happens after
// nothing that is left of the sequence.
func (x *Dpor) initial(k int32, s uint8) bool {
	c, _, _ := x.element(k)
	for t := uint8(0); t < x.count; t++ {
		if h := x.heads[t]; h >= 0 && t != s {
			if _, idx, _ := x.element(h); c[t] >= idx {
				return false
			}
		}
	}
	return true
}
