package readonly

import (
	"fmt"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/fearless-go/fearless/vet/internal/api"
	"github.com/fearless-go/fearless/vet/internal/borrow"
)

// Writes is the fact that a function assigns through some of its parameters,
// the receiver first, without taking a lock.
type Writes struct{ Params []int }

// AFact marks Writes as a fact.
func (*Writes) AFact() {}

func (w *Writes) String() string { return fmt.Sprintf("writes through %v", w.Params) }

// findWriters finds the functions that write through their parameters.
func (c *checker) findWriters(funcs []*ssa.Function) {
	for changed := true; changed; {
		changed = false
		for _, fn := range funcs {
			for i, p := range fn.Params {
				if !slices.Contains(c.writers[fn], i) && refers(p.Type()) && c.writesThrough(p) {
					c.writers[fn] = append(c.writers[fn], i)
					changed = true
				}
			}
		}
	}
	for fn, params := range c.writers {
		if obj, ok := fn.Object().(*types.Func); ok && obj.Exported() && obj.Pkg() == c.pass.Pkg {
			slices.Sort(params)
			c.pass.ExportObjectFact(obj, &Writes{params})
		}
	}
}

func refers(t types.Type) bool {
	switch t.Underlying().(type) {
	case *types.Pointer, *types.Slice, *types.Map:
		return true
	}
	return false
}

// writesThrough reports whether the function of p writes what p refers to.
func (c *checker) writesThrough(p *ssa.Parameter) bool {
	for v := range borrow.Derived(p, true) {
		if v.Referrers() == nil {
			continue
		}
		for _, instr := range *v.Referrers() {
			if st, ok := instr.(*ssa.Store); ok && st.Addr != v {
				continue
			}
			if instr.Parent() == p.Parent() && !c.locked[instr] && c.writes(instr, v) != "" {
				return true
			}
		}
	}
	return false
}

// writtenArgs returns the arguments of call that it writes through.
func (c *checker) writtenArgs(call *ssa.CallCommon) []int {
	if b, ok := call.Value.(*ssa.Builtin); ok {
		switch b.Name() {
		case "copy", "clear", "delete":
			return []int{0}
		}
		return nil
	}
	if call.IsInvoke() {
		return nil
	}
	callee := api.Callee(call)
	if callee == nil || callee.Pkg() == nil {
		return nil
	}
	f := api.Of(callee)
	if changes(f) {
		return []int{0}
	}
	if synchronizes(f.Pkg) {
		return nil
	}
	if fn := api.Target(call.Value); fn != nil {
		if o := fn.Origin(); o != nil {
			fn = o
		}
		if w, ok := c.writers[fn]; ok {
			return w
		}
	}
	var fact Writes
	if callee.Pkg() != c.pass.Pkg && c.pass.ImportObjectFact(callee.Origin(), &fact) {
		return fact.Params
	}
	return nil
}

// synchronizes reports whether the types of the package pkg may be used by
// many goroutines at once, whatever they write.
func synchronizes(pkg string) bool {
	switch pkg {
	case "sync", "sync/atomic", "internal/sync", api.Atomic, api.Lock, api.Arc, api.Rc, api.Cell, api.Thread:
		return true
	}
	return false
}
