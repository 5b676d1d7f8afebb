package join

import (
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
	"github.com/fearless-go/fearless/vet/internal/unserved"
)

// missed reports a return that some path reaches without the Done that others call.
func missed(pass *analysis.Pass, prog *buildssa.SSA, s goroutine.Start, target *ssa.Function, dones []groupCall) {
	for _, d := range dones {
		if d.deferred || d.instr.Parent() != target || unserved.InLoop(d.instr, nil) {
			continue
		}
		if handedOver(prog, s, target, d.group) || fewer(s, target, d.group) {
			continue
		}
		if slices.ContainsFunc(dones, func(o groupCall) bool { return o.deferred && o.group.Same(d.group) }) {
			continue
		}
		ret := without(begins(s, target, dones, d.group), dones, d.group, uncounted(s, target, d.group))
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

// begins are the blocks of target from which its goroutine is counted in group:
// the first one, or, if it is only counted by itself, those behind its calls of
// Add.
func begins(s goroutine.Start, target *ssa.Function, dones []groupCall, group lockset.Path) []*ssa.BasicBlock {
	var adds []groupCall
	for _, add := range calls(target, "Add") {
		if add.group.Same(group) && !add.deferred {
			adds = append(adds, add)
		}
	}
	if len(adds) == 0 || addedBefore(s, target, group) {
		return []*ssa.BasicBlock{target.Blocks[0]}
	}
	var found []*ssa.BasicBlock
	for _, add := range adds {
		b := add.instr.Block()
		done := slices.ContainsFunc(dones, func(d groupCall) bool {
			return d.instr.Block() == b && d.group.Same(group) && unserved.Reaches(add.instr, d.instr)
		})
		if !done {
			found = append(found, b)
		}
	}
	return found
}

// without returns an end of a function that can be reached from the start of
// the blocks work past all calls of group's Done, or nil: a return, or runtime.Goexit as in t.Fatal. Ways
// that only goroutines take which nobody counts are left out.
func without(work []*ssa.BasicBlock, dones []groupCall, group lockset.Path, uncounted func(cond ssa.Value, side bool) bool) ssa.Instruction {
	seen := map[*ssa.BasicBlock]bool{}
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
