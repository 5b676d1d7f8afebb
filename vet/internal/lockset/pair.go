package lockset

import (
	"go/token"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// A Pair is two instances of one class of locks, of which the second is taken
// while the first is held.
type Pair struct {
	First, Second Path
	// Pos is where it happens, or where the function is called that does it.
	Pos token.Pos
	// Fn is the function around Pos.
	Fn *ssa.Function
	// In is the function that takes the locks.
	In *ssa.Function
}

const (
	maxPairs  = 64 // per function
	pairDepth = 4  // calls between the locks and the variables that are locked
)

// pairs collects the pairs of known instances in all functions, and in the
// functions they call or start as goroutines.
func (c *computation) pairs() []Pair {
	byFn := map[*ssa.Function][]Pair{}
	for _, f := range c.res.Funcs {
		for _, a := range f.Acquisitions {
			for _, h := range a.Held {
				if a.Inner == nil && !a.Cell && a.Lock.Known() && h.Lock.Known() && a.Lock.Class == h.Lock.Class && !a.Lock.Same(h.Lock) && len(byFn[f.Fn]) < maxPairs {
					byFn[f.Fn] = append(byFn[f.Fn], Pair{h.Lock, a.Lock, a.Instr.Pos(), f.Fn, f.Fn})
				}
			}
		}
	}
	var all []Pair
	for fn, pairs := range byFn {
		// A function that takes two locks in either order chooses it by
		// something that orders them.
		byFn[fn] = slices.DeleteFunc(pairs, func(p Pair) bool {
			return slices.ContainsFunc(pairs, func(q Pair) bool { return p.First.Same(q.Second) && p.Second.Same(q.First) })
		})
		all = append(all, byFn[fn]...)
	}
	if len(all) == 0 {
		return nil
	}
	for range pairDepth {
		next := map[*ssa.Function][]Pair{}
		for _, fn := range c.funcs {
			for _, b := range fn.Blocks {
				for _, instr := range b.Instrs {
					call, ok := instr.(ssa.CallInstruction)
					if !ok {
						continue
					}
					callee := function(call.Common())
					if callee == nil {
						continue
					}
					callee = origin(declared(callee))
					for _, p := range byFn[callee] {
						q := Pair{c.translate(p.First, callee, call.Common()), c.translate(p.Second, callee, call.Common()), instr.Pos(), fn, p.In}
						if q.First.Known() && q.Second.Known() && (q.First.Root != p.First.Root || q.Second.Root != p.Second.Root) && len(next[fn]) < maxPairs {
							next[fn] = append(next[fn], q)
						}
					}
				}
			}
		}
		if len(next) == 0 {
			break
		}
		for _, pairs := range next {
			all = append(all, pairs...)
		}
		byFn = next
	}
	slices.SortStableFunc(all, func(p, q Pair) int { return int(p.Pos) - int(q.Pos) })
	return all
}
