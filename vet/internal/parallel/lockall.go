package parallel

import "golang.org/x/tools/go/ssa"

// heldBehind are the locks that f holds behind the edge from b to s, which
// leads out of a loop, since the loop is there to take them: it takes the lock of
// each element that it goes over, and gives none of them back. A round may do
// without, as for an element that has come before, and so may the loop, if there is
// no element; what is not locked then is no element. Which element a variable is
// is not known: as elsewhere, the locks of all of them count.
func (w *lockWalk) heldBehind(f *Frame, b, s int) []*lockEvent {
	if b == f.exit() {
		return nil
	}
	var found []*lockEvent
	for _, l := range w.tree.graph(f.Fn).loops {
		if l.blocks[b] && !l.blocks[s] {
			found = append(found, f.takenOfEach(l)...)
		}
	}
	return found
}

// takenOfEach are the events by which the loop l takes locks of elements.
func (f *Frame) takenOfEach(l *loop) []*lockEvent {
	given := map[Ref]bool{}
	var taken []*lockEvent
	for index := range l.blocks {
		for _, e := range f.blocks[index] {
			if e.lock == nil {
				continue
			}
			if !e.lock.take {
				for _, r := range e.lock.on {
					given[r] = true
				}
			} else if call, ok := e.instr.(*ssa.Call); ok && len(call.Call.Args) > 0 && ofElement(call.Call.Args[0], l, 4) {
				taken = append(taken, e.lock)
			}
		}
	}
	for _, t := range taken {
		for _, r := range t.on {
			if given[r] {
				return nil
			}
		}
	}
	return taken
}

// ofElement reports whether addr is in an element, or in what an element points
// to, that a round of l looks up.
func ofElement(addr ssa.Value, l *loop, depth int) bool {
	if depth == 0 {
		return false
	}
	switch x := addr.(type) {
	case *ssa.FieldAddr:
		return ofElement(x.X, l, depth-1)
	case *ssa.UnOp:
		return ofElement(x.X, l, depth-1)
	case *ssa.IndexAddr:
		return l.blocks[x.Block().Index]
	}
	return false
}
