package ordering

import (
	"fmt"
	"go/constant"
	"go/token"
	"go/types"
	"maps"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/fearless-go/fearless/vet/internal/api"
	"github.com/fearless-go/fearless/vet/internal/borrow"
	"github.com/fearless-go/fearless/vet/internal/lockset"
)

func constantSign(c *ssa.Const) int {
	if c.Value.Kind() != constant.Int {
		return 0
	}
	return constant.Sign(c.Value)
}

// publications reports Relaxed stores and loads of a flag or pointer by which
// one function hands plain data to another.
func publications(pass *analysis.Pass, all []access, funcs []*ssa.Function) {
	for _, st := range all {
		if !st.library || st.kind != store || st.target.Class == "" && !st.target.Known() {
			continue
		}
		if isNil(st.value) {
			continue
		}
		if pointer(st.value) {
			if st.order() == relaxed && fresh(st.value) {
				pass.Report(analysis.Diagnostic{
					Pos:     st.call.Pos(),
					Message: fmt.Sprintf("%s publishes a pointer with a Relaxed store: whoever loads it may see what it points to uninitialized; use Release, and Acquire to load", st.target),
				})
			}
			continue
		}
		if fences(st.call.Parent()) {
			continue
		}
		for _, w := range writesBefore(st.call) {
			data := lockset.Resolve(w.Addr)
			if data.Class == "" || data.Class == st.target.Class {
				continue
			}
			ld, read := consumer(all, st, data)
			if ld == nil {
				continue
			}
			switch {
			case st.order() == relaxed:
				pass.Report(analysis.Diagnostic{
					Pos: st.call.Pos(),
					Message: fmt.Sprintf("%s is stored Relaxed, but says that %s, written at %s, is ready to be read at %s: nothing orders the two; use Release, and Acquire to load",
						st.target, data, lockset.Position(pass, w.Pos()), lockset.Position(pass, read.Pos())),
					Related: []analysis.RelatedInformation{{Pos: w.Pos(), Message: "written here"}, {Pos: read.Pos(), Message: "read here"}},
				})
			case ld.order() == relaxed:
				pass.Report(analysis.Diagnostic{
					Pos: ld.call.Pos(),
					Message: fmt.Sprintf("%s is loaded Relaxed, but says that %s, written at %s, can be read at %s: nothing orders the two; use Acquire",
						ld.target, data, lockset.Position(pass, w.Pos()), lockset.Position(pass, read.Pos())),
					Related: []analysis.RelatedInformation{{Pos: w.Pos(), Message: "written here"}, {Pos: read.Pos(), Message: "read here"}},
				})
			default:
				continue
			}
			break
		}
	}
}

func isNil(v ssa.Value) bool {
	c, ok := v.(*ssa.Const)
	return ok && (c.IsNil() || c.Value != nil && c.Value.Kind() == constant.Bool && !constant.BoolVal(c.Value))
}

func pointer(v ssa.Value) bool {
	_, ok := v.Type().Underlying().(*types.Pointer)
	return ok
}

// fresh reports whether v points to what its function has just made.
func fresh(v ssa.Value) bool {
	_, ok := v.(*ssa.Alloc)
	return ok
}

func fences(fn *ssa.Function) bool {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if call, ok := instr.(*ssa.Call); ok {
				if a, ok := accessOf(call); ok && a.kind == fence {
					return true
				}
			}
		}
	}
	return false
}

// writesBefore returns the plain writes to shared variables that precede call on every path.
func writesBefore(call *ssa.Call) []*ssa.Store {
	var out []*ssa.Store
	for _, b := range call.Parent().Blocks {
		if !b.Dominates(call.Block()) {
			continue
		}
		for _, instr := range b.Instrs {
			if instr == ssa.Instruction(call) {
				break
			}
			if st, ok := instr.(*ssa.Store); ok && shared(st.Addr) {
				out = append(out, st)
			}
		}
	}
	return out
}

// shared reports whether other functions may know the variable at addr.
func shared(addr ssa.Value) bool {
	switch r := lockset.Resolve(addr).Root.(type) {
	case *ssa.Global, *ssa.Parameter:
		return true
	case *ssa.Alloc:
		return r.Heap && r.Parent() != addr.Parent()
	}
	return false
}

// consumer returns a load, in another function than st's, of the flag that st
// stores, and the plain read of data that it decides about.
func consumer(all []access, st access, data lockset.Path) (*access, ssa.Instruction) {
	for i := range all {
		ld := &all[i]
		if ld.kind != load || ld.call.Parent() == st.call.Parent() || !sameVariable(ld.target, st.target) || fences(ld.call.Parent()) {
			continue
		}
		if read := readAfter(ld.call, data); read != nil {
			return ld, read
		}
	}
	return nil, nil
}

func sameVariable(p, q lockset.Path) bool {
	return p.Same(q) || p.Class != "" && p.Class == q.Class
}

// readAfter returns a plain read of data in a block that is reached only if
// the result of call says so.
func readAfter(call *ssa.Call, data lockset.Path) ssa.Instruction {
	fn := call.Parent()
	for _, b := range fn.Blocks {
		branch, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If)
		if !ok {
			continue
		}
		if is, _ := derived(branch.Cond, call, 4); !is {
			continue
		}
		for _, succ := range b.Succs {
			if len(succ.Preds) > 1 && !(succ == b.Succs[1] && b.Dominates(succ)) {
				continue
			}
			for _, in := range fn.Blocks {
				if !succ.Dominates(in) {
					continue
				}
				for _, instr := range in.Instrs {
					if u, ok := instr.(*ssa.UnOp); ok && u.Op == token.MUL && sameVariable(lockset.Resolve(u.X), data) {
						return u
					}
				}
			}
		}
	}
	return nil
}

