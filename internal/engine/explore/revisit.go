package explore

import "github.com/fearless-go/fearless/internal/engine/graph"

// pushRevisits pushes every read that the write w, just added, revisits: one
// of w's location that is not before w in porf, such that the read itself and
// all that would be left out with it were added maximally.
func (x *Explorer) pushRevisits(w int32) {
	g := x.G
	we := &g.Ev[w]
	prefix := g.Clock(w, graph.PORF)
	first := w // of the reads that w might revisit
	for _, r := range g.Loc[we.Loc].Acc {
		if e := &g.Ev[r]; e.Kind == graph.Read && !e.Seen(prefix) {
			first = r
			break
		}
	}
	// Two updates cannot both come right after the write that they read. Where w
	// is the second one, the first one must go.
	rival := w
	if p := we.Pos + 1; we.Has(graph.Update) && int(p) < len(g.Loc[we.Loc].CO) {
		if o := g.Loc[we.Loc].CO[p]; g.Ev[o].Has(graph.Update) {
			if rival = o; g.Ev[o].Seen(prefix) {
				return
			}
		}
	}
	for r := w - 1; r >= first; r-- {
		e := &g.Ev[r]
		if e.Seen(prefix) {
			continue
		}
		if !g.Maximal(r, w, prefix) {
			return
		}
		if e.Kind != graph.Read || e.Loc != we.Loc || r > rival {
			continue
		}
		if e.Has(graph.Weak) && we.Val == e.Exp {
			x.push(item{kind: revisit, stamp: w, at: r, variant: 1})
		}
		x.push(item{kind: revisit, stamp: w, at: r})
	}
}

// applyRevisit opens a frame with the graph in which the read it.at reads from
// the write it.stamp: what was added after the read and is not before the
// write in porf is left out.
func (x *Explorer) applyRevisit(it item) bool {
	old := x.G
	x.depth++
	if x.depth == len(x.frames) {
		x.frames = append(x.frames, &frame{})
	}
	f := x.frames[x.depth]
	f.work = f.work[:0]
	g := &f.g
	x.G = g
	x.renum = g.Restrict(old, it.stamp, it.at, x.renum)
	r := it.at // everything up to the read is kept, so it keeps its number
	w := old.Ev[it.stamp]
	x.renum.Rename(&w)
	re := &g.Ev[r]
	re.RF, re.Choice = graph.Unset, it.variant
	if w.Has(graph.Update) {
		read := &g.Ev[g.Thr[w.Thr].Ev[len(g.Thr[w.Thr].Ev)-1]]
		w.Pos = g.ReadPos(read) + 1
	} else {
		l := &g.Loc[w.Loc]
		low := x.lower(w.Loc, w.Thr)
		w.Pos = int32(len(l.CO))
		for p := low + 1; p < w.Pos; p++ {
			// A thread that waits on a value that is not the latest waits for ever.
			if !g.Ev[l.CO[p]].Has(graph.Update) && !x.WaitsOn(re, w.Val) {
				x.push(item{kind: altWrite, stamp: int32(len(g.Ev)), at: p, reader: r})
			}
		}
	}
	id := g.Add(w)
	re = &g.Ev[r]
	re.Val, re.Hist = w.Val, 0
	was := re.Order
	x.settleValue(re)
	re.RF = id
	if was != re.Order {
		g.ListSC()
	}
	g.ComputeClocks(r)
	if !x.Check.Fits(g, r, id) {
		// Another place may do: those wait in the frame's work.
		return false
	}
	return x.completePending(re.Thr)
}
