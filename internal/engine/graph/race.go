package graph

// Race finds two accesses of the graph that conflict, one of them non-atomic,
// where neither happens before the other.
func (g *Graph) Race() (a, b int32, found bool) {
	if g.plain == 0 {
		return 0, 0, false
	}
	for i := range g.Loc {
		acc := g.Loc[i].Acc
		for k, b := range acc {
			for _, a := range acc[:k] {
				ea, eb := &g.Ev[a], &g.Ev[b]
				if (ea.Kind == Write || eb.Kind == Write) &&
					(ea.Order == NonAtomic || eb.Order == NonAtomic) && ea.Thr != eb.Thr &&
					!g.HB(a, b) && !g.HB(b, a) {
					return a, b, true
				}
			}
		}
	}
	return 0, 0, false
}
