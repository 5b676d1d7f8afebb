package lockset

import (
	"go/token"
	"slices"
	"strings"

	"golang.org/x/tools/go/callgraph/vta"
	"golang.org/x/tools/go/ssa"
)

// targets returns the functions of this package that a dynamic call may reach.
func (c *computation) targets(instr ssa.CallInstruction, call *ssa.CallCommon) []*ssa.Function {
	if call.StaticCallee() != nil {
		return nil
	}
	if c.dynamic == nil {
		c.dynamic = map[ssa.CallInstruction][]*ssa.Function{}
		set := map[*ssa.Function]bool{}
		for _, fn := range c.funcs {
			set[fn] = true
			addWrappers(set, fn)
		}
		for _, node := range vta.CallGraph(set, nil).Nodes {
			for _, e := range node.Out {
				if e.Site == nil || e.Site.Common().StaticCallee() != nil || e.Callee.Func == nil {
					continue
				}
				fn := origin(declared(e.Callee.Func))
				if c.inTest(fn) && !c.inTest(e.Site.Parent()) {
					continue // a fake, which stands for the real thing
				}
				if len(fn.Blocks) > 0 && fn.Pkg == c.res.pkg && !slices.Contains(c.dynamic[e.Site], fn) {
					c.dynamic[e.Site] = append(c.dynamic[e.Site], fn)
				}
			}
		}
		for _, fns := range c.dynamic {
			slices.SortFunc(fns, func(a, b *ssa.Function) int { return int(a.Pos()) - int(b.Pos()) })
		}
	}
	fns := slices.DeleteFunc(slices.Clone(c.dynamic[instr]), func(fn *ssa.Function) bool { return !c.meets(instr, call, fn) })
	if len(fns) > maxTargets {
		return nil
	}
	return fns
}

// inTest reports whether fn is declared in a file of tests.
func (c *computation) inTest(fn *ssa.Function) bool {
	return strings.HasSuffix(c.pass.Fset.Position(fn.Pos()).Filename, "_test.go")
}

// addWrappers adds the bound methods and the like that fn makes use of.
func addWrappers(set map[*ssa.Function]bool, fn *ssa.Function) {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			for _, op := range instr.Operands(nil) {
				if w, ok := (*op).(*ssa.Function); ok && w.Synthetic != "" {
					set[w] = true
				}
			}
		}
	}
}

// conditions counts how often the function declaration around fn branches on each condition.
func (c *computation) conditions(fn *ssa.Function) map[string]int {
	if m := c.conds[fn]; m != nil {
		return m
	}
	m := map[string]int{}
	c.conds[fn] = m
	top := fn
	for top.Parent() != nil {
		top = top.Parent()
	}
	var count func(fn *ssa.Function)
	count = func(fn *ssa.Function) {
		for _, b := range fn.Blocks {
			if cond, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If); ok {
				v := cond.Cond
				for {
					not, ok := v.(*ssa.UnOp)
					if !ok || not.Op != token.NOT {
						break
					}
					v = not.X
				}
				if phi, ok := v.(*ssa.Phi); ok {
					countSources(phi, m)
				}
				if key, _ := condKey(v); key != "" {
					m[key]++
					if load, ok := v.(*ssa.UnOp); ok {
						if s := OnlyStore(load.X); s != nil {
							v = s // a parameter that a closure captures
						}
					}
					if _, ok := v.(*ssa.Parameter); ok {
						m[key]++
					}
				}
			}
			if ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok {
				for _, v := range ret.Results {
					if mayBeLock(v.Type()) {
						countReturned(v, m)
					}
				}
			}
			for _, instr := range b.Instrs {
				call, ok := instr.(*ssa.Call)
				if !ok {
					continue
				}
				for _, arg := range call.Call.Args {
					if key, _ := condKey(arg); key != "" && isBool(arg.Type()) {
						m[key]++
					}
				}
			}
		}
		for _, a := range fn.AnonFuncs {
			count(a)
		}
	}
	count(top)
	return m
}

// countSources counts the variables that give the tested variable phi its
// value from one round of a loop to the next.
func countSources(phi *ssa.Phi, m map[string]int) {
	for _, e := range phi.Edges {
		if src, ok := e.(*ssa.Phi); ok && isBool(src.Type()) && m[ptr(src)+";"] == 0 {
			m[ptr(src)+";"] = 1
			countSources(src, m)
		}
	}
}
