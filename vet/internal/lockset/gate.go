package lockset

import (
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// A Gate is a lock, by its class, that is held while two others are taken: it
// keeps goroutines apart that hold it, unless all of them only read.
type Gate struct {
	Class  string
	Shared bool
}

// Apart reports whether e and o cannot happen at the same time in two
// goroutines, because both happen with a common lock held.
func (e Edge) Apart(o Edge) bool {
	for _, g := range e.Gates {
		for _, h := range o.Gates {
			if g.Class == h.Class && !(g.Shared && h.Shared) {
				return true
			}
		}
	}
	return false
}

// gatesOf returns the gates of an edge in a function that is entered with the
// locks of context, whose first lock is of the class first.
func gatesOf(a Acquisition, first string, context []Gate) []Gate {
	gates := slices.DeleteFunc(slices.Clone(context), func(g Gate) bool {
		return g.Class == first || slices.ContainsFunc(a.dropped, func(p Path) bool { return p.Class == g.Class || p.Class == "" })
	})
	for _, h := range a.Held {
		if h.Lock.Class != "" && h.Lock.Class != first {
			gates = append(gates, Gate{h.Lock.Class, h.Mode == Shared})
		}
	}
	return sorted(gates)
}

func sorted(gates []Gate) []Gate {
	slices.SortFunc(gates, func(a, b Gate) int {
		switch {
		case a.Class != b.Class:
			return strings.Compare(a.Class, b.Class)
		case a.Shared == b.Shared:
			return 0
		case b.Shared:
			return -1 // what is held to write comes first, and stays
		}
		return 1
	})
	return slices.CompactFunc(gates, func(a, b Gate) bool { return a.Class == b.Class })
}

// A site is a call of a function of the package, on one path.
type site struct {
	caller  *ssa.Function
	held    []Gate
	dropped []Path // of the caller's own context
}

// called notes that fn is called with the locks of s held.
func (w *walker) called(s state, fn *ssa.Function) {
	var held []Gate
	for _, h := range s.held() {
		if h.Lock.Class != "" {
			held = append(held, Gate{h.Lock.Class, h.Mode == Shared})
		}
	}
	w.c.sites[fn] = append(w.c.sites[fn], site{w.out.Fn, sorted(held), dropped(s)})
}

// contexts returns the locks with which each function is entered, whoever
// calls it. That can be known only of functions all of whose calls are seen:
// they are not exported, and are used for nothing but to call them. A call on a
// path that was not followed, in a function that has too many, would be missing;
// such functions make what they call unknown.
//
// The answer is the largest that is consistent: a function that calls itself
// has the locks with which others call it, since every chain of calls begins
// outside of the circle.
func (c *computation) contexts() map[*ssa.Function][]Gate {
	loose := c.loose()
	out := map[*ssa.Function][]Gate{} // without an entry: any locks, so far
	for _, fn := range c.funcs {
		if fn = origin(fn); len(c.sites[fn]) == 0 || loose(fn) {
			out[fn] = nil
		}
	}
	for changed := true; changed; {
		changed = false
		for fn, sites := range c.sites {
			old, known := out[fn]
			if known && len(old) == 0 {
				continue
			}
			var meet []Gate
			first := true
			for _, s := range sites {
				around, ok := out[origin(s.caller)]
				if !ok {
					continue // not limited yet
				}
				at := slices.DeleteFunc(slices.Clone(around), func(g Gate) bool {
					return slices.ContainsFunc(s.dropped, func(p Path) bool { return p.Class == g.Class || p.Class == "" })
				})
				at = sorted(append(at, s.held...))
				if first {
					meet, first = at, false
				} else {
					meet = common(meet, at)
				}
			}
			if !first && (!known || !slices.Equal(old, meet)) {
				out[fn], changed = meet, true
			}
		}
	}
	return out
}

// common returns the gates that are in both a and b.
func common(a, b []Gate) []Gate {
	var out []Gate
	for _, g := range a {
		for _, h := range b {
			if g.Class == h.Class {
				out = append(out, Gate{g.Class, g.Shared || h.Shared})
			}
		}
	}
	return out
}

// loose returns the test whether calls of a function may be unseen.
func (c *computation) loose() func(*ssa.Function) bool {
	used := map[*ssa.Function]bool{}
	invoked := map[string]bool{} // methods, by name
	look := func(fn *ssa.Function) {
		partial := c.walked[fn] != nil && c.walked[fn].Partial
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				call, isCall := instr.(ssa.CallInstruction)
				if isCall && call.Common().IsInvoke() {
					invoked[call.Common().Method.Name()] = true
				}
				for _, op := range instr.Operands(nil) {
					f, ok := (*op).(*ssa.Function)
					if !ok || isCall && op == &call.Common().Value && !partial {
						continue
					}
					if f.Synthetic != "" {
						invoked[f.Name()[:strings.IndexByte(f.Name()+"$", '$')]] = true
					}
					used[origin(declared(f))] = true
				}
			}
		}
	}
	for _, fn := range c.funcs {
		look(fn)
	}
	if init := c.res.pkg.Func("init"); init != nil {
		look(init) // the values of package variables
	}
	return func(fn *ssa.Function) bool {
		obj, ok := fn.Object().(*types.Func)
		if !ok || used[fn] || fn.Parent() != nil || fn.Name() == "main" || strings.HasPrefix(fn.Name(), "init") {
			return true
		}
		// An interface with a method that is not exported belongs to this package.
		return obj.Exported() || fn.Signature.Recv() != nil && invoked[fn.Name()]
	}
}
