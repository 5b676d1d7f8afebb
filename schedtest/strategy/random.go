package strategy

// RandomWalk picks uniformly among all that can run, at every point. The
// chance of a schedule falls with its length, but no schedule is left out, and
// no goroutine starves.
type RandomWalk struct {
	rand RandomSource
}

// Begin starts the schedule of s.Seed.
func (r *RandomWalk) Begin(s Spec) { r.rand = RandomSource(s.Seed) }

// Pick returns each index with the same chance.
func (r *RandomWalk) Pick(p *Point) int {
	return int(r.rand.Below(uint64(len(p.Threads))))
}
