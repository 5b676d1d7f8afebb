package strategy

// POS is partial order sampling (Yuan, Yang, Gu: "Partial order aware
// concurrency sampling", CAV 2018). Every pending operation has a random
// priority and the highest runs; then the operations that raced with it draw
// anew. Schedules that differ only in the order of independent operations are
// so counted about once.
type POS struct {
	rand     RandomSource
	priority []uint64 // by ID
	done     []uint32 // by ID: the point that the priority was drawn for
	last     uint32
	run      uint32
}

// Begin starts the schedule of s.Seed.
func (s *POS) Begin(spec Spec) {
	s.rand = RandomSource(spec.Seed)
	s.priority, s.done = s.priority[:0], s.done[:0]
	s.last, s.run = 0, 0
}

// Pick returns the pending operation of the highest priority.
func (s *POS) Pick(p *Point) int {
	best, bestOf := 0, uint64(0)
	for i := range p.Threads {
		t := &p.Threads[i]
		for uint32(len(s.priority)) <= t.ID {
			s.priority = append(s.priority, s.rand.Next())
			s.done = append(s.done, 0)
		}
		if s.done[t.ID] != t.Done {
			s.done[t.ID] = t.Done
			s.priority[t.ID] = s.rand.Next()
		}
		of := s.priority[t.ID]
		if i == p.Current && (t.Op == OpYield || t.ID == s.last && s.run > unfairAfter) && len(p.Threads) > 1 {
			of = 0
			s.run = 0
		}
		if of >= bestOf {
			best, bestOf = i, of
		}
	}
	chosen := &p.Threads[best]
	if chosen.ID == s.last && waits(chosen.Op) {
		s.run++
	} else {
		s.last, s.run = chosen.ID, 0
	}
	for i := range p.Threads {
		if i != best && dependent(chosen, &p.Threads[i]) {
			s.priority[p.Threads[i].ID] = s.rand.Next()
		}
	}
	return best
}

// dependent reports whether the order of the two operations may matter.
func dependent(a, b *Thread) bool {
	if a.Op == OpSelect || b.Op == OpSelect || a.Op == OpTimer || b.Op == OpTimer {
		return true
	}
	if a.Addr == 0 || b.Addr == 0 || a.Addr != b.Addr {
		return false
	}
	return a.Op != OpRead || b.Op != OpRead
}
