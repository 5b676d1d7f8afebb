package channel

import (
	"fmt"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/fearless-go/fearless/vet/internal/api"
	"github.com/fearless-go/fearless/vet/internal/goroutine"
	"github.com/fearless-go/fearless/vet/internal/lockset"
)

// lateLog reports goroutines of the test fn that log to it, and that it does
// not wait for: testing panics when they do so after its end.
func (r *reporter) lateLog(fn *ssa.Function, starts *goroutine.Result) {
	if len(fn.Params) != 1 || api.TypeOf(fn.Params[0].Type()).Pkg != "testing" || fn.Signature.Recv() != nil {
		return
	}
	for _, s := range starts.In(fn) {
		target := s.Target()
		if s.Via != (api.Func{}) || target == nil || !straight(s.Site) {
			continue
		}
		log := logs(target)
		if log == nil {
			continue
		}
		r.report(analysis.Diagnostic{
			Pos: log.Pos(),
			Message: fmt.Sprintf("%s returns without waiting for this goroutine, started at %s: to log to a test that is over panics",
				fn.Name(), lockset.Position(r.pass, s.Pos())),
			Related: []analysis.RelatedInformation{{Pos: s.Pos(), Message: "started here"}},
		})
	}
}

// logs returns a call in fn that reports to a test, or nil.
func logs(fn *ssa.Function) *ssa.Call {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			call, ok := instr.(*ssa.Call)
			if !ok {
				continue
			}
			f := api.CalleeOf(&call.Call)
			if f.Pkg == "testing" && slices.Contains([]string{"Log", "Logf", "Error", "Errorf", "Fatal", "Fatalf", "Skip", "Skipf"}, f.Name) {
				return call
			}
		}
	}
	return nil
}

// straight reports whether fn comes to its end from site on without anything
// that may wait for a goroutine: what it calls only computes and prints.
func straight(site ssa.CallInstruction) bool {
	fn := site.Parent()
	if fn.Recover != nil {
		return false // what is deferred may wait
	}
	seen := map[*ssa.BasicBlock]bool{}
	returned := false
	var follow func(b *ssa.BasicBlock, from int) bool
	follow = func(b *ssa.BasicBlock, from int) bool {
		for _, instr := range b.Instrs[from:] {
			switch x := instr.(type) {
			case *ssa.Return:
				returned = true
			case *ssa.Select, *ssa.Send:
				return false
			case *ssa.Call:
				if !computes(&x.Call) {
					return false
				}
			default:
				if len(receives(instr)) > 0 {
					return false
				}
			}
		}
		for _, next := range b.Succs {
			if !seen[next] {
				seen[next] = true
				if !follow(next, 0) {
					return false
				}
			}
		}
		return true
	}
	return follow(site.Block(), slices.Index(site.Block().Instrs, site.(ssa.Instruction))+1) && returned
}

// computes reports whether call waits for no goroutine.
func computes(call *ssa.CallCommon) bool {
	if _, ok := call.Value.(*ssa.Builtin); ok {
		return true
	}
	switch f := api.CalleeOf(call); f.Pkg {
	case "fmt":
		return strings.HasPrefix(f.Name, "Print") || strings.HasPrefix(f.Name, "Sprint") || f.Name == "Errorf"
	case "strings", "strconv", "errors", "math", "sort", "slices", "maps", "bytes":
		return true
	case "testing":
		return f.Name != "Run" && f.Name != "Cleanup"
	}
	return false
}
