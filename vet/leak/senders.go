package leak

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/fearless-go/fearless/vet/internal/api"
	"github.com/fearless-go/fearless/vet/internal/goroutine"
	"github.com/fearless-go/fearless/vet/internal/lockset"
	"github.com/fearless-go/fearless/vet/internal/unserved"
)

// maxCallers is how many callers up a sender is looked at.
const maxCallers = 3

// A senders tells which sends nothing keeps from coming after the end of loop,
// the function that receives.
type senders struct {
	locks   *lockset.Result
	takes   map[ssa.Instruction]bool // those that take a lock, themselves or in what they call
	loop    *ssa.Function
	unknown bool // who ends loop is not known
}

func newSenders(locks *lockset.Result, loop *ssa.Function, unknown bool) senders {
	s := senders{locks, map[ssa.Instruction]bool{}, loop, unknown}
	for _, f := range locks.Funcs {
		for _, a := range f.Acquisitions {
			s.takes[a.Instr] = true
		}
	}
	return s
}

// free reports whether at can come at any time, as far as its function shows
// and, if that is not for other packages, one of those that call it. What the
// starter of a goroutine knows does not matter: the goroutine may come later.
func (s senders) free(at ssa.Instruction, depth int) bool {
	fn := at.Parent()
	if fn == s.loop || depth < 0 || s.learned(at) {
		return false
	}
	if fn.Parent() != nil {
		return startOf(fn) != nil && !(s.unknown && counted(fn))
	}
	if obj, ok := fn.Object().(*types.Func); ok && obj.Exported() {
		return true
	}
	for _, site := range s.locks.UsesOf(fn) {
		if _, start := site.(*ssa.Go); start && !(s.unknown && counted(fn)) || !start && s.free(site, depth-1) {
			return true
		}
	}
	return false
}

// counted reports whether fn tells a WaitGroup that it is done: somebody waits
// for it, perhaps whoever ends the receiver.
func counted(fn *ssa.Function) bool {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			call, ok := instr.(ssa.CallInstruction)
			if ok && api.CalleeOf(call.Common()) == (api.Func{Pkg: "sync", Recv: "WaitGroup", Name: "Done"}) {
				return true
			}
		}
	}
	return false
}

// startOf is the go statement that alone runs the literal fn, or nil.
func startOf(fn *ssa.Function) ssa.Instruction {
	refs := fn.Referrers()
	if refs == nil || len(*refs) != 1 {
		return nil
	}
	made, ok := (*refs)[0].(*ssa.MakeClosure)
	if !ok || len(*made.Referrers()) != 1 {
		return nil
	}
	start, _ := (*made.Referrers())[0].(*ssa.Go)
	if start == nil {
		return nil
	}
	return start
}

// learned reports whether the function of at may have learned something from
// others on its way there: it has received, waited or taken a lock, or branched
// on what it did not get as an argument.
func (s senders) learned(at ssa.Instruction) bool {
	fn := at.Parent()
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if instr == at || !unserved.Reaches(instr, at) {
				continue
			}
			switch x := instr.(type) {
			case *ssa.UnOp:
				if x.Op == token.ARROW {
					return true
				}
			case *ssa.Select:
				return true
			case *ssa.Call:
				if goroutine.IsJoin(&x.Call) || s.takes[x] {
					return true
				}
			case *ssa.If:
				if leads(x, at) && ofOthers(x.Cond, map[ssa.Value]bool{}) {
					return true
				}
			}
		}
	}
	return false
}

// leads reports whether at is reached only by one side of cond.
func leads(cond *ssa.If, at ssa.Instruction) bool {
	for _, next := range cond.Block().Succs {
		if next != at.Block() && !reachesBlock(next, at.Block(), cond.Block()) {
			return true
		}
	}
	return false
}

// reachesBlock reports whether there is a way from b to to that does not pass
// through without.
func reachesBlock(b, to, without *ssa.BasicBlock) bool {
	seen := map[*ssa.BasicBlock]bool{without: true}
	work := []*ssa.BasicBlock{b}
	for len(work) > 0 {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		if b == to {
			return true
		}
		if !seen[b] {
			seen[b] = true
			work = append(work, b.Succs...)
		}
	}
	return false
}

// ofOthers reports whether v is made of more than arguments and constants: of
// memory or the result of a call.
func ofOthers(v ssa.Value, seen map[ssa.Value]bool) bool {
	if seen[v] {
		return false
	}
	seen[v] = true
	switch x := v.(type) {
	case *ssa.Const, *ssa.Parameter, *ssa.Builtin, *ssa.Function:
		return false
	case *ssa.UnOp:
		if x.Op == token.MUL {
			cell, ok := x.X.(*ssa.Alloc)
			return !ok || cell.Heap
		}
		return ofOthers(x.X, seen)
	case *ssa.BinOp:
		return ofOthers(x.X, seen) || ofOthers(x.Y, seen)
	case *ssa.Phi:
		for _, e := range x.Edges {
			if ofOthers(e, seen) {
				return true
			}
		}
		return false
	case *ssa.Convert:
		return ofOthers(x.X, seen)
	case *ssa.ChangeType:
		return ofOthers(x.X, seen)
	case *ssa.MakeInterface:
		return ofOthers(x.X, seen)
	case *ssa.Call:
		if _, ok := x.Call.Value.(*ssa.Builtin); !ok {
			return true
		}
		for _, arg := range x.Call.Args {
			if ofOthers(arg, seen) {
				return true
			}
		}
		return false
	}
	return true
}
