package explore

import (
	"math/rand/v2"
	"slices"
)

// A Mark is where an explorer stood when a run began.
type Mark struct {
	events, pushed int32
	items          int
	source         rand.PCG
}

// Mark is where the explorer stands.
func (x *Explorer) Mark() Mark {
	m := Mark{events: int32(len(x.G.Ev)), pushed: x.pushed, items: len(x.frames[x.depth].work)}
	if x.Source != nil {
		m.source = *x.Source
	}
	return m
}

// Back takes back what the run has done since the mark: what is drawn again is the same.
func (x *Explorer) Back(m Mark) {
	if x.Source != nil {
		*x.Source = m.source
	}
	x.G.Cut(m.events)
	f := x.frames[x.depth]
	f.work, x.pushed = f.work[:m.items], m.pushed
}

// Keep remembers which alternatives wait, and returns what brings them back: a run that
// is made once more, to be shown, finds them once more.
func (x *Explorer) Keep() (restore func()) {
	f := x.frames[x.depth]
	work, pushed := slices.Clone(f.work), x.pushed
	return func() { f.work, x.pushed = append(f.work[:0], work...), pushed }
}
