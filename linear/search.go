package linear

import "slices"

// mostStates is how many states of the search it goes through before it gives up.
var mostStates = 1 << 20

// A searcher looks for an order of operations, as Wing and Gong do: take one that
// nothing left comes before, if the specification allows its result, and go on with
// the rest. That no rest is looked at twice in the same state is Lowe's addition
// ("Testing for linearizability", 2017).
type searcher struct {
	rules  *rules
	ops    []*operation
	before [][]int // for each operation, those that come before it
	done   []byte  // 1: taken; a string of it is the key of seen
	left   int     // operations that have returned and are not taken
	seen   map[string][]any
	states int
	most   int // operations taken on the longest way
}

// search judges operations whose order is before. given says in words what that is.
func (l *log) search(ops []*operation, before func(a, b *operation) bool, given string) error {
	s := &searcher{rules: l.rules, ops: ops, done: make([]byte, len(ops)), seen: make(map[string][]any)}
	s.before = predecessors(ops, before)
	for _, o := range ops {
		if !o.pending {
			s.left++
		}
	}
	switch found := s.from(l.rules.init(), 0); {
	case found:
		return nil
	case s.states > mostStates:
		return &UndecidedError{l.rules.name, len(ops), "a million states"}
	}
	return newViolation(l.rules.name, ops, s.before, s.most, given)
}

func predecessors(ops []*operation, before func(a, b *operation) bool) [][]int {
	list := make([][]int, len(ops))
	for j, b := range ops {
		for i, a := range ops {
			if i != j && before(a, b) {
				list[j] = append(list[j], i)
			}
		}
	}
	return list
}

// from reports whether the operations that are left have an order from the state on.
func (s *searcher) from(state any, taken int) bool {
	if s.most = max(s.most, taken); s.left == 0 {
		return true
	}
	if s.states++; s.states > mostStates {
		return false
	}
	key := string(s.done)
	for _, other := range s.seen[key] {
		if s.rules.equal(state, other) {
			return false
		}
	}
	s.seen[key] = append(s.seen[key], state)
	for i, o := range s.ops {
		if s.done[i] != 0 || slices.ContainsFunc(s.before[i], func(p int) bool { return s.done[p] == 0 }) {
			continue
		}
		for _, next := range s.rules.after(state, o) {
			s.take(i, 1)
			found := s.from(next, taken+1)
			s.take(i, 0)
			if found {
				return true
			}
		}
	}
	return false
}

func (s *searcher) take(i int, as byte) {
	s.done[i] = as
	if !s.ops[i].pending {
		s.left += 1 - 2*int(as)
	}
}
