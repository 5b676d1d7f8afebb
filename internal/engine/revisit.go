package engine

// pushRevisits pushes every read that the write w, just added, revisits: one
// of w's location that is not before w in porf, such that the read itself and
// all that would be left out with it were added maximally.
func (x *explorer) pushRevisits(w int32) {
	g := x.g
	we := &g.ev[w]
	prefix := g.clock(w, porfClock)
	first := w // of the reads that w might revisit
	for _, r := range g.loc[we.loc].acc {
		if e := &g.ev[r]; e.kind == kRead && !e.seen(prefix) {
			first = r
			break
		}
	}
	// Two updates cannot both come right after the write that they read. Where w
	// is the second one, the first one must go.
	rival := w
	if p := we.pos + 1; we.has(fUpdate) && int(p) < len(g.loc[we.loc].co) {
		if o := g.loc[we.loc].co[p]; g.ev[o].has(fUpdate) {
			if rival = o; g.ev[o].seen(prefix) {
				return
			}
		}
	}
	for r := w - 1; r >= first; r-- {
		e := &g.ev[r]
		if e.seen(prefix) {
			continue
		}
		if !g.maximal(r, w, prefix) {
			return
		}
		if e.kind != kRead || e.loc != we.loc || r > rival {
			continue
		}
		if e.has(fWeak) && we.val == e.exp {
			x.push(item{kind: revisit, stamp: w, at: r, variant: 1})
		}
		x.push(item{kind: revisit, stamp: w, at: r})
	}
}

// maximal reports whether event id would be added again just as it stands to
// the events before it and the prefix of w: it is the latest in coherence
// order among those, or reads from the latest, and none of them reads from it.
func (g *graph) maximal(id, w int32, prefix []uint16) bool {
	e := &g.ev[id]
	previous := func(o int32) bool { return o != w && (o <= id || g.ev[o].seen(prefix)) }
	from := id
	switch e.kind {
	case kChoice:
		return e.choice == 0
	case kWrite:
		for _, r := range g.loc[e.loc].acc {
			if re := &g.ev[r]; re.kind == kRead && re.rf == id && previous(r) {
				return false
			}
		}
	case kRead:
		if e.choice != 0 {
			return false
		}
		from = e.rf
		if from >= 0 && !previous(from) {
			return false
		}
	default:
		return true
	}
	l := &g.loc[e.loc]
	after := int32(1)
	if from >= 0 {
		after = g.ev[from].pos + 1
	}
	for _, o := range l.co[after:] {
		if previous(o) {
			return false
		}
	}
	return true
}

// applyRevisit opens a frame with the graph in which the read it.at reads from
// the write it.stamp: what was added after the read and is not before the
// write in porf is left out.
func (x *explorer) applyRevisit(it item) bool {
	old := x.g
	x.depth++
	if x.depth == len(x.frames) {
		x.frames = append(x.frames, &frame{})
	}
	f := x.frames[x.depth]
	f.work = f.work[:0]
	g := &f.g
	x.g = g
	x.restrict(old, g, it.stamp, it.at)
	r := it.at // everything up to the read is kept, so it keeps its number
	w := old.ev[it.stamp]
	x.renumber(&w)
	re := &g.ev[r]
	re.rf, re.choice = unset, it.variant
	if w.has(fUpdate) {
		read := &g.ev[g.thr[w.thr].ev[len(g.thr[w.thr].ev)-1]]
		w.pos = g.readPos(read) + 1
	} else {
		l := &g.loc[w.loc]
		low := x.lower(w.loc, w.thr)
		w.pos = int32(len(l.co))
		for p := low + 1; p < w.pos; p++ {
			// A thread that waits on a value that is not the latest waits for ever.
			if !g.ev[l.co[p]].has(fUpdate) && !x.waitsOn(re, w.val) {
				x.push(item{kind: altWrite, stamp: int32(len(g.ev)), at: p, reader: r})
			}
		}
	}
	id := g.add(w)
	re = &g.ev[r]
	re.val, re.hist = w.val, 0
	was := re.order
	x.settleValue(re)
	re.rf = id
	if was != re.order {
		g.listSC()
	}
	g.computeClocks(r)
	if !x.readerFits(r, id) {
		// Another place may do: those wait in the frame's work.
		return false
	}
	return x.completePending(re.thr)
}

