package dpor

// asleep reports whether an event that sleeps at the node is a weak initial of
// the sequence: it has been explored, or will be, with that event first.
func (x *Dpor) asleep() bool {
	n := &x.nodes[x.node]
	for s := uint8(0); n.sleep>>s != 0; s++ {
		if n.sleep>>s&1 == 0 {
			continue
		}
		if k := x.heads[s]; k >= 0 {
			if x.initial(k, s) {
				return true
			}
		} else if op := x.pending(s, x.node); op >= 0 {
			switch x.idle(op, dporLowest(x.ops[op].variants), true) {
			case dporYes:
				return true
			case dporPerhaps:
				x.coarse = true
			}
		}
	}
	for k := n.parts; k < n.partsEnd; k++ {
		p := &x.parts[k]
		if h := x.heads[p.slot]; h >= 0 {
			_, _, v := x.element(h)
			if v < 64 && p.variants>>v&1 != 0 && x.initial(h, p.slot) {
				return true
			}
			x.coarse = x.coarse || v == dporAnyVariant
			continue
		}
		for v := uint8(0); v < 64; v++ {
			if p.variants>>v&1 == 0 {
				continue
			}
			switch x.idle(x.pending(p.slot, x.node), v, true) {
			case dporYes:
				return true
			case dporPerhaps:
				x.coarse = true
			}
		}
	}
	return false
}

// idle reports whether a variant of a pending operation commutes with all that is
// left of the sequence. It is not exact if the state may have changed since it was
// announced.
func (x *Dpor) idle(op int32, variant uint8, exact bool) dporAnswer {
	answer := dporYes
	o := &x.ops[op]
	for i := o.acc; i < o.accEnd; i++ {
		a := &x.acc[i]
		if a.Test == DporMay && exact {
			continue
		}
		moves := a.Mode == DporSend || a.Mode == DporRecv
		if exact && (a.Test == DporGuard && a.State != a.Want || moves && a.Test == DporKnown && a.Variant == 0 && !a.ready(a.State)) {
			return dporNo // it is not enabled: the branch was a guess
		}
		m := a.mode(a.State, a.Test != DporNone && exact, variant)
		if a.Mode == DporSub && a.Test == DporIf && x.exhausts(a.Object) {
			m = DporWrite
		}
		sure := exact || !moves && a.Test == DporNone || !moves && (a.Test == DporKnown || a.Test == DporGuard) && a.Variant == 0
		if !sure {
			m = DporWrite
		}
		if !x.anyClash(a.Object, m) {
			continue
		}
		if sure && !x.guessed {
			return dporNo
		}
		answer = dporPerhaps
	}
	return answer
}

// exhausts reports whether the sequence leaves a counter so low that counting
// down after it is not the same as before it.
func (x *Dpor) exhausts(object uint64) bool {
	o := x.object(object)
	if o < 0 {
		return false
	}
	state, known := x.stateIn(o)
	for i := range x.qacc {
		if a := &x.qacc[i]; a.Object == object && a.Mode == DporSub {
			state--
		}
	}
	return known && int64(state) <= 0
}

// anyClash reports whether something that is left of the sequence conflicts with
// an access.
func (x *Dpor) anyClash(object uint64, m DporMode) bool {
	for s := uint8(0); s < x.count; s++ {
		for k := x.heads[s]; k >= 0; k = x.nexts[k] {
			if x.clashes(k, object, m) {
				return true
			}
		}
	}
	return false
}

// clashes reports whether element k conflicts with an access to an object with
// mode m, both enabled in the same state.
func (x *Dpor) clashes(k int32, object uint64, m DporMode) bool {
	i := x.v[k]
	acts := x.qacc
	if i >= 0 {
		e := &x.events[i]
		acts = x.acc[e.act:e.actEnd]
	}
	for j := range acts {
		if acts[j].Object == object && dporConflict(acts[j].Mode, m) {
			return true
		}
	}
	return false
}
