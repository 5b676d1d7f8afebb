package litmus

import (
	"slices"

	"github.com/fearless-go/fearless/internal/engine"
)

// A swap is the exchange that is the last operation of a loop that waits. One
// that finds what it writes, and goes round, has changed nothing: without it
// those who read what it wrote read the same from the write before.
type swap struct {
	Update
	after []Stmt // what follows it in the round, which is local
}

// lastSwap is the exchange that no other operation follows in body; nil: none.
func lastSwap(body []Stmt) *swap {
	for i := len(body) - 1; i >= 0; i-- {
		switch s := body[i].(type) {
		case Set:
			continue
		case Update:
			if s.Op == engine.OpSwap && s.At == nil {
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

// changed reports whether the exchange wrote something else than it found.
func (s *swap) changed(regs []int64) bool { return regs[s.Old] != s.Arg.eval(regs) }

// repeats reports whether the loop goes round when the exchange finds what it writes.
func (s *swap) repeats(cond *Expr, regs []int64) bool {
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
