package strategy

// Switches replays a schedule that is written down: KindFirst's rule, except
// where a Switch says otherwise. Switches stand at a goroutine's own count of
// scheduling points, so that taking one away leaves the meaning of the others.
type Switches struct {
	rule    firstThread
	List    []Switch
	Choices []Switch

	// How many timers have fired at one place: as many of its switches are spent.
	from, at uint32
	fired    int
}

// Choose returns what Choices says about the choice number at of a goroutine,
// or 0. There, From is the goroutine, At the number of its choice, from 1, and
// To what was chosen, as a distance from what the seed's random numbers choose.
func (s *Switches) Choose(id, at uint32) uint32 {
	for i := range s.Choices {
		if s.Choices[i].From == id && s.Choices[i].At == at {
			return s.Choices[i].To
		}
	}
	return 0
}

// A Switch says: when goroutine From has run last and is at At, To runs. At is
// twice the number of the scheduling point before which From stands, and one
// more when From has gone on from there and has blocked or ended.
type Switch struct {
	From uint32
	At   uint32
	To   uint32
}

// Begin starts from the first switch.
func (s *Switches) Begin(spec Spec) {
	s.rule.Begin(spec)
	s.fired = 0
}

// Pick follows the list where it applies to the goroutine that ran last. When timers
// fire, that one stands where it stood: so each switch to the timer counts once,
// and comes before one to a goroutine, which leads away from there.
func (s *Switches) Pick(p *Point) int {
	at := 2 * p.LastDone
	if p.Current < 0 {
		at++
	}
	if s.from != p.Last || s.at != at {
		s.from, s.at, s.fired = p.Last, at, 0
	}
	spent, found := s.fired, -1
	for i := range s.List {
		w := &s.List[i]
		if w.From != p.Last || w.At != at {
			continue
		}
		if w.To == TimerID && spent > 0 {
			spent--
			continue
		}
		if found >= 0 && w.To != TimerID {
			continue
		}
		for j := range p.Threads {
			if p.Threads[j].ID == w.To {
				found = j
				break
			}
		}
		if w.To == TimerID && found >= 0 && p.Threads[found].ID == TimerID {
			break
		}
	}
	if found < 0 {
		return s.rule.pick(p)
	}
	if p.Threads[found].ID == TimerID {
		s.fired++
	}
	s.rule.run = 0
	switchTaken()
	return found
}

// switchTaken is where a debugger stops before a switch of the list.
//
//go:noinline
func switchTaken() {}

// A Recorder tells which picks of another strategy a list of switches needs.
type Recorder struct {
	rule firstThread
}

// Begin starts a schedule.
func (r *Recorder) Begin() { r.rule.run = 0 }

// Record sees the pick of each decision in turn, and reports whether it
// differs from what Switches does when no switch applies.
func (r *Recorder) Record(p *Point, pick int) bool {
	if r.rule.pick(p) == pick {
		return false
	}
	r.rule.run = 0
	return true
}
