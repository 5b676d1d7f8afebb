package goroutine

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/fearless-go/fearless/vet/internal/api"
)

// awaited tells whether fn waits, behind the start s, for a message that the
// goroutine gives when it is done: on some way at least, since what leaves
// without it has often given up, like a test that fails.
func awaited(fn *ssa.Function, s Start) bool {
	site := s.Site.(ssa.Instruction)
	target := s.Target()
	if site.Parent() != fn || target == nil || !tells(target) {
		return false
	}
	seen := map[*ssa.BasicBlock]bool{}
	var follow func(b *ssa.BasicBlock, from int) bool
	follow = func(b *ssa.BasicBlock, from int) bool {
		if slices.ContainsFunc(b.Instrs[from:], waits) {
			return true
		}
		for _, next := range b.Succs {
			if !seen[next] {
				seen[next] = true
				if follow(next, 0) {
					return true
				}
			}
		}
		return false
	}
	return follow(site.Block(), slices.Index(site.Block().Instrs, site)+1)
}

// waits tells whether instr may wait for a message of another goroutine.
func waits(instr ssa.Instruction) bool {
	switch x := instr.(type) {
	case *ssa.UnOp:
		return x.Op == token.ARROW
	case *ssa.Select:
		return slices.ContainsFunc(x.States, func(s *ssa.SelectState) bool { return s.Dir == types.RecvOnly })
	case *ssa.Call:
		return IsJoin(&x.Call)
	}
	return false
}

// tells tells whether fn sends, closes or is done behind a call of a function value.
func tells(fn *ssa.Function) bool {
	called := false
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			switch x := instr.(type) {
			case *ssa.Send:
				if called {
					return true
				}
			case ssa.CallInstruction:
				_, deferred := x.(*ssa.Defer)
				call := x.Common()
				builtin, ok := call.Value.(*ssa.Builtin)
				switch {
				case ok && builtin.Name() == "close", api.CalleeOf(call) == api.Func{Pkg: "sync", Recv: "WaitGroup", Name: "Done"}:
					if called || deferred {
						return true
					}
				case !ok && call.StaticCallee() == nil:
					called = true
				}
			}
		}
	}
	return false
}
