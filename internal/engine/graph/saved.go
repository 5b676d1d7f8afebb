package graph

import (
	"errors"
	"fmt"
	"slices"
)

// A Saved is a graph in a file.
type Saved struct {
	Events []savedEvent `json:"events"`
	Init   []uint64     `json:"init"` // of the locations
}

// A savedEvent is what an execution needs to be run again: an event, in an
// order in which each comes after what it reads from.
type savedEvent struct {
	T  int32  `json:"t,omitempty"`
	K  Kind   `json:"k,omitempty"`
	O  Op     `json:"o,omitempty"`
	L  int32  `json:"l,omitempty"`
	F  uint8  `json:"f,omitempty"`
	R  int32  `json:"r,omitempty"` // of a read: the index of the write, plus 2
	P  int32  `json:"p,omitempty"`
	C  uint8  `json:"c,omitempty"`
	X  int32  `json:"x,omitempty"` // aux
	V  uint64 `json:"v,omitempty"`
	A  uint64 `json:"a,omitempty"`
	E  uint64 `json:"e,omitempty"`
	M  Order  `json:"m,omitempty"` // the ordering in force, on success, on failure
	MS Order  `json:"ms,omitempty"`
	MF Order  `json:"mf,omitempty"`
	W  uint8  `json:"w,omitempty"`
	I  bool   `json:"i,omitempty"` // signed
}

// save returns e; from is what stands for the write that it reads from.
func (e *Event) save(from int32) savedEvent {
	s := savedEvent{
		T: e.Thr, K: e.Kind, O: e.Op, L: e.Loc + 1, F: e.Flags, P: e.Pos, C: e.Choice, X: e.Aux,
		V: e.Val, A: e.Arg, E: e.Exp, M: e.Order, MS: e.Succ, MF: e.Fail, W: e.Width, I: e.Signed,
	}
	if e.Kind == Read {
		s.R = from
	}
	return s
}

func (s *savedEvent) event() Event {
	return Event{
		Kind: s.K, Thr: s.T, Op: s.O, Loc: s.L - 1, Flags: s.F, Pos: s.P, Choice: s.C, Aux: s.X, RF: s.R - 2,
		Val: s.V, Arg: s.A, Exp: s.E, Order: s.M, Succ: s.MS, Fail: s.MF, Width: s.W, Signed: s.I,
	}
}

// Save returns the graph as it is kept in a file.
func (g *Graph) Save() (s Saved) {
	for id := range g.Ev {
		e := &g.Ev[id]
		s.Events = append(s.Events, e.save(e.RF+2))
	}
	for i := range g.Loc {
		s.Init = append(s.Init, g.Loc[i].Init)
	}
	return s
}

// Graph builds the graph, with the numbers that its events had: a read may have
// a lower one than the write that revisited it.
func (s *Saved) Graph() (*Graph, error) {
	g := &Graph{}
	g.Grow(0)
	g.AddThread(0, -1)
	for _, v := range s.Init {
		g.Loc[g.ExtendLocations()].Init = v
	}
	for i, saved := range s.Events {
		if !saved.fits(g, s.Events) {
			return nil, fmt.Errorf("event %d cannot be where it is", i)
		}
		e := saved.event()
		if e.Kind == Spawn {
			g.Grow(int(e.Aux))
		}
		g.list(e)
		if e.Kind == Spawn {
			g.AddThread(int(e.Aux), int32(i))
		}
	}
	if !g.order() {
		return nil, errors.New("the coherence order is none")
	}
	g.clk = make([]uint16, len(g.Ev)*clocks*g.stride)
	g.ListSC()
	for _, id := range g.Linear() {
		g.ComputeClocks(id)
	}
	return g, nil
}

// fits reports whether the saved event can be the next one of g.
func (s *savedEvent) fits(g *Graph, all []savedEvent) bool {
	const most = 1 << 12
	ok := s.K <= Choice && s.T >= 0 && int(s.T) < len(g.Thr) && g.Thr[s.T].Used && s.X >= 0 && s.X < most &&
		s.M <= SeqCst && s.MS <= SeqCst && s.MF <= SeqCst && s.W <= 64 && s.O <= OpEnter && int(s.L) <= len(g.Loc)
	switch s.K {
	case Read:
		return ok && s.L > 0 && s.R >= 1 && int(s.R) < len(all)+2 && (s.R == 1 || all[s.R-2].K == Write && all[s.R-2].L == s.L)
	case Write:
		log := g.Thr[max(s.T, 0)%int32(len(g.Thr))].Ev
		return ok && s.L > 0 && s.P > 0 && (s.F&Update == 0 || len(log) > 0 && g.Ev[log[len(log)-1]].Kind == Read)
	case Spawn:
		return ok && (int(s.X) >= len(g.Thr) || !g.Thr[s.X].Used) && s.P >= 0 && int(s.P) < len(g.Loc)
	}
	return ok && s.K != Join
}

// list is add without clocks and coherence order.
func (g *Graph) list(e Event) {
	log := g.Thr[e.Thr]
	e.Idx, e.fence = int32(len(log.Ev)), -1
	if e.Idx > 0 {
		e.fence = g.Ev[log.Ev[e.Idx-1]].fence
	}
	if e.Kind == Fence && e.Order.Releases() {
		e.fence = e.Idx
	}
	id := int32(len(g.Ev))
	log.Ev = append(log.Ev, id)
	g.Ev = append(g.Ev, e)
	if e.Access() {
		g.Loc[e.Loc].Acc = append(g.Loc[e.Loc].Acc, id)
		if e.Order == NonAtomic {
			g.plain++
		}
	}
}

// order puts the writes into the coherence order that their places say. It
// reports false if those are no order.
func (g *Graph) order() bool {
	for i := range g.Loc {
		l := &g.Loc[i]
		for _, id := range l.Acc {
			if g.Ev[id].Kind == Write {
				l.CO = append(l.CO, id)
			}
		}
		slices.SortFunc(l.CO[1:], func(a, b int32) int { return int(g.Ev[a].Pos - g.Ev[b].Pos) })
		for p, id := range l.CO[1:] {
			if g.Ev[id].Pos != int32(p)+1 {
				return false
			}
		}
	}
	return true
}
