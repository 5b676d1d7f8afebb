package dpor

// DporStats says how far an exploration has come.
type DporStats struct {
	Executions int     // ended, cut ones among them
	Blocked    int     // abandoned, for what followed had been explored
	Cut        int     // ended at a limit: if there is one, the exploration is not complete
	Depth      int     // events of the longest execution
	Done       float64 // share of the exploration that is done, an estimate that does not go back: see weigh
	Schedules  float64 // how many schedules the executions stand for, at least
	Over       bool    // Begin has found nothing left
}

// Complete reports whether every class of executions has been explored.
func (s DporStats) Complete() bool { return s.Over && s.Cut == 0 }

// Stats returns how far the exploration has come.
func (x *Dpor) Stats() DporStats {
	s := x.stats
	if x.over {
		s.Done = 1
	}
	s.Over = x.over && x.state == dporIdle
	if x.incomplete {
		s.Cut = max(s.Cut, 1)
	}
	return s
}

// extensions returns a lower bound of the number of schedules that the execution
// stands for: its events can be ordered in at least n! / Π u ways, where u is the
// number of events that happen before an event, itself included (exact
// when the order is a forest: Knuth; a lower bound in general: Björner and
// Wachs).
func (x *Dpor) extensions() float64 {
	n, product := 0, 1.0
	for i := range x.events {
		e := &x.events[i]
		if e.turn != 0 {
			continue
		}
		n++
		down := int32(0)
		for _, c := range x.clock(int32(i)) {
			down += c
		}
		product *= float64(n) / float64(down)
	}
	return product
}
