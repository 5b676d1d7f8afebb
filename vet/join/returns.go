package join

import (
	"go/token"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/fearless-go/fearless/vet/internal/api"
	"github.com/fearless-go/fearless/vet/internal/goroutine"
)

// returns reports goroutines that main starts and that its return ends.
func returns(pass *analysis.Pass, starts *goroutine.Result, main *ssa.Function) {
	for _, s := range starts.In(main) {
		if s.Joined || s.Group != nil || s.Via != (api.Func{}) && s.Via.Pkg != api.Thread {
			continue
		}
		if s.Handle != nil && s.Handle.Referrers() != nil && len(*s.Handle.Referrers()) > 0 {
			continue
		}
		if s.Handle != nil {
			continue // dropped says so
		}
		if !straight(s.Site) {
			continue
		}
		pass.Report(analysis.Diagnostic{
			Pos:     s.Pos(),
			Message: "main returns without waiting for the goroutine that it starts here: the program ends and the goroutine with it",
		})
	}
}

// straight reports whether every path from site to main's return only
// computes and prints: then nothing can wait for the goroutine.
func straight(site ssa.CallInstruction) bool {
	fn := site.Parent()
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if d, ok := instr.(*ssa.Defer); ok && !harmless(&d.Call) {
				return false
			}
		}
	}
	seen := map[*ssa.BasicBlock]bool{}
	returned := false
	var follow func(b *ssa.BasicBlock, from int) bool
	follow = func(b *ssa.BasicBlock, from int) bool {
		for _, instr := range b.Instrs[from:] {
			switch instr := instr.(type) {
			case *ssa.Call:
				if !harmless(&instr.Call) {
					return false
				}
			case *ssa.Select, *ssa.Send:
				return false
			case *ssa.UnOp:
				if instr.Op == token.ARROW {
					return false
				}
			case *ssa.Return:
				returned = true
			}
		}
		for _, succ := range b.Succs {
			if !seen[succ] {
				seen[succ] = true
				if !follow(succ, 0) {
					return false
				}
			}
		}
		return true
	}
	i := slices.Index(site.Block().Instrs, site.(ssa.Instruction))
	return follow(site.Block(), i+1) && returned
}

// harmless reports whether call returns soon and waits for nobody.
func harmless(call *ssa.CallCommon) bool {
	if _, ok := call.Value.(*ssa.Builtin); ok {
		return true
	}
	switch f := api.CalleeOf(call); f.Pkg {
	case "fmt":
		return strings.HasPrefix(f.Name, "Print") || strings.HasPrefix(f.Name, "Sprint")
	case "log":
		return strings.HasPrefix(f.Name, "Print")
	case "strings", "strconv", "errors", "math", "sort", "slices", "maps":
		return true
	case api.Thread:
		return f.Name == "Go" || f.Name == "Spawn"
	}
	return false
}
