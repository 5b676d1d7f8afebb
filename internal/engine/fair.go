package engine

import "slices"

// fair.go looks in a graph of states for cycles that a fair scheduler can go round for
// ever. Fair is strong fairness, and what a busy loop waits for counts like a lock that
// is free: a thread that could go on again and again does so at last. So
//
//   - a thread that changes memory on the cycle goes on: it may do so for ever, even if
//     another order of steps would let it out (two that give way to each other);
//   - one that changes nothing there, as it is blocked, or reads, waits. The cycle is
//     fair to it only if in no state of the cycle it would get out by its own steps
//     alone: a lock that it waits for is never free, what it reads is never there.
//
// A thread that polls under a lock does not starve the one that wants the lock, then,
// nor does a store in a loop keep another thread from its next step. What is not known,
// as a step that was not tried, counts as a way out.

// fairCycles calls try with each largest set of states between which such a cycle goes,
// until it reports true.
func (g *stateGraph) fairCycles(try func(set map[int32]bool) bool) bool {
	all := make(map[int32]bool)
	for i := range g.nodes {
		if !g.nodes[i].unclear {
			all[int32(i)] = true
		}
	}
	return g.fairIn(all, try)
}

func (g *stateGraph) fairIn(within map[int32]bool, try func(map[int32]bool) bool) bool {
	for _, set := range g.components(within) {
		if !g.turns(set) {
			continue
		}
		rest := g.fairStates(set)
		if len(rest) == len(set) {
			if try(set) {
				return true
			}
		} else if g.fairIn(rest, try) {
			return true
		}
	}
	return false
}

// stays calls f with each step from one state of a set to another that is no choice: that
// a choice is always the same is not fair.
func (g *stateGraph) stays(set map[int32]bool, f func(from int32, e *stateEdge)) {
	for _, n := range sortedStates(set) {
		for i := range g.nodes[n].out {
			if e := &g.nodes[n].out[i]; !e.chose && set[e.to] {
				f(n, e)
			}
		}
	}
}

func sortedStates(set map[int32]bool) []int32 {
	list := make([]int32, 0, len(set))
	for n := range set {
		list = append(list, n)
	}
	slices.Sort(list)
	return list
}

// turns reports whether a step stays in the set.
func (g *stateGraph) turns(set map[int32]bool) (found bool) {
	g.stays(set, func(int32, *stateEdge) { found = true })
	return found
}

// changes is the threads that change memory by a step that stays in the set, as bits.
func (g *stateGraph) changes(set map[int32]bool) (threads uint64) {
	g.stays(set, func(from int32, e *stateEdge) {
		if g.nodes[from].memory != g.nodes[e.to].memory {
			threads |= 1 << e.thr
		}
	})
	return threads
}

// fairStates is the states of a set from which no thread that changes nothing in it would
// get out of it alone.
func (g *stateGraph) fairStates(set map[int32]bool) map[int32]bool {
	changing := g.changes(set)
	rest := make(map[int32]bool, len(set))
	for n := range set {
		if !g.leaves(set, n, changing) {
			rest[n] = true
		}
	}
	return rest
}

func (g *stateGraph) leaves(set map[int32]bool, n int32, changing uint64) bool {
	for t := range int32(mostSteered) {
		if changing>>t&1 == 0 && g.nodes[n].enabled>>t&1 != 0 && g.leavesAlone(set, n, t) {
			return true
		}
	}
	return false
}

// leavesAlone reports whether thread t gets out of the set by its own steps.
func (g *stateGraph) leavesAlone(set map[int32]bool, n, t int32) bool {
	for range set { // more steps than states: it goes round
		if g.nodes[n].enabled>>t&1 == 0 {
			return false
		}
		i := slices.IndexFunc(g.nodes[n].out, func(e stateEdge) bool { return e.thr == t })
		if i < 0 {
			return true
		}
		e := &g.nodes[n].out[i]
		if e.chose || !set[e.to] {
			return true
		}
		n = e.to
	}
	return false
}

// components is the strongly connected sets of states within a set (Tarjan).
func (g *stateGraph) components(within map[int32]bool) (list []map[int32]bool) {
	c := componentSearch{g: g, within: within, index: make(map[int32]int32), low: make(map[int32]int32), on: make(map[int32]bool)}
	for _, n := range sortedStates(within) {
		if _, seen := c.index[n]; !seen {
			c.visit(n)
		}
	}
	return c.found
}

type componentSearch struct {
	g          *stateGraph
	within, on map[int32]bool
	index, low map[int32]int32
	stack      []int32
	found      []map[int32]bool
}

func (c *componentSearch) visit(n int32) {
	at := int32(len(c.index))
	c.index[n], c.low[n] = at, at
	c.stack, c.on[n] = append(c.stack, n), true
	for _, e := range c.g.nodes[n].out {
		if e.chose || !c.within[e.to] {
			continue
		}
		if _, seen := c.index[e.to]; !seen {
			c.visit(e.to)
			c.low[n] = min(c.low[n], c.low[e.to])
		} else if c.on[e.to] {
			c.low[n] = min(c.low[n], c.index[e.to])
		}
	}
	if c.low[n] != c.index[n] {
		return
	}
	set := make(map[int32]bool)
	for {
		last := c.stack[len(c.stack)-1]
		c.stack, c.on[last] = c.stack[:len(c.stack)-1], false
		set[last] = true
		if last == n {
			break
		}
	}
	c.found = append(c.found, set)
}
