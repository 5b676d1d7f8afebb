package channel

import (
	"fmt"
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/fearless-go/fearless/vet/internal/api"
	"github.com/fearless-go/fearless/vet/internal/buildssa"
	"github.com/fearless-go/fearless/vet/internal/lockset"
	"github.com/fearless-go/fearless/vet/internal/unserved"
)

// twice reports an exported method that closes a channel in a field after a look
// whether it is closed already, with nothing that keeps two calls apart: both can
// find it open. The look shows that a second call is meant to come, and a lock in
// the struct that the type is for several goroutines.
//
// A lock, a Once, an atomic operation, a send or a receive on the way to the close
// makes it silent, since that may let one call through alone.
func (r *reporter) twice(prog *buildssa.SSA) {
	for _, fn := range prog.SrcFuncs {
		obj, ok := fn.Object().(*types.Func)
		if !ok || !obj.Exported() || fn.Signature.Recv() == nil || strings.HasSuffix(r.pass.Fset.Position(fn.Pos()).Filename, "_test.go") {
			continue
		}
		self := fn.Params[0]
		p, ok := self.Type().Underlying().(*types.Pointer)
		if !ok || len(lockset.LocksIn(p.Elem())) == 0 {
			continue
		}
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				call, ok := instr.(*ssa.Call)
				if !ok {
					continue
				}
				if builtin, ok := call.Call.Value.(*ssa.Builtin); !ok || builtin.Name() != "close" {
					continue
				}
				field := ownField(call.Call.Args[0], self)
				if field < 0 || !looked(call, self, field) || keptApart(call) {
					continue
				}
				name := p.Elem().Underlying().(*types.Struct).Field(field).Name()
				r.report(analysis.Diagnostic{
					Pos: call.Pos(),
					Message: fmt.Sprintf("%s.%s is closed here by whoever has found it open: of two goroutines that call %s at once both may, and the second panics; look and close under one lock, or in a Once",
						self.Name(), name, fn.Name()),
				})
			}
		}
	}
}

// ownField is the index of the field of self that ch is loaded from, or -1.
func ownField(ch ssa.Value, self ssa.Value) int {
	for {
		t, ok := ch.(*ssa.ChangeType)
		if !ok {
			break
		}
		ch = t.X
	}
	load, ok := ch.(*ssa.UnOp)
	if !ok || load.Op != token.MUL {
		return -1
	}
	addr, ok := load.X.(*ssa.FieldAddr)
	if !ok || addr.X != self {
		return -1
	}
	return addr.Field
}

// looked reports whether the close call comes only after a look, here or in a
// method that is called, whether the field of self is closed.
func looked(call *ssa.Call, self ssa.Value, field int) bool {
	for b := call.Block(); b.Idom() != nil; b = b.Idom() {
		d := b.Idom()
		cond, ok := d.Instrs[len(d.Instrs)-1].(*ssa.If)
		if !ok || len(b.Preds) != 1 {
			continue
		}
		v := cond.Cond
		if not, ok := v.(*ssa.UnOp); ok && not.Op == token.NOT {
			v = not.X
		}
		switch x := v.(type) {
		case *ssa.BinOp:
			index, ok := x.X.(*ssa.Extract)
			if !ok {
				continue
			}
			if sel, ok := index.Tuple.(*ssa.Select); ok && looks(sel, self, field) {
				return true
			}
		case *ssa.Call:
			callee := x.Call.StaticCallee()
			if callee == nil || len(callee.Blocks) == 0 || len(x.Call.Args) != 1 || x.Call.Args[0] != self || callee.Pkg != call.Parent().Pkg {
				continue
			}
			for _, b := range callee.Blocks {
				for _, instr := range b.Instrs {
					if sel, ok := instr.(*ssa.Select); ok && looks(sel, callee.Params[0], field) {
						return true
					}
				}
			}
		}
	}
	return false
}

// looks reports whether sel only looks whether it can receive from the field of self.
func looks(sel *ssa.Select, self ssa.Value, field int) bool {
	return !sel.Blocking && len(sel.States) == 1 && sel.States[0].Dir == types.RecvOnly && ownField(sel.States[0].Chan, self) == field
}

// keptApart reports whether something on the way to the close may let one
// goroutine through alone.
func keptApart(to *ssa.Call) bool {
	for _, b := range to.Parent().Blocks {
		for _, instr := range b.Instrs {
			if instr != ssa.Instruction(to) && unserved.Reaches(instr, to) && separates(instr, to.Parent().Pkg, maxDepth) {
				return true
			}
		}
	}
	return false
}

// separates reports whether instr may let one goroutine through alone: it waits for
// a channel, takes a lock, is atomic, or calls what is not known; and so does what it
// calls in the package.
func separates(instr ssa.Instruction, pkg *ssa.Package, depth int) bool {
	switch x := instr.(type) {
	case *ssa.Send:
		return true
	case *ssa.UnOp:
		return x.Op == token.ARROW
	case *ssa.Select:
		return x.Blocking || len(x.States) > 1
	case ssa.CallInstruction:
		return separatesCall(x.Common(), pkg, depth)
	}
	return false
}

func separatesCall(call *ssa.CallCommon, pkg *ssa.Package, depth int) bool {
	if _, ok := call.Value.(*ssa.Builtin); ok {
		return false
	}
	if lockset.OpOf(call).Kind != lockset.None {
		return true
	}
	switch api.CalleeOf(call).Pkg {
	case "fmt", "log", "errors", "time", "strings":
		return false // each call comes back, whoever else calls: none is told from another
	}
	callee := call.StaticCallee()
	if callee == nil || callee.Pkg != pkg || len(callee.Blocks) == 0 || depth == 0 {
		return true
	}
	for _, b := range callee.Blocks {
		for _, instr := range b.Instrs {
			if separates(instr, pkg, depth-1) {
				return true
			}
		}
	}
	return false
}
