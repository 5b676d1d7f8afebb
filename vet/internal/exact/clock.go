package exact

import "slices"

// A clock says, for each thread by index, how much of it is known to have
// happened. Clocks are never changed in place once they are shared.
type clock []int32

func (c clock) at(thread int) int32 {
	if thread < len(c) {
		return c[thread]
	}
	return 0
}

// join returns what c and d know together.
func (c clock) join(d clock) clock {
	grows := false
	for i, n := range d {
		if n > c.at(i) {
			grows = true
			break
		}
	}
	if !grows {
		return c
	}
	out := make(clock, max(len(c), len(d)))
	copy(out, c)
	for i, n := range d {
		out[i] = max(out[i], n)
	}
	return out
}

// acquire: t knows what c knows.
func (t *thread) acquire(c clock) { t.clock = t.clock.join(c) }

// release returns what t knows. What t does from now on is not in it.
func (t *thread) release() clock {
	c := t.clock
	t.clock = slices.Clone(c)
	t.clock[t.index]++
	return c
}
