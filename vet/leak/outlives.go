package leak

import (
	"fmt"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/fearless-go/fearless/vet/internal/api"
	"github.com/fearless-go/fearless/vet/internal/chanflow"
	"github.com/fearless-go/fearless/vet/internal/lockset"
	"github.com/fearless-go/fearless/vet/internal/unserved"
)

// outlives reports goroutines that a method, or the constructor, of a type
// starts for its object and that never end, although the type is an io.Closer:
// each object that is closed leaves its goroutine behind. A type that nobody can
// close may be there for as long as the program is.
func (r *reporter) outlives(fields []*chanflow.Field) {
	open := map[ssa.Instruction]bool{} // the loops over channels that nobody closes
	dead := map[*ssa.BasicBlock]bool{} // the cases of channels that nobody closes or sends to
	for _, f := range fields {
		if f.SentElsewhere || len(f.Made) == 0 || f.Others || len(f.Of(chanflow.Close)) > 0 {
			continue
		}
		for _, o := range f.Of(chanflow.Recv) {
			if o.Range() {
				open[o.Instr] = true
			}
			if sel, ok := o.Instr.(*ssa.Select); ok && len(f.Of(chanflow.Send)) == 0 {
				if b := chosen(sel, o.State); b != nil {
					dead[b] = true
				}
			}
		}
	}
	for _, fn := range r.prog.SrcFuncs {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				if start, ok := instr.(*ssa.Go); ok {
					r.outlived(start, open, dead)
				}
			}
		}
	}
}

func (r *reporter) outlived(start *ssa.Go, open map[ssa.Instruction]bool, dead map[*ssa.BasicBlock]bool) {
	loop := api.Target(start.Call.Value)
	if loop == nil || loop.Pkg != r.prog.Pkg || len(loop.Blocks) == 0 || program(start.Parent()) {
		return
	}
	owner := ownerOf(start)
	if owner == nil || !closer(owner) {
		return
	}
	wait := endless(loop, open, dead)
	if wait == nil || !waitPos(wait).IsValid() {
		return
	}
	r.report(analysis.Diagnostic{
		Pos: waitPos(wait),
		Message: fmt.Sprintf("this waits for good: the goroutine started at %s never ends, not even when its %s is closed",
			lockset.Position(r.pass, start.Pos()), owner.Obj().Name()),
		Related: []analysis.RelatedInformation{{Pos: start.Pos(), Message: "the goroutine starts here"}},
	})
}

// ownerOf is the type of the object for which start starts its goroutine: that
// of the receiver that the function of start has and gives it, or that of the
// object which that function makes, gives to the goroutine and returns.
func ownerOf(start *ssa.Go) *types.Named {
	fn := start.Parent()
	for fn.Parent() != nil { // a literal that is handed to sync.Once, say
		fn = fn.Parent()
	}
	given := append([]ssa.Value(nil), start.Call.Args...)
	if made, ok := start.Call.Value.(*ssa.MakeClosure); ok {
		given = append(given, made.Bindings...)
	}
	for _, v := range given {
		t := v.Type()
		path := lockset.Resolve(v)
		switch root := path.Root.(type) {
		case *ssa.Parameter:
			if fn.Signature.Recv() == nil || root.Parent() != fn || root != fn.Params[0] {
				continue
			}
		case *ssa.Alloc:
			if root.Parent() != fn || !returned(fn, t) {
				continue
			}
		default:
			continue
		}
		for {
			p, ok := types.Unalias(t).(*types.Pointer)
			if !ok {
				break
			}
			t = p.Elem()
		}
		if named, ok := types.Unalias(t).(*types.Named); ok && named.Obj().Pkg() == fn.Pkg.Pkg {
			return named
		}
	}
	return nil
}

// returned reports whether fn returns a t, or what t points to.
func returned(fn *ssa.Function, t types.Type) bool {
	for v := range fn.Signature.Results().Variables() {
		if types.Identical(v.Type(), t) || types.Identical(types.NewPointer(v.Type()), t) {
			return true
		}
	}
	return false
}

// closer reports whether a pointer to t is an io.Closer.
func closer(t *types.Named) bool {
	obj, _, _ := types.LookupFieldOrMethod(types.NewPointer(t), true, t.Obj().Pkg(), "Close")
	m, ok := obj.(*types.Func)
	if !ok {
		return false
	}
	sig := m.Signature()
	return sig.Params().Len() == 0 && sig.Results().Len() == 1 && types.Identical(sig.Results().At(0).Type(), types.Universe.Lookup("error").Type())
}

// endless returns a receive, or a select, in which the function loop waits if it
// never ends, or nil. Loops over what nobody closes do not end: a channel of
// open, and those of package time. The blocks in dead are never come to.
func endless(loop *ssa.Function, open map[ssa.Instruction]bool, dead map[*ssa.BasicBlock]bool) ssa.Instruction {
	var wait ssa.Instruction
	seen := map[*ssa.BasicBlock]bool{}
	work := []*ssa.BasicBlock{loop.Blocks[0]}
	for len(work) > 0 {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		if seen[b] || dead[b] {
			continue
		}
		seen[b] = true
		succs := b.Succs
		for _, instr := range b.Instrs {
			switch x := instr.(type) {
			case *ssa.Return:
				return nil
			case *ssa.Panic:
				if x.Pos().IsValid() { // a select's that no case was chosen has none
					return nil
				}
			case *ssa.Call:
				if unserved.Ends(x) {
					return nil
				}
			case *ssa.Select:
				if x.Blocking && len(x.States) > 0 && unserved.InLoop(x, nil) {
					wait = x
				}
			case *ssa.UnOp:
				if x.Op != token.ARROW || !unserved.InLoop(x, nil) {
					continue
				}
				wait = x
				if ranges := (chanflow.Op{Kind: chanflow.Recv, Instr: x, State: -1}).Range(); ranges && (open[x] || isTime(x.X)) {
					succs = b.Succs[:1]
				}
			}
		}
		work = append(work, succs...)
	}
	return wait
}

// isTime reports whether ch is a channel of times, as package time has it: such a
// channel is never closed.
func isTime(ch ssa.Value) bool {
	t, ok := ch.Type().Underlying().(*types.Chan)
	return ok && t.Dir() == types.RecvOnly && api.TypeOf(t.Elem()) == (api.Type{Pkg: "time", Name: "Time"})
}

func waitPos(wait ssa.Instruction) token.Pos {
	return chanflow.Op{Instr: wait, State: -1}.Pos()
}
