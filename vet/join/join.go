package join

import (
	_ "embed"
	"fmt"
	"go/token"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/fearless-go/fearless/vet/internal/api"
	"github.com/fearless-go/fearless/vet/internal/buildssa"
	"github.com/fearless-go/fearless/vet/internal/goroutine"
	"github.com/fearless-go/fearless/vet/internal/lockset"
	"github.com/fearless-go/fearless/vet/internal/rule"
)

//go:embed doc.go
var doc string

// Rule describes the analyzer.
var Rule = rule.Parse(doc)

// Analyzer reports goroutines that are not waited for.
var Analyzer = Rule.Analyzer(&analysis.Analyzer{
	Requires: []*analysis.Analyzer{buildssa.Analyzer, goroutine.Analyzer},
	Run:      run,
})

func run(pass *analysis.Pass) (any, error) {
	prog := pass.ResultOf[buildssa.Analyzer].(*buildssa.SSA)
	starts := pass.ResultOf[goroutine.Analyzer].(*goroutine.Result)
	seen, told := map[token.Pos]bool{}, map[token.Pos]bool{}
	for _, fn := range prog.SrcFuncs {
		for _, s := range starts.In(fn) {
			dropped(pass, s)
			if seen[s.Pos()] {
				continue
			}
			seen[s.Pos()] = true
			if target := s.Target(); target != nil && s.Via == (api.Func{}) {
				group(pass, prog, s, target, told)
			}
		}
		if fn.Name() == "main" && fn.Parent() == nil && pass.Pkg.Name() == "main" && fn.Signature.Recv() == nil {
			returns(pass, starts, fn)
		}
	}
	return nil, nil
}

// dropped reports a thread whose handle is not kept. The threads of a scope
// need none: the scope joins them.
func dropped(pass *analysis.Pass, s goroutine.Start) {
	call, ok := s.Handle.(*ssa.Call)
	if !ok || s.Group != nil || s.Via.Pkg != api.Thread {
		return
	}
	for _, ref := range *call.Referrers() {
		if e, ok := ref.(*ssa.Extract); ok && (e.Index != 0 || len(*e.Referrers()) == 0) {
			continue // the error of SpawnWith
		}
		return
	}
	pass.Report(analysis.Diagnostic{
		Pos: call.Pos(),
		Message: fmt.Sprintf("the JoinHandle of this thread is dropped: nobody can wait for it or learn that it panicked; keep what %s returns and call Join",
			s.Via),
	})
}

// group reports misuse, in the goroutine that s starts, of the WaitGroup that
// counts it; told has the calls of Add that were reported.
func group(pass *analysis.Pass, prog *buildssa.SSA, s goroutine.Start, target *ssa.Function, told map[token.Pos]bool) {
	if len(target.Blocks) == 0 {
		return
	}
	dones := calls(target, "Done")
	var own []lockset.Path
	for _, d := range dones {
		own = append(own, d.group)
	}
	for _, add := range calls(target, "Add") {
		if told[add.instr.Pos()] || signals(add) || !slices.ContainsFunc(own, add.group.Same) || !first(target, add.instr) || addedBefore(s, target, add.group) {
			continue
		}
		told[add.instr.Pos()] = true
		pass.Report(analysis.Diagnostic{
			Pos: add.instr.Pos(),
			Message: fmt.Sprintf("%s.Add is called by the goroutine that it counts: Wait may come first and not wait for it; call Add before the go statement at %s, or use %s.Go",
				add.group, lockset.Position(pass, s.Pos()), add.group),
			Related: []analysis.RelatedInformation{{Pos: s.Pos(), Message: "the goroutine starts here"}},
		})
	}
	missed(pass, prog, s, target, dones)
}

// A groupCall is a call of a WaitGroup's method.
type groupCall struct {
	instr    ssa.CallInstruction
	group    lockset.Path
	deferred bool
}

func calls(fn *ssa.Function, method string) []groupCall {
	var out []groupCall
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			call, ok := instr.(ssa.CallInstruction)
			if !ok || api.CalleeOf(call.Common()) != (api.Func{Pkg: "sync", Recv: "WaitGroup", Name: method}) {
				continue
			}
			args := lockset.Args(call.Common())
			if p := lockset.Resolve(args[0]); p.Known() {
				_, deferred := instr.(*ssa.Defer)
				out = append(out, groupCall{call, p, deferred})
			}
		}
	}
	return out
}

// signals reports whether the goroutine tells others that it has called add,
// before they wait: it sends, closes a channel or is done with another group.
func signals(add groupCall) bool {
	for _, b := range add.instr.Parent().Blocks {
		for i, instr := range b.Instrs {
			if b == add.instr.Block() && i < slices.Index(b.Instrs, add.instr.(ssa.Instruction)) {
				continue
			}
			switch x := instr.(type) {
			case *ssa.Send:
				return true
			case *ssa.Call:
				if builtin, ok := x.Call.Value.(*ssa.Builtin); ok && builtin.Name() == "close" {
					return true
				}
				if api.CalleeOf(&x.Call) == (api.Func{Pkg: "sync", Recv: "WaitGroup", Name: "Done"}) {
					return !lockset.Resolve(x.Call.Args[0]).Same(add.group)
				}
			}
		}
	}
	return false
}

// first reports whether nothing before add in fn starts another goroutine or
// waits: then add counts fn itself.
func first(fn *ssa.Function, add ssa.CallInstruction) bool {
	if add.Block() != fn.Blocks[0] {
		return false
	}
	for _, instr := range fn.Blocks[0].Instrs {
		if instr == ssa.Instruction(add) {
			return true
		}
		if _, ok := instr.(*ssa.Go); ok {
			return false
		}
	}
	return false
}

// addedBefore reports whether the function that starts s counts it as well.
func addedBefore(s goroutine.Start, target *ssa.Function, group lockset.Path) bool {
	outer := outerGroup(s, target, group)
	for _, add := range calls(s.Site.Parent(), "Add") {
		if add.group.Same(outer) || add.group.Same(group) {
			return true
		}
	}
	return false
}
