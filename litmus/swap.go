package litmus

import (
	"slices"

	"github.com/fearless-go/fearless/internal/engine"
)

// A swap is the update that is the last operation of a loop that waits: an
// exchange, or another that a second time changes nothing. One
// that finds what it writes, and goes round, has changed nothing: without it
// those who read what it wrote read the same from the write before.
type swap struct {
	Update
	after []Stmt // what follows it in the round, which is local
}

// lastSwap is the update that no other operation follows in body; nil: none.
func lastSwap(body []Stmt) *swap {
	for i := len(body) - 1; i >= 0; i-- {
		switch s := body[i].(type) {
		case Set:
			continue
		case Update:
			if s.settles() && s.At == nil {
				return &swap{s, body[i+1:]}
			}
		case If:
			if local(body[i : i+1]) {
				continue
			}
			for _, part := range [][]Stmt{s.Then, s.Else} {
				if found := lastSwap(part); found != nil {
					found.after = slices.Concat(found.after, body[i+1:])
					return found
				}
			}
		}
		return nil
	}
	return nil
}

func (s *swap) is(u *Update) bool { return s != nil && s.Old == u.Old }

// settles reports whether u, done again, finds what it writes: fetch-or,
// fetch-and, and what adds nothing.
func (u *Update) settles() bool {
	switch u.Op {
	case engine.OpSwap, engine.OpOr, engine.OpAnd:
		return true
	}
	return u.Arg.Op == "" && u.Arg.Num == 0
}

// changed reports whether the update wrote something else than it found.
func (s *swap) changed(regs []int64) bool {
	old, arg := regs[s.Old], s.Arg.eval(regs)
	switch s.Op {
	case engine.OpOr:
		return old|arg != old
	case engine.OpAnd:
		return old&arg != old
	case engine.OpSwap:
		return old != arg
	}
	return false
}

// repeats reports whether the loop goes round when an exchange finds what it writes.
func (s *swap) repeats(cond *Expr, regs []int64) bool {
	if s.Op != engine.OpSwap {
		return false // what it would find is not one value
	}
	regs = slices.Clone(regs)
	regs[s.Old] = s.Arg.eval(regs)
	compute(s.after, regs)
	return cond.eval(regs) != 0
}

// local reports whether body only computes.
func local(body []Stmt) bool {
	for _, s := range body {
		switch s := s.(type) {
		case Set:
		case If:
			if !local(s.Then) || !local(s.Else) {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// compute runs a body that is local.
func compute(body []Stmt, regs []int64) {
	for _, s := range body {
		switch s := s.(type) {
		case Set:
			regs[s.Reg] = s.Expr.eval(regs)
		case If:
			if s.Cond.eval(regs) != 0 {
				compute(s.Then, regs)
			} else {
				compute(s.Else, regs)
			}
		}
	}
}
