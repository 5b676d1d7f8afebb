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
	after []Stmt // the Sets that follow it in the round
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
	for _, after := range s.after {
		set := after.(Set)
		regs[set.Reg] = set.Expr.eval(regs)
	}
	return cond.eval(regs) != 0
}