// mixed reports plain accesses of variables that are mostly accessed by
// functions of sync/atomic. Where plain accesses prevail, the atomic ones are
// for a phase of their own.
func mixed(pass *analysis.Pass, all []access, funcs []*ssa.Function) {
	atomically := map[string][]access{}
	writes := map[string]bool{}
	for _, a := range all {
		class := a.target.Class
		if a.library || class == "" || a.call.Call.Signature().Recv() != nil || local(a.target) || strings.Contains(class, "[]") {
			continue
		}
		atomically[class] = append(atomically[class], a)
		if a.kind != load {
			writes[class] = true
		}
	}
	if len(atomically) == 0 {
		return
	}
	plain := map[string][]plainAccess{}
	for _, fn := range funcs {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				if p, ok := plainAccessOf(instr); ok && atomically[p.path.Class] != nil {
					plain[p.path.Class] = append(plain[p.path.Class], p)
				}
			}
		}
	}
	for _, class := range slices.Sorted(maps.Keys(plain)) {
		accesses := plain[class]
		if lines(pass, accesses) > len(atomically[class]) {
			continue
		}
		for _, p := range accesses {
			if p.verb == "read" && !writes[class] || quiet(p, all) || !p.instr.Pos().IsValid() {
				continue
			}
			a := atomically[class][0]
			pass.Report(analysis.Diagnostic{
				Pos: p.instr.Pos(),
				Message: fmt.Sprintf("%s is %s plainly here, but atomically at %s: nothing orders the two; use the atomic types, or %s here as well",
					p.path, p.verb, lockset.Position(pass, a.call.Pos()), counterpart(p.verb)),
				Related: []analysis.RelatedInformation{{Pos: a.call.Pos(), Message: "accessed atomically here"}},
			})
		}
	}
}

// lines counts the lines on which there are plain accesses: n++ is one.
func lines(pass *analysis.Pass, accesses []plainAccess) int {
	seen := map[string]bool{}
	for _, p := range accesses {
		seen[lockset.Position(pass, p.instr.Pos())] = true
	}
	return len(seen)
}

// A plainAccess is a read or write that is not atomic.
type plainAccess struct {
	instr ssa.Instruction
	path  lockset.Path
	verb  string
}

func plainAccessOf(instr ssa.Instruction) (plainAccess, bool) {
	p := plainAccess{instr: instr}
	switch instr := instr.(type) {
	case *ssa.Store:
		p.path, p.verb = lockset.Resolve(instr.Addr), "written"
	case *ssa.UnOp:
		if instr.Op != token.MUL {
			return p, false
		}
		p.path, p.verb = lockset.Resolve(instr.X), "read"
	default:
		return p, false
	}
	return p, p.path.Class != ""
}

func counterpart(verb string) string {
	if verb == "read" {
		return "an atomic load"
	}
	return "an atomic store"
}

// quiet reports whether a plain access has a reason to be alone: the object
// is new or not known, the package is being initialized, or what is read is
// compared and exchanged afterwards.
func quiet(p plainAccess, all []access) bool {
	fn := p.instr.Parent()
	if p.verb == "read" && slices.ContainsFunc(all, func(a access) bool {
		return a.kind == compareExchange && a.call.Parent() == fn && a.target.Same(p.path)
	}) {
		return true
	}
	if fn.Name() == "init" || fn.Synthetic != "" {
		return true
	}
	if p.path.HasElement() {
		return true
	}
	switch r := p.path.Root.(type) {
	case *ssa.Global, *ssa.Parameter:
		return false
	case *ssa.Alloc:
		return r.Parent() == fn && !concurrent(r, p.instr)
	}
	return true
}

// concurrent reports whether instr can run while a goroutine that has captured
// the variable cell runs: nothing that may wait for it lies in between.
func concurrent(cell *ssa.Alloc, instr ssa.Instruction) bool {
	found := false
	for _, ref := range *cell.Referrers() {
		m, ok := ref.(*ssa.MakeClosure)
		if !ok {
			continue
		}
		for _, use := range *m.Referrers() {
			start, ok := use.(*ssa.Go)
			if !ok {
				continue
			}
			stop := func(i ssa.Instruction) bool { return waits(i) || i == ssa.Instruction(cell) }
			borrow.After(start, stop, func(i ssa.Instruction) bool {
				found = found || i == instr
				return !found
			})
		}
	}
	return found
}

// waits reports whether instr may wait for another goroutine.
func waits(instr ssa.Instruction) bool {
	switch instr := instr.(type) {
	case *ssa.Call:
		f := api.CalleeOf(&instr.Call)
		return f.Pkg != "fmt" && f.Pkg != "sync/atomic" || strings.HasPrefix(f.Name, "Fs") || strings.HasPrefix(f.Name, "Sc")
	case *ssa.UnOp:
		return instr.Op == token.ARROW
	case *ssa.Select, *ssa.Send:
		return true
	}
	return false
}
