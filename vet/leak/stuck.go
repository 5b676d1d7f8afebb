package leak

import (
	"fmt"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/fearless-go/fearless/vet/internal/api"
	"github.com/fearless-go/fearless/vet/internal/chanflow"
	"github.com/fearless-go/fearless/vet/internal/closed"
	"github.com/fearless-go/fearless/vet/internal/exact"
)

// stuck reports the operations of closed programs that wait for good in some
// execution. It leaves mutexes to the rules guard, lockorder and held, and what
// a caller can still reach to the rest of this rule.
//
// One finding a program is enough: what waits for one another hangs together.
func (r *reporter) stuck(programs *closed.Result) {
	for _, fn := range programs.Programs {
		if r.toldIn(fn) {
			continue
		}
		var first *exact.Stuck
		result := programs.Explored[fn]
		for i, s := range result.Stuck {
			if s.Lock || s.Guessed && !result.Complete || forever(s.Instr) || escapes(fn, s) || !s.All && program(fn) {
				continue
			}
			// The goroutine that was there first says more than those that wait with it.
			if first == nil || s.All && s.Start == nil && !(first.All && first.Start == nil) {
				first = &result.Stuck[i]
			}
		}
		if first == nil {
			continue
		}
		d := analysis.Diagnostic{Pos: chanflow.Op{Instr: first.Instr, State: -1}.Pos(), Category: exact.Confidence(first.Guessed)}
		if first.All {
			d.Message = fmt.Sprintf("%s can wait for good: no other goroutine that %s starts goes on then", waitName(first.Instr), fn.Name())
		} else {
			d.Message = fmt.Sprintf("%s can wait for good: %s and all else that it starts can end, or wait, before it goes on", waitName(first.Instr), fn.Name())
		}
		if first.Start != nil {
			d.Related = []analysis.RelatedInformation{{Pos: first.Start.Pos(), Message: "the goroutine starts here"}}
		}
		r.report(d)
	}
}

// toldIn reports whether there is a finding in fn already.
func (r *reporter) toldIn(fn *ssa.Function) bool {
	syntax := fn.Syntax()
	if syntax == nil {
		return false
	}
	for pos := range r.at {
		if syntax.Pos() <= pos && pos < syntax.End() {
			return true
		}
	}
	return false
}

// escapes reports whether somebody else may end the wait s, when fn has
// returned: by what fn returns, or by a package variable.
func escapes(fn *ssa.Function, s exact.Stuck) bool {
	if s.Known {
		return true
	}
	if s.All {
		return false
	}
	for v := range fn.Signature.Results().Variables() {
		if _, basic := v.Type().Underlying().(*types.Basic); !basic && !types.Identical(v.Type(), types.Universe.Lookup("error").Type()) {
			return true
		}
	}
	return false
}

// forever reports whether instr says that it waits for good: it is a select
// without cases, or a receive from a channel that has no name.
func forever(instr ssa.Instruction) bool {
	switch x := instr.(type) {
	case *ssa.Select:
		return len(x.States) == 0
	case *ssa.UnOp:
		made, ok := x.X.(*ssa.MakeChan)
		return ok && len(*made.Referrers()) == 1
	}
	return false
}

// waitName names what waits at instr.
func waitName(instr ssa.Instruction) string {
	switch x := instr.(type) {
	case *ssa.Send:
		return "this send"
	case *ssa.UnOp:
		if x.Op == token.ARROW {
			return "this receive"
		}
	case *ssa.Select:
		return "this select"
	case ssa.CallInstruction:
		if name := api.CalleeOf(x.Common()); name.Recv != "" {
			return "this call of " + name.Recv + "." + name.Name
		}
	}
	return "this"
}
