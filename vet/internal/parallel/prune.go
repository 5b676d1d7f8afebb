package parallel

// prune drops the events that no view can make use of, so that a view costs
// little: accesses to memory that is not contended, conditions that no other
// goroutine has a part in, locks that are only locks, and calls of functions
// in which nothing is left.
func (t *Tree) prune(contended []*Object) {
	keep := map[*Object]bool{}
	for _, o := range contended {
		keep[o] = true
	}
	for _, o := range t.ops {
		o.untaken = o.kind == opFlag && t.never(o.cond)
	}
	used := t.pruneFlags()
	live := map[*op]bool{}
	ops := t.ops[:0]
	for _, o := range t.ops {
		if o.kind == opFlag && o.cond.writes == nil && !o.untaken || o.vague && (o.kind == opUnlock || o.kind == opHandOff) {
			continue
		}
		live[o] = true
		ops = append(ops, o)
	}
	t.ops = ops
	quiet := map[*Frame]bool{}
	// Callees have been found after their callers.
	for i := len(t.Frames) - 1; i >= 0; i-- {
		f := t.Frames[i]
		quiet[f] = true
		for key, ops := range f.edgeOps {
			kept := ops[:0]
			for _, o := range ops {
				if live[o] {
					kept = append(kept, o)
				}
			}
			f.edgeOps[key] = kept
			if len(kept) > 0 {
				quiet[f] = false
			}
		}
		for b, events := range f.blocks {
			kept := events[:0]
			for _, e := range events {
				if e.matters(keep, used, live, quiet) {
					kept = append(kept, e)
					quiet[f] = false
				}
			}
			f.blocks[b] = kept
		}
	}
}

func (e *event) matters(keep map[*Object]bool, used map[*Access]bool, live map[*op]bool, quiet map[*Frame]bool) bool {
	switch {
	case e.made != nil:
		return keep[e.made]
	case e.frames != nil:
		returns := e.maybe
		for _, f := range e.frames {
			if !quiet[f] {
				return true
			}
			returns = returns || f.returns
		}
		return !returns
	case e.access != nil:
		if used[e.access] {
			return true
		}
		for _, at := range e.access.At {
			if keep[at.Obj] {
				return true
			}
		}
		return false
	case e.threads != nil:
		return true
	case e.op != nil:
		return live[e.op]
	}
	return false
}

// pruneFlags gives each condition the writes to its variable, if another
// goroutine is among those who write it and the variable is atomic or looked
// at under a lock. It returns all those writes.
func (t *Tree) pruneFlags() map[*Access]bool {
	writes := map[*Object][]*Access{}
	byPoint := map[Point]*Access{}
	for _, a := range t.accesses {
		byPoint[a.Point] = a
		if a.Write && len(a.At) == 1 {
			writes[a.At[0].Obj] = append(writes[a.At[0].Obj], a)
		}
	}
	used := map[*Access]bool{}
	plain := 0
	for _, o := range t.ops {
		if o.kind != opFlag {
			continue
		}
		look := byPoint[o.cond.look]
		if look == nil {
			continue
		}
		var own []*Access
		shared, others := false, false
		for _, w := range writes[o.on.Obj] {
			if overlap(w.At[0].Path, o.on.Path) {
				own = append(own, w)
				others = others || w.Thread != o.thread
				shared = shared || others || t.instances(w.Thread, nil) > 1
			}
		}
		if !o.cond.atomic && len(look.locks) == 0 {
			// A plain variable orders nothing, but one that its only user
			// keeps to remember what runs tells what is over.
			if others || o.cond.vague || plain >= maxPhases || len(own) < 2 || !t.starter(o.thread) {
				continue
			}
			plain++
			o.cond.plain, shared = true, len(own) > 1
		}
		if shared {
			o.cond.writes = own
			for _, w := range own {
				used[w] = true
			}
		}
	}
	return used
}

// maxPhases is how many conditions on plain variables are looked at.
const maxPhases = 40

// starter tells whether th starts goroutines.
func (t *Tree) starter(th *Thread) bool {
	for _, other := range t.Threads {
		if other.Parent == th {
			return true
		}
	}
	return false
}
