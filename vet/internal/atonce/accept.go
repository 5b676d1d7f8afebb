package atonce

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/fearless-go/fearless/vet/internal/api"
	"github.com/fearless-go/fearless/vet/internal/goroutine"
	"github.com/fearless-go/fearless/vet/internal/lockset"
	"github.com/fearless-go/fearless/vet/internal/unserved"
)

// accepted finds what the goroutine that instr starts for a connection writes:
// in a loop that accepts one connection after the other, with those before still
// open, two of these goroutines run at once. Package net tells of no order
// between two connections.
func (f *finder) accepted(fn *ssa.Function, instr ssa.Instruction) {
	start, ok := instr.(*ssa.Go)
	if !ok {
		return
	}
	loop := acceptLoop(start)
	target := api.Target(start.Call.Value)
	if loop == nil || target == nil || target.Pkg != fn.Pkg || len(target.Blocks) == 0 || waitsIn(loop) {
		return
	}
	fresh := func(v ssa.Value) bool { // for each connection
		if load, ok := v.(*ssa.UnOp); ok && loop[load.Block()] {
			if only := lockset.OnlyStore(load.X); only != nil {
				v = only
			}
		}
		made, ok := v.(ssa.Instruction)
		return ok && loop[made.Block()]
	}
	self := receiver(target)
	if self != nil && fresh(start.Call.Args[0]) {
		self = nil
	}
	for _, a := range accesses(target, self, maxCalls, map[*ssa.Function]bool{}, func(ssa.Instruction) bool { return true }) {
		if a.Write && !f.own(a, target) && !(a.place.variable != nil && fresh(a.place.variable)) {
			f.add(Finding{A: a, B: a, Evidence: "a goroutine is started for each connection that is accepted", At: start.Pos()})
		}
	}
}

// acceptLoop is the innermost loop around start that accepts connections, or nil.
func acceptLoop(start *ssa.Go) map[*ssa.BasicBlock]bool {
	var found map[*ssa.BasicBlock]bool
	for _, l := range unserved.LoopsAround(start) {
		if found != nil && len(l) >= len(found) {
			continue
		}
		for b := range l {
			for _, instr := range b.Instrs {
				if call, ok := instr.(*ssa.Call); ok && accepts(&call.Call) && b.Dominates(start.Block()) {
					found = l
				}
			}
		}
	}
	return found
}

// accepts reports whether call is Accept of a net.Listener, or of a type that is
// one but for what its connections are.
func accepts(call *ssa.CallCommon) bool {
	m := api.Callee(call)
	if m == nil || m.Name() != "Accept" && m.Name() != "AcceptTCP" && m.Name() != "AcceptUnix" || m.Signature().Recv() == nil {
		return false
	}
	recv := api.Receiver(call).Type()
	for _, name := range []string{"Close", "Addr"} {
		obj, _, _ := types.LookupFieldOrMethod(recv, true, nil, name)
		if _, ok := obj.(*types.Func); !ok {
			return false
		}
	}
	results := m.Signature().Results()
	return results.Len() == 2 && types.Identical(results.At(1).Type(), types.Universe.Lookup("error").Type())
}

// waitsIn reports whether the loop waits for more than a connection: then it may
// wait for the goroutines that it has started.
func waitsIn(loop map[*ssa.BasicBlock]bool) bool {
	for b := range loop {
		for _, instr := range b.Instrs {
			switch x := instr.(type) {
			case *ssa.Send:
				return true
			case *ssa.Select:
				if x.Blocking {
					return true
				}
			case *ssa.UnOp:
				if x.Op == token.ARROW {
					return true
				}
			case *ssa.Call:
				if goroutine.IsJoin(&x.Call) {
					return true
				}
			}
		}
	}
	return false
}
