package graph

// Maximal reports whether event id would be added again just as it stands to
// the events before it and the prefix of w: it is the latest in coherence
// order among those, or reads from the latest, and none of them reads from it.
func (g *Graph) Maximal(id, w int32, prefix []uint16) bool {
	e := &g.Ev[id]
	previous := func(o int32) bool { return o != w && (o <= id || g.Ev[o].Seen(prefix)) }
	from := id
	switch e.Kind {
	case Choice:
		return e.Choice == 0
	case Write:
		for _, r := range g.Loc[e.Loc].Acc {
			if re := &g.Ev[r]; re.Kind == Read && re.RF == id && previous(r) {
				return false
			}
		}
	case Read:
		if e.Choice != 0 {
			return false
		}
		from = e.RF
		if from >= 0 && !previous(from) {
			return false
		}
	default:
		return true
	}
	l := &g.Loc[e.Loc]
	after := int32(1)
	if from >= 0 {
		after = g.Ev[from].Pos + 1
	}
	for _, o := range l.CO[after:] {
		if previous(o) {
			return false
		}
	}
	return true
}

// A Renumbering is the numbers that the events of a graph have in a part of it; -1: none.
type Renumbering []int32

// Restrict makes g the part of from that a revisit of r by w keeps: what was added up to
// r, and what is before w in porf. The write itself is left out, but has a number: the
// one that it will have when it is added. It uses the memory of renum.
func (g *Graph) Restrict(from *Graph, w, r int32, renum Renumbering) Renumbering {
	g.Reset()
	g.stride = from.stride
	prefix := from.Clock(w, PORF)
	if cap(renum) < len(from.Ev) {
		renum = make([]int32, 2*len(from.Ev))
	}
	renum = renum[:len(from.Ev)]
	// What was there before the read is all kept, and keeps its number.
	kept := r + 1
	size := clocks * from.stride
	g.Ev = append(g.Ev, from.Ev[:kept]...)
	g.clk = append(g.clk, from.clk[:int(kept)*size]...)
	for id := range kept {
		renum[id] = id
	}
	for id := kept; id < w; id++ {
		renum[id] = -1
		if from.Ev[id].Seen(prefix) {
			renum[id] = int32(len(g.Ev))
			g.Ev = append(g.Ev, from.Ev[id])
			g.clk = append(g.clk, from.clk[int(id)*size:int(id+1)*size]...)
		}
	}
	renum[w] = int32(len(g.Ev))
	for id := range g.Ev {
		renum.Rename(&g.Ev[id])
	}
	g.restrictLocations(from, w, renum)
	g.restrictThreads(from, w, renum)
	for _, s := range from.sc {
		if k := renum[s]; k >= 0 && s != w {
			g.sc = append(g.sc, k)
			if g.Ev[k].Kind == Fence {
				g.fences++
			}
		}
	}
	return renum
}

func (g *Graph) restrictLocations(from *Graph, w int32, renum Renumbering) {
	for i := range from.Loc {
		g.ExtendLocations()
		l, was := &g.Loc[i], &from.Loc[i]
		l.Init, l.Name = was.Init, was.Name
		for _, id := range was.Acc {
			if k := renum[id]; k >= 0 && id != w {
				l.Acc = append(l.Acc, k)
				if from.plain > 0 && g.Ev[k].Order == NonAtomic {
					g.plain++
				}
			}
		}
		for _, id := range was.CO[1:] {
			if k := renum[id]; k >= 0 && id != w {
				g.Ev[k].Pos = int32(len(l.CO))
				l.CO = append(l.CO, k)
			}
		}
	}
}

func (g *Graph) restrictThreads(from *Graph, w int32, renum Renumbering) {
	for t := range from.Thr {
		was := from.Thr[t]
		if !was.Used || was.spawn >= 0 && renum[was.spawn] < 0 {
			continue
		}
		spawn := was.spawn
		if spawn >= 0 {
			spawn = renum[spawn]
		}
		g.AddThread(t, spawn)
		log := g.Thr[t]
		for _, id := range was.Ev {
			// What is kept of a thread is its beginning.
			if renum[id] < 0 || id == w {
				break
			}
			log.Ev = append(log.Ev, renum[id])
		}
	}
}

// Rename makes e name the events of the restricted graph.
func (renum Renumbering) Rename(e *Event) {
	if e.Kind == Read && e.RF >= 0 {
		e.RF = renum[e.RF]
	}
}
