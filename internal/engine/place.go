package engine

import (
	"runtime"
	"slices"
	"strings"

	"github.com/fearless-go/fearless/internal/engine/explore"
	"github.com/fearless-go/fearless/internal/engine/graph"
	"github.com/fearless-go/fearless/internal/engine/source"
)

// place.go is where in the source a thread stands.

// place takes the run back, to see in the next one where the operations of the
// thread stand in the source.
func (t *Thread) place() {
	t.e.placing = t.id
	t.e.takeBack()
	t.leave()
}

// notePlace notes where the operation just done stands.
func (t *Thread) notePlace() {
	g := t.x.G
	log := g.Thr[t.id]
	start := log.Cur - 1
	if e := &g.Ev[log.Ev[start]]; e.Kind == graph.Write && e.Has(graph.Update) {
		start--
	}
	for int32(len(t.places)) < log.Cur {
		t.places = append(t.places, 0)
	}
	t.places[start] = t.placeOf()
}

// placed is where the operation that begins with an event stands; 0: not known.
func (t *Thread) placed(event int32) uint64 {
	if i := t.x.G.Ev[event].Idx; int(i) < len(t.places) {
		return t.places[i]
	}
	return 0
}

// placeOf is where in the source the thread calls the engine, with all that has
// called it.
func (t *Thread) placeOf() uint64 {
	if t.e.opts.place != nil {
		return t.e.opts.place(t)
	}
	var pcs [64]uintptr
	h, above := uint64(1), true
	for _, pc := range pcs[:runtime.Callers(2, pcs[:])] {
		switch mine := t.e.ownFrame(pc); {
		case mine && !above:
			return h // the thread's first frame: what is below may be another thread
		case !mine:
			above = false
			h = explore.Mix(h, uint64(pc))
		}
	}
	return h
}

// usersFrames are the callers of the engine, innermost first, without what is below
// the thread's first frame.
func (t *Thread) usersFrames() []uintptr {
	var pcs [64]uintptr
	list := pcs[:runtime.Callers(2, pcs[:])]
	for len(list) > 0 && t.e.ownFrame(list[0]) {
		list = list[1:]
	}
	if i := slices.IndexFunc(list, t.e.ownFrame); i >= 0 {
		list = list[:i]
	}
	return slices.Clone(list)
}

// ownFrame reports whether a frame with that program counter is the engine's.
func (e *Engine) ownFrame(pc uintptr) bool {
	own, known := e.frames[pc]
	if !known {
		f := runtime.FuncForPC(pc - 1)
		own = f != nil && strings.HasPrefix(f.Name(), source.Module+"internal/engine.")
		if e.frames == nil {
			e.frames = make(map[uintptr]bool)
		}
		e.frames[pc] = own
	}
	return own
}
