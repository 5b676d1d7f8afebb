package parallel

import (
	"go/constant"
	"go/token"
	"slices"
)

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
		return v.seesChange(o.cond) && !v.comesAnyway(o.cond)
	case opRecv:
		for _, r := range v.t.ops {
			if (r.kind == opSend || r.kind == opClose) && r.thread == v.a.Thread && v.mayBeOn(r, o) && v.t.reach(v.a.Point, r.Point, nil) && !v.othersAnswer(r, o) {
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
	case r.on.Obj != nil && (o.on.Obj.oneOf(r.on.Obj) || slices.ContainsFunc(o.among, func(at Location) bool { return at.Obj.oneOf(r.on.Obj) })):
		return true
	case r.on.Obj != nil && r.on.Obj.Kind == Variable:
		return o.on.Obj == nil && r.on.Obj.escaped // else what is not known cannot be it
	}
	return o.on.Obj == nil || o.on.Obj.Kind == Variable
}

// othersAnswer reports whether all that o receives may be from others than A's
// goroutine: there are more of these than o has receives, each with a channel of
// its own, and they wait for nobody, so that none of them can know of A.
func (v *view) othersAnswer(r, o *op) bool {
	t := v.t
	if o.on.Obj == nil || t.onePer(r.on.Obj, v.obj) || !(r.on.Obj != o.on.Obj && o.on.Obj.oneOf(r.on.Obj) || r.on.Obj == o.on.Obj && t.anyOf(o)) {
		return false
	}
	k := t.rounds(o)
	if k >= many || t.instances(v.a.Thread, v.obj)-1 < k {
		return false
	}
	for _, w := range t.ops {
		if w.thread != v.a.Thread {
			continue
		}
		switch w.kind {
		case opSend, opClose, opAdd, opDone, opUnlock:
		case opUnknown:
			if !w.deaf {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// seesChange reports whether the test c can come out as it does by what A's
// goroutine stores or adds behind A.
func (v *view) seesChange(c *condition) bool {
	for _, w := range c.writes {
		if w.Thread != v.a.Thread || w.Point == v.a.Point || !w.Atomic && len(w.locks) == 0 || !v.t.reach(v.a.Point, w.Point, nil) {
			continue
		}
		if val, known := w.value(c.at); !known || w.add || c.holds(val) {
			return true
		}
	}
	return false
}

// comesAnyway reports whether the test c comes out as it does before A's goroutine
// has changed anything, too. That is known if nobody else does but those who start
// it, before that; or if nobody ever takes back what c asks for, and what is counted
// of the others' writes says all.
func (v *view) comesAnyway(c *condition) bool {
	if c.vague {
		return false
	}
	if v.t.neverBack(c) {
		return true
	}
	if v.t.instances(v.a.Thread, nil) > 1 {
		return false
	}
	before := map[*Thread][]*Access{}
	for _, w := range c.writes {
		if w.Point == c.look && times(v.t.instances(w.Thread, nil), v.t.repeats(w.Point, nil)) == 1 {
			continue // c is about what was there when it looked, and c.own
		}
		until, ok := v.a.Point, w.Thread == v.a.Thread
		if next := v.next[w.Thread]; next != nil {
			until, ok = next.Site, true
		}
		if !ok {
			return false
		}
		leads, behind := v.t.reach(w.Point, until, nil), v.t.reach(until, w.Point, nil)
		if behind && (leads || w.Thread != v.a.Thread) {
			return false
		}
		if leads {
			before[w.Thread] = append(before[w.Thread], w)
		}
	}
	for _, val := range v.valuesBefore(c, before) {
		if c.own != nil {
			add, known := c.look.Frame.flagConstant(c.own)
			if !known || add.Kind() != constant.Int || val.Kind() != constant.Int {
				return false
			}
			val = constant.BinaryOp(val, token.ADD, add)
		}
		if c.holds(val) {
			return true
		}
	}
	return false
}
