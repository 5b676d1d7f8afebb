package parallel

// doubtful reports whether a and b, which nothing orders that is counted here,
// may still be kept apart by values: the number in a counter, the state of a
// machine of one's own, who answers whom. There the analysis knows too little
// of values to be believed: such a race is one only if an execution shows it.
//
// That is so if the two are in order as soon as these are taken for
// synchronisation.
func (t *Tree) doubtful(a, b *Access, o *Object) bool {
	return !unordered(t.see(a, o, true), t.see(b, o, true))
}

// mayAnswer reports whether o may know that A is over by what A's goroutine
// does behind A: it tests a variable that the goroutine changes there, or
// receives from one of several channels on one of which the goroutine sends
// there, or from one to which it is not known who sends.
func (v *view) mayAnswer(o *op) bool {
	switch o.kind {
	case opFlag:
		for _, w := range o.cond.writes {
			if w.Thread == v.a.Thread && w.Point != v.a.Point && v.t.reach(v.a.Point, w.Point, nil) && (w.Atomic || len(w.locks) > 0) {
				return true
			}
		}
	case opRecv:
		for _, r := range v.t.ops {
			if (r.kind == opSend || r.kind == opClose) && r.thread == v.a.Thread && v.mayBeOn(r, o) && v.t.reach(v.a.Point, r.Point, nil) {
				return true
			}
		}
	}
	return false
}

// mayBeOn reports whether the send or close r may be on the channel from which
// o receives, without that it is known which of several channels it is.
func (v *view) mayBeOn(r, o *op) bool {
	switch {
	case r.on == o.on, r.on.Obj != nil && o.on.Obj != nil && r.on.Obj.Instr == o.on.Obj.Instr:
		return o.on.Obj != nil && v.t.several(o.on.Obj)
	case r.on.Obj != nil && r.on.Obj.Kind == Variable:
		return o.on.Obj == nil && r.on.Obj.escaped // else what is not known cannot be it
	}
	return o.on.Obj == nil || o.on.Obj.Kind == Variable
}
