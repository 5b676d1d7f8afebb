package parallel

// phases are the conditions on variables by which the goroutine that starts
// A's remembers that it has: it sets the variable on every way to the start,
// so that the condition cannot come out so before it sets it back.
func (v *view) phases() map[*op]bool {
	found := map[*op]bool{}
	for _, o := range v.t.ops {
		if o.kind != opFlag || !o.cond.plain || v.next[o.thread] == nil {
			continue
		}
		start := v.next[o.thread].Site
		for _, w := range o.cond.writes {
			if v.lets(o, w) || !v.t.precedes(w.Point, start) {
				continue
			}
			found[o] = true
			for _, back := range o.cond.writes {
				if v.lets(o, back) && v.t.reach(w.Point, back.Point, nil) && v.t.reachWithout(back.Point, start, w.Point) {
					delete(found, o)
				}
			}
		}
	}
	return found
}

// lets tells whether w may make the condition of o come out as it has.
func (v *view) lets(o *op, w *Access) bool {
	if w.stored == nil || w.add || len(w.At[0].Path) != len(o.cond.at.Path) {
		return true
	}
	val, known := w.Frame.flagConstant(w.stored)
	return !known || o.cond.holds(val)
}

// broken drops a phase that does not hold: its variable is set back while A
// may still happen. It reports whether there was one.
func (v *view) broken(phases map[*op]bool) bool {
	for o := range phases {
		for _, w := range o.cond.writes {
			if at := v.accesses[w]; v.lets(o, w) && at != nil && at[own]&beside != 0 {
				delete(phases, o)
				return true
			}
		}
	}
	return false
}