// readerFits reports whether the graph is consistent when r, which nothing
// follows, reads from the write w, which only r follows.
func (x *explorer) readerFits(r, w int32) bool {
	g := x.g
	e := &g.ev[r]
	var low int32
	if before := g.prev(e); x.memory == SC {
		low = x.anc.lower(g, e.loc, before)
	} else if before >= 0 {
		low = g.lower(e.loc, g.clock(before, hbClock))
	}
	if low > g.ev[w].pos {
		return false
	}
	if x.memory == SC {
		return true
	}
	if !g.pscMatters(r) && !g.pscMatters(w) {
		return true
	}
	return !x.psc.anyCycle(g)
}

// restrict makes to the part of from that a revisit of r by w keeps.
func (x *explorer) restrict(from, to *graph, w, r int32) {
	to.reset()
	to.stride = from.stride
	prefix := from.clock(w, porfClock)
	if cap(x.renum) < len(from.ev) {
		x.renum = make([]int32, 2*len(from.ev))
	}
	renum := x.renum[:len(from.ev)]
	x.renum = renum
	// What was there before the read is all kept, and keeps its number.
	kept := r + 1
	size := clocks * from.stride
	to.ev = append(to.ev, from.ev[:kept]...)
	to.clk = append(to.clk, from.clk[:int(kept)*size]...)
	for id := range kept {
		renum[id] = id
	}
	for id := kept; id < w; id++ {
		renum[id] = -1
		if from.ev[id].seen(prefix) {
			renum[id] = int32(len(to.ev))
			to.ev = append(to.ev, from.ev[id])
			to.clk = append(to.clk, from.clk[int(id)*size:int(id+1)*size]...)
		}
	}
	renum[w] = int32(len(to.ev))
	for id := range to.ev {
		x.renumber(&to.ev[id])
	}
	x.restrictLocations(from, to, w)
	x.restrictThreads(from, to, w)
	for _, s := range from.sc {
		if k := renum[s]; k >= 0 && s != w {
			to.sc = append(to.sc, k)
			if to.ev[k].kind == kFence {
				to.fences++
			}
		}
	}
}

func (x *explorer) restrictLocations(from, to *graph, w int32) {
	for i := range from.loc {
		to.extendLocations()
		l, was := &to.loc[i], &from.loc[i]
		l.init, l.name = was.init, was.name
		for _, id := range was.acc {
			if k := x.renum[id]; k >= 0 && id != w {
				l.acc = append(l.acc, k)
				if from.plain > 0 && to.ev[k].order == NonAtomic {
					to.plain++
				}
			}
		}
		for _, id := range was.co[1:] {
			if k := x.renum[id]; k >= 0 && id != w {
				to.ev[k].pos = int32(len(l.co))
				l.co = append(l.co, k)
			}
		}
	}
}

func (x *explorer) restrictThreads(from, to *graph, w int32) {
	for t := range from.thr {
		was := from.thr[t]
		if !was.used || was.spawn >= 0 && x.renum[was.spawn] < 0 {
			continue
		}
		spawn := was.spawn
		if spawn >= 0 {
			spawn = x.renum[spawn]
		}
		to.addThread(t, spawn)
		log := to.thr[t]
		for _, id := range was.ev {
			// What is kept of a thread is its beginning.
			if x.renum[id] < 0 || id == w {
				break
			}
			log.ev = append(log.ev, x.renum[id])
		}
	}
}

// renumber makes e name the events of the restricted graph.
func (x *explorer) renumber(e *event) {
	if e.kind == kRead && e.rf >= 0 {
		e.rf = x.renum[e.rf]
	}
}

// listSC finds the SeqCst events anew.
func (g *graph) listSC() {
	g.sc, g.fences = g.sc[:0], 0
	for id := range g.ev {
		if e := &g.ev[id]; e.order == SeqCst {
			g.sc = append(g.sc, int32(id))
			if e.kind == kFence {
				g.fences++
			}
		}
	}
}
