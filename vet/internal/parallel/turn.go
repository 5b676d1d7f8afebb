package parallel

// takeTurns tells whether a and b both happen in a loop that waits until an
// atomic variable says that it is its goroutine's turn, by a value which is
// not known here, and says whose turn is next.
func (t *Tree) takeTurns(a, b *Access) bool {
	on, ok := t.turn(a)
	if !ok {
		return false
	}
	other, ok := t.turn(b)
	return ok && on == other
}

func (t *Tree) turn(a *Access) (Ref, bool) {
	for _, round := range t.loopsAround(a.Frame, a.Instr) {
		for _, o := range t.ops {
			if o.kind != opFlag || o.Frame != a.Frame || !o.cond.atomic || !o.cond.vague || !round.blocks[o.Instr.Block().Index] {
				continue
			}
			for _, wait := range t.loopsAround(a.Frame, o.Instr) {
				if wait == round || wait.blocks[a.Instr.Block().Index] || !round.blocks[wait.header.Index] {
					continue
				}
				for _, w := range o.cond.writes {
					if w.Frame == a.Frame && round.blocks[w.Instr.Block().Index] && !wait.blocks[w.Instr.Block().Index] {
						return o.on, true
					}
				}
			}
		}
	}
	return Ref{}, false
}
