package engine

// race finds two accesses of the graph that conflict, one of them non-atomic,
// where neither happens before the other.
func (g *graph) race() (a, b int32, found bool) {
	if g.plain == 0 {
		return 0, 0, false
	}
	for i := range g.loc {
		acc := g.loc[i].acc
		for k, b := range acc {
			for _, a := range acc[:k] {
				ea, eb := &g.ev[a], &g.ev[b]
				if (ea.kind == kWrite || eb.kind == kWrite) &&
					(ea.order == NonAtomic || eb.order == NonAtomic) && ea.thr != eb.thr &&
					!g.hb(a, b) && !g.hb(b, a) {
					return a, b, true
				}
			}
		}
	}
	return 0, 0, false
}
