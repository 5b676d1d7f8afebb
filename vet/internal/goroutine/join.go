package goroutine

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/fearless-go/fearless/vet/internal/api"
)

// joinsBeforeReturn tells whether fn waits for the group of s, which is
// its own, on every path to a return that follows s.
func joinsBeforeReturn(fn *ssa.Function, s Start) bool {
	if s.Site.Parent() != fn {
		return false
	}
	if _, local := s.Group.(*ssa.Alloc); !local {
		return false
	}
	waits := func(b *ssa.BasicBlock, from int) bool {
		for _, instr := range b.Instrs[from:] {
			if c, ok := instr.(*ssa.Call); ok && IsJoin(&c.Call) && api.Receiver(&c.Call) == s.Group {
				return true
			}
		}
		return false
	}
	seen := map[*ssa.BasicBlock]bool{}
	var all func(b *ssa.BasicBlock, from int) bool
	all = func(b *ssa.BasicBlock, from int) bool {
		if waits(b, from) {
			return true
		}
		if seen[b] {
			return true
		}
		seen[b] = true
		if len(b.Succs) == 0 {
			_, returns := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
			return !returns
		}
		for _, next := range b.Succs {
			if !all(next, 0) {
				return false
			}
		}
		return true
	}
	b := s.Site.Block()
	return all(b, slices.Index(b.Instrs, s.Site.(ssa.Instruction))+1)
}

var joins = map[api.Func]bool{
	{Pkg: "sync", Recv: "WaitGroup", Name: "Wait"}:                   true,
	{Pkg: errgroup, Recv: "Group", Name: "Wait"}:                     true,
	{Pkg: conc, Recv: "WaitGroup", Name: "Wait"}:                     true,
	{Pkg: conc, Recv: "WaitGroup", Name: "WaitAndRecover"}:           true,
	{Pkg: conc + "/pool", Recv: "Pool", Name: "Wait"}:                true,
	{Pkg: conc + "/pool", Recv: "ErrorPool", Name: "Wait"}:           true,
	{Pkg: conc + "/pool", Recv: "ContextPool", Name: "Wait"}:         true,
	{Pkg: conc + "/pool", Recv: "ResultPool", Name: "Wait"}:          true,
	{Pkg: conc + "/pool", Recv: "ResultErrorPool", Name: "Wait"}:     true,
	{Pkg: conc + "/pool", Recv: "ResultContextPool", Name: "Wait"}:   true,
	{Pkg: conc + "/stream", Recv: "Stream", Name: "Wait"}:            true,
	{Pkg: api.Thread, Recv: "JoinHandle", Name: "Join"}:              true,
	{Pkg: api.Thread, Recv: "JoinHandle", Name: "JoinTimeout"}:       true,
	{Pkg: api.Thread, Recv: "JoinHandle", Name: "JoinContext"}:       true,
	{Pkg: api.Thread, Recv: "ScopedJoinHandle", Name: "Join"}:        true,
	{Pkg: api.Thread, Recv: "ScopedJoinHandle", Name: "JoinTimeout"}: true,
	{Pkg: api.Thread, Recv: "ScopedJoinHandle", Name: "JoinContext"}: true,
}

// IsJoin tells whether call waits until goroutines have finished: those of
// the group or the handle that is its receiver.
func IsJoin(call *ssa.CallCommon) bool { return joins[api.CalleeOf(call)] }

// ScopeBody is the function that call, of thread.Scope or ScopeContext, runs
// and whose goroutines it joins before it returns; nil for any other call.
func ScopeBody(call *ssa.CallCommon) ssa.Value {
	switch api.CalleeOf(call) {
	case api.Func{Pkg: api.Thread, Name: "Scope"}:
		return call.Args[0]
	case api.Func{Pkg: api.Thread, Name: "ScopeContext"}:
		return call.Args[1]
	}
	return nil
}
