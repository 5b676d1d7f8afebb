package strategy

// PCT is probabilistic concurrency testing (Burckhardt, Kothari, Musuvathi,
// Nagarakatte: "A randomized scheduler with probabilistic guarantees of finding
// bugs", ASPLOS 2010). Every goroutine has a random priority and the highest
// one that can run does; at d-1 random steps the running one falls to the
// bottom. A bug of depth d among n goroutines and k steps is hit by a schedule
// with a chance of at least 1/(n·k^(d-1)).
//
// Two departures keep programs alive that wait by spinning: a goroutine that
// yields, or that has run alone for long, falls to the bottom too. After as many
// steps as the run is thought to have, but not before 20,000, a controlled run
// goes on with RandomWalk, which is fair.
type PCT struct {
	rand     RandomSource
	priority []uint64 // by ID
	low      uint64   // the lowest priority given so far
	change   [maxDepth]uint64
	changes  int
	last     uint32
	run      uint32
}

const maxDepth = 16

// Begin draws the change points of the schedule.
func (s *PCT) Begin(spec Spec) {
	s.rand = RandomSource(spec.Seed)
	s.priority = s.priority[:0]
	s.low = 1 << 32
	s.last, s.run = 0, 0
	s.changes = min(max(int(spec.Depth), 1)-1, maxDepth)
	length := uint64(max(spec.Length, 8))
	for i := range s.changes {
		s.change[i] = s.rand.Below(length)
	}
}

// Pick returns the goroutine of the highest priority.
func (s *PCT) Pick(p *Point) int {
	for i := range p.Threads {
		s.of(p.Threads[i].ID)
	}
	if p.Current >= 0 {
		cur := p.Threads[p.Current].ID
		fall := p.Threads[p.Current].Op == OpYield
		for i := range s.changes {
			if s.change[i] <= p.Step {
				fall = true
				s.change[i] = ^uint64(0)
			}
		}
		if cur == s.last && waits(p.Threads[p.Current].Op) {
			s.run++
		} else {
			s.last, s.run = cur, 0
		}
		if s.run > unfairAfter {
			s.run = 0
			fall = true
		}
		if fall {
			s.low--
			s.priority[cur] = s.low
		}
	}
	best := 0
	for i := range p.Threads {
		if s.of(p.Threads[i].ID) > s.of(p.Threads[best].ID) {
			best = i
		}
	}
	return best
}

// of returns id's priority, drawn when it is first seen: above all that fell.
func (s *PCT) of(id uint32) uint64 {
	for uint32(len(s.priority)) <= id {
		s.priority = append(s.priority, 1<<32+s.rand.Next()>>1)
	}
	return s.priority[id]
}
