package lockset

import (
	"slices"

	"golang.org/x/tools/go/ssa"
)

// maxCallersUp is how many callers up a lock that a function returns with is
// looked for.
const maxCallersUp = 3

// Forgotten reports whether nobody gives back the lock p that fn takes and
// returns with, although some function of the package releases such a lock for
// its callers: a wrapper that has a partner of its own, another function which
// takes the lock for its callers.
//
// The package has to show it: it calls fn, fn and the wrappers are called by
// name only, and where fn is called no release follows, neither there nor in
// the callers of that. A goroutine that another one unlocks for is not seen
// here: then fn and the wrapper are the only pair, and nothing is forgotten.
func (r *Result) Forgotten(fn *ssa.Function, p Path) bool {
	frees := r.freedBy[p.Class]
	if p.Class == "" || len(frees) == 0 || fn.Parent() != nil {
		return false
	}
	partner := slices.ContainsFunc(r.takers[p.Class], func(t *ssa.Function) bool { return t != fn })
	if !partner {
		return false
	}
	for free := range frees {
		if free.Parent() != nil || r.usesOf(free) == nil {
			return false
		}
	}
	return r.keptBy(fn, p.Class, maxCallersUp)
}

// keptBy reports whether no caller of fn gives back a lock of a class behind the call.
func (r *Result) keptBy(fn *ssa.Function, class string, depth int) bool {
	uses := r.usesOf(fn)
	if startsProgram(fn) {
		return true
	}
	if len(uses) == 0 || depth == 0 {
		return false // its callers are not known
	}
	for _, site := range uses {
		caller := site.Parent()
		if r.mayFreeAfter(site, class) {
			return false
		}
		if _, isGo := site.(*ssa.Go); isGo {
			continue // the goroutine ends with fn
		}
		if caller.Parent() != nil || !r.keptBy(caller, class, depth-1) {
			return false
		}
	}
	return true
}

func startsProgram(fn *ssa.Function) bool {
	return fn.Name() == "main" && fn.Pkg.Pkg.Name() == "main" && fn.Signature.Recv() == nil
}

// mayFreeAfter reports whether the function around site may give back a lock of
// a class when site is over, which the same function has not taken behind site.
func (r *Result) mayFreeAfter(site ssa.CallInstruction, class string) bool {
	_, isGo := site.(*ssa.Go)
	_, isDefer := site.(*ssa.Defer)
	for _, b := range site.Parent().Blocks {
		for _, instr := range b.Instrs {
			call, ok := instr.(ssa.CallInstruction)
			if !ok || !r.frees(call.Common(), class) {
				continue
			}
			if !isDefer && !reachable(site, instr) {
				if _, later := instr.(*ssa.Defer); !later {
					continue
				}
			}
			// Beside a goroutine, a lock that is taken here first is given back here.
			if !isGo || !r.takenBefore(instr, class) {
				return true
			}
		}
	}
	return false
}

// takenBefore reports whether a lock of a class is taken whenever instr is
// reached, in the same function.
func (r *Result) takenBefore(instr ssa.Instruction, class string) bool {
	for b := instr.Block(); b != nil; b = b.Idom() {
		for _, before := range b.Instrs {
			if before == instr {
				break
			}
			call, ok := before.(*ssa.Call)
			if !ok {
				continue
			}
			if op := OpOf(&call.Call); op.Kind == Acquire && op.Lock != nil && Resolve(op.Lock).Class == class {
				return true
			}
			if callee := function(&call.Call); callee != nil && slices.Contains(r.takers[class], origin(declared(callee))) {
				return true
			}
		}
	}
	return false
}

func (r *Result) frees(call *ssa.CallCommon, class string) bool {
	if op := OpOf(call); op.Kind == Release {
		return op.Lock == nil || Resolve(op.Lock).Class == class
	}
	callee := function(call)
	return callee != nil && r.freedBy[class][origin(declared(callee))]
}

// reachable reports whether b may come after a in their function.
func reachable(a, b ssa.Instruction) bool {
	if a.Block() == b.Block() && slices.Index(a.Block().Instrs, a) < slices.Index(b.Block().Instrs, b) {
		return true
	}
	seen := map[*ssa.BasicBlock]bool{}
	work := slices.Clone(a.Block().Succs)
	for len(work) > 0 {
		next := work[len(work)-1]
		work = work[:len(work)-1]
		if next == b.Block() {
			return true
		}
		if !seen[next] {
			seen[next] = true
			work = append(work, next.Succs...)
		}
	}
	return false
}

// usesOf are the places of the package that call fn; nil if it is used as a
// value, or may be called by an interface.
func (r *Result) usesOf(fn *ssa.Function) []ssa.CallInstruction {
	if r.uses == nil {
		r.findUses()
	}
	if r.valued[fn] || fn.Signature.Recv() != nil && r.invoked[fn.Name()] {
		return nil
	}
	return append([]ssa.CallInstruction{}, r.uses[fn]...)
}

func (r *Result) findUses() {
	r.uses = map[*ssa.Function][]ssa.CallInstruction{}
	r.valued = map[*ssa.Function]bool{}
	r.invoked = map[string]bool{}
	var operands [12]*ssa.Value
	for _, fn := range r.all {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				call, isCall := instr.(ssa.CallInstruction)
				if isCall && call.Common().IsInvoke() {
					r.invoked[call.Common().Method.Name()] = true
				}
				for _, op := range instr.Operands(operands[:0]) {
					named, ok := (*op).(*ssa.Function)
					if !ok {
						continue
					}
					target := origin(declared(named))
					if isCall && call.Common().Value == ssa.Value(named) && !slices.Contains(call.Common().Args, ssa.Value(named)) {
						r.uses[target] = append(r.uses[target], call)
					} else if _, closure := instr.(*ssa.MakeClosure); !closure || named.Parent() == nil {
						r.valued[target] = true
					}
				}
			}
		}
	}
}

// noteTakers notes which functions return with a lock that they have taken.
func (c *computation) noteTakers() {
	for fn, s := range c.summaries {
		for _, e := range slices.Concat(s.Holds, s.MayHold) {
			if e.Lock.Class != "" && !slices.Contains(c.res.takers[e.Lock.Class], fn) {
				c.res.takers[e.Lock.Class] = append(c.res.takers[e.Lock.Class], fn)
			}
		}
	}
}
