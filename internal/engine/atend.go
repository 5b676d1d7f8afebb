package engine

import "slices"

// AtEnd has check called when the execution is complete. An error is a failure
// of it.
func (t *Thread) AtEnd(check func() error) { t.e.checks = append(t.e.checks, check) }

// check fails a complete execution that a check of its program finds wrong.
func (e *Engine) check() {
	for _, check := range e.checks {
		if err := check(); err != nil {
			e.cause = err
			e.x.Fail(NotLinearizable, "%v", err)
			return
		}
	}
}

// A Moment is a point between two events of a thread. It is no event itself: the
// execution is as if nobody had asked.
type Moment struct {
	thread, done int32    // after so many of the thread's events
	clock        []uint16 // what happens before it
}

// Moment is where the thread stands.
func (t *Thread) Moment() Moment {
	return Moment{t.id, t.x.G.Thr[t.id].Cur, slices.Clone(t.x.G.ClockNow(t.id))}
}

// Before reports whether m, of another thread than later, happens before it:
// later has in its past an event that comes after m in m's thread.
func (m Moment) Before(later Moment) bool {
	return int(m.thread) < len(later.clock) && int32(later.clock[m.thread]) > m.done
}

// Thread is the number of the thread.
func (m Moment) Thread() int { return int(m.thread) }

// Serial is that of the execution under way, another one for each.
func (t *Thread) Serial() uint64 { return t.e.serial }
