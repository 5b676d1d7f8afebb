package chanflow

import (
	"golang.org/x/tools/go/ssa"

	"github.com/fearless-go/fearless/vet/internal/buildssa"
	"github.com/fearless-go/fearless/vet/internal/goroutine"
)

// Locals returns the channels that fn makes, and those that functions of its
// package make and return to it.
func Locals(fn *ssa.Function, prog *buildssa.SSA, starts *goroutine.Result) []*Chan {
	var found []*Chan
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			switch x := instr.(type) {
			case *ssa.MakeChan:
				found = append(found, follow(fn, x, nil, prog, starts))
			case *ssa.Call:
				for _, m := range returnedBy(x.Call.StaticCallee(), prog.Pkg) {
					found = append(found, follow(fn, m, x, prog, starts))
				}
			}
		}
	}
	return found
}

// follow follows the channel that m makes: in fn, or in the function that fn
// calls at call.
func follow(fn *ssa.Function, m *ssa.MakeChan, call *ssa.Call, prog *buildssa.SSA, starts *goroutine.Result) *Chan {
	c := &Chan{Name: nameOf(m), Make: m, At: m, Size: sizeOf(m)}
	f := newFlow(c, prog, starts)
	at := &place{thread: &Thread{Fn: fn}}
	c.Threads = []*Thread{at.thread}
	if call != nil {
		c.At = call
		at = f.enters(call, m.Parent(), at)
	}
	f.value(m, at)
	return c
}

// returnedBy returns the channels that fn, of the package pkg, makes and
// returns itself.
func returnedBy(fn *ssa.Function, pkg *ssa.Package) []*ssa.MakeChan {
	if fn == nil || fn.Pkg != pkg || fn.Synthetic != "" {
		return nil
	}
	var made []*ssa.MakeChan
	for _, b := range fn.Blocks {
		ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if !ok {
			continue
		}
		for _, v := range ret.Results {
			if m := madeHere(v); m != nil {
				made = append(made, m)
			}
		}
	}
	return unique(made)
}

// madeHere returns the make that v comes from, by way of variables that are set
// once, or nil.
func madeHere(v ssa.Value) *ssa.MakeChan {
	seen := map[*ssa.Alloc]bool{} // two variables may be set to each other
	for {
		switch x := v.(type) {
		case *ssa.MakeChan:
			return x
		case *ssa.ChangeType:
			v = x.X
		case *ssa.UnOp:
			cell, ok := x.X.(*ssa.Alloc)
			if !ok || seen[cell] {
				return nil
			}
			seen[cell] = true
			if v = goroutine.OnlyStore(cell); v == nil {
				return nil
			}
		default:
			return nil
		}
	}
}

func unique(made []*ssa.MakeChan) []*ssa.MakeChan {
	var once []*ssa.MakeChan
	seen := map[*ssa.MakeChan]bool{}
	for _, m := range made {
		if !seen[m] {
			seen[m] = true
			once = append(once, m)
		}
	}
	return once
}
