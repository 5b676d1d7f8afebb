package join

import (
	_ "embed"
	"fmt"
	"go/token"
	"slices"
	"strings"

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

// missed reports a return that some path reaches without the Done that others call.
func missed(pass *analysis.Pass, prog *buildssa.SSA, s goroutine.Start, target *ssa.Function, dones []groupCall) {
	for _, d := range dones {
		if d.deferred || d.instr.Parent() != target || inLoop(d.instr) {
			continue
		}
		if handedOver(prog, s, target, d.group) || fewer(s, target, d.group) {
			continue
		}
		if slices.ContainsFunc(dones, func(o groupCall) bool { return o.deferred && o.group.Same(d.group) }) {
			continue
		}
		ret := without(target, dones, d.group, uncounted(s, target, d.group))
		if ret == nil || deferredClosures(target) {
			continue
		}
		pos := ret.Pos()
		if !pos.IsValid() {
			pos = target.Syntax().End() - 1
		}
		pass.Report(analysis.Diagnostic{
			Pos: pos,
			Message: fmt.Sprintf("the goroutine started at %s ends here without calling %s.Done, which other paths call: Wait waits forever; defer %s.Done()",
				lockset.Position(pass, s.Pos()), d.group, d.group),
			Related: []analysis.RelatedInformation{{Pos: d.instr.Pos(), Message: "Done is called here"}},
		})
		return
	}
}

// inLoop reports whether instr may run more than once, or never, by the count
// of a loop.
func inLoop(instr ssa.Instruction) bool {
	seen := map[*ssa.BasicBlock]bool{}
	work := slices.Clone(instr.Block().Succs)
	for len(work) > 0 {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		if b == instr.Block() {
			return true
		}
		if !seen[b] {
			seen[b] = true
			work = append(work, b.Succs...)
		}
	}
	return false
}

// without returns an end of fn that can be reached from its start past all
// calls of group's Done, or nil: a return, or runtime.Goexit as in t.Fatal. Ways
// that only goroutines take which nobody counts are left out.
func without(fn *ssa.Function, dones []groupCall, group lockset.Path, uncounted func(cond ssa.Value, side bool) bool) ssa.Instruction {
	seen := map[*ssa.BasicBlock]bool{}
	work := []*ssa.BasicBlock{fn.Blocks[0]}
	for len(work) > 0 {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		if seen[b] {
			continue
		}
		seen[b] = true
		blocked := slices.ContainsFunc(dones, func(d groupCall) bool { return d.instr.Block() == b && d.group.Same(group) })
		if blocked {
			continue
		}
		if ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok {
			return ret
		}
		if exit := goexit(b); exit != nil {
			return exit
		}
		if endless(b) {
			work = append(work, b.Succs[0])
			continue
		}
		branch, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If)
		for i, next := range b.Succs {
			if !ok || !uncounted(branch.Cond, i == 0) {
				work = append(work, next)
			}
		}
	}
	return nil
}

// endless reports whether b ends with the test of "for range ticker.C": the
// channels of package time are never closed.
func endless(b *ssa.BasicBlock) bool {
	cond, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If)
	if !ok {
		return false
	}
	got, ok := cond.Cond.(*ssa.Extract)
	if !ok || got.Index != 1 {
		return false
	}
	recv, ok := got.Tuple.(*ssa.UnOp)
	if !ok || recv.Op != token.ARROW {
		return false
	}
	switch ch := recv.X.(type) {
	case *ssa.Call:
		return api.CalleeOf(&ch.Call).Pkg == "time"
	case *ssa.UnOp:
		field, ok := ch.X.(*ssa.FieldAddr)
		return ok && api.TypeOf(field.X.Type()).Pkg == "time"
	}
	return false
}

// goexit returns the call in b that ends the goroutine but not the program, or nil.
func goexit(b *ssa.BasicBlock) ssa.Instruction {
	if _, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Panic); !ok {
		return nil
	}
	for _, instr := range slices.Backward(b.Instrs) {
		if call, ok := instr.(*ssa.Call); ok {
			f := api.CalleeOf(&call.Call)
			if f == (api.Func{Pkg: "runtime", Name: "Goexit"}) || f.Pkg == "testing" && (strings.HasPrefix(f.Name, "Fatal") || strings.HasPrefix(f.Name, "Skip") || f.Name == "FailNow") {
				return call
			}
			return nil
		}
	}
	return nil
}

// deferredClosures reports whether fn defers a function of its own, which may call Done.
func deferredClosures(fn *ssa.Function) bool {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if d, ok := instr.(*ssa.Defer); ok && api.Target(d.Call.Value) != nil && api.Target(d.Call.Value).Parent() != nil {
				return true
			}
		}
	}
	return false
}
