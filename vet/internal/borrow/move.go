package borrow

import (
	"go/token"

	"golang.org/x/tools/go/ssa"

	"github.com/fearless-go/fearless/vet/internal/api"
	"github.com/fearless-go/fearless/vet/internal/lockset"
)

// A Move is a call that uses up its owner, which must not be used afterwards.
type Move struct {
	Call  ssa.CallInstruction
	Owner lockset.Path
	Func  api.Func
	// Deferred says that it happens when the function returns.
	Deferred bool
	// From is the first instruction at which the owner is gone.
	From ssa.Instruction
}

// moves are the methods that use up their receiver.
var moves = map[api.Func]bool{
	{Pkg: api.Lock, Recv: "Guard", Name: "Unlock"}:              true,
	{Pkg: api.Lock, Recv: "ReadGuard", Name: "Unlock"}:          true,
	{Pkg: api.Lock, Recv: "WriteGuard", Name: "Unlock"}:         true,
	{Pkg: api.Lock, Recv: "WriteGuard", Name: "Downgrade"}:      true,
	{Pkg: api.Lock, Recv: "UpgradableGuard", Name: "Unlock"}:    true,
	{Pkg: api.Lock, Recv: "UpgradableGuard", Name: "Upgrade"}:   true,
	{Pkg: api.Lock, Recv: "UpgradableGuard", Name: "Downgrade"}: true,
	{Pkg: api.Lock, Recv: "Mutex", Name: "IntoInner"}:           true,
	{Pkg: api.Lock, Recv: "RWLock", Name: "IntoInner"}:          true,
	{Pkg: api.Cell, Recv: "Ref", Name: "Release"}:               true,
	{Pkg: api.Cell, Recv: "RefMut", Name: "Release"}:            true,
	{Pkg: api.Arc, Recv: "Arc", Name: "Drop"}:                   true,
	{Pkg: api.Arc, Recv: "Arc", Name: "TryUnwrap"}:              true,
	{Pkg: api.Arc, Recv: "Arc", Name: "IntoInner"}:              true,
	{Pkg: api.Arc, Recv: "Weak", Name: "Drop"}:                  true,
	{Pkg: api.Rc, Recv: "Rc", Name: "Drop"}:                     true,
	{Pkg: api.Rc, Recv: "Rc", Name: "TryUnwrap"}:                true,
	{Pkg: api.Rc, Recv: "Rc", Name: "IntoInner"}:                true,
	{Pkg: api.Rc, Recv: "Weak", Name: "Drop"}:                   true,
	{Pkg: api.Thread, Recv: "JoinHandle", Name: "Join"}:         true,
	{Pkg: api.Thread, Recv: "ScopedJoinHandle", Name: "Join"}:   true,
}

// Moves returns the calls in fn that use up a guard, borrow, handle or owner.
func Moves(fn *ssa.Function) []Move {
	var out []Move
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			site, ok := instr.(ssa.CallInstruction)
			if !ok {
				continue
			}
			if _, ok := instr.(*ssa.Go); ok {
				continue
			}
			f := api.CalleeOf(site.Common())
			if !moves[f] {
				continue
			}
			m := Move{Call: site, Func: f, Owner: Of(lockset.Args(site.Common())[0]), From: instr}
			_, m.Deferred = instr.(*ssa.Defer)
			if f.Name == "TryUnwrap" {
				m.From = success(site)
			}
			if m.Owner.Known() && m.From != nil {
				out = append(out, m)
			}
		}
	}
	return out
}

// success returns the first instruction that runs only if site's second
// result is true, or nil.
func success(site ssa.CallInstruction) ssa.Instruction {
	call, ok := site.(*ssa.Call)
	if !ok {
		return nil
	}
	for _, ref := range *call.Referrers() {
		e, ok := ref.(*ssa.Extract)
		if !ok || e.Index != 1 {
			continue
		}
		for _, use := range *e.Referrers() {
			yes := 0
			if not, ok := use.(*ssa.UnOp); ok && not.Op == token.NOT && len(*not.Referrers()) == 1 {
				use, yes = (*not.Referrers())[0], 1
			}
			if branch, ok := use.(*ssa.If); ok {
				if succ := branch.Block().Succs[yes]; len(succ.Preds) == 1 {
					return succ.Instrs[0]
				}
			}
		}
	}
	return nil
}
