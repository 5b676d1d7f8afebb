package dpor

// spread makes every alternative a branch that the bound leaves room for: with
// Bound set, each schedule with at most Bound-1 preemptions is explored by itself,
// without any reduction. (One class of schedules has some with few preemptions and
// some with many. To leave out a schedule within the bound because of another of
// its class that was explored, or sleeps, is right only if that one is within the
// bound, too, and so are all that lead there, which neither sleep sets nor wakeup
// trees know of.) So nothing is missed below the bound, by enumeration.
//
// A preemption is when a thread has run that could go on, and another one runs, the
// timer included. What follows the timer is free.
func (x *Dpor) spread() {
	used, last := 0, -1
	for i := range min(len(x.nodes), len(x.events)) {
		n := &x.nodes[i]
		forced := true // nobody is preempted, whoever runs
		if last >= 0 && x.names[last] != 0 {
			op := x.pending(uint8(last), i)
			forced = op < 0 || !x.ops[op].enabled
		}
		if i >= x.base && !n.spread {
			n.spread = true
			end := int32(-1)
			for s := uint8(0); s < x.count; s++ {
				op := x.pending(s, i)
				if op < 0 || !x.ops[op].enabled || !forced && int(s) != last && used+1 >= x.Bound {
					continue
				}
				set := max(x.ops[op].variants, 1)
				for v := uint8(0); v < 64; v++ {
					if set>>v&1 == 0 || s == n.slot && v == n.variant {
						continue
					}
					w := x.make(x.names[s], v)
					if end < 0 {
						n.tree = w
					} else {
						x.wakes[end].next = w
					}
					end = w
				}
			}
		}
		if !forced && int(n.slot) != last {
			used++
		}
		last = int(n.slot)
	}
}
