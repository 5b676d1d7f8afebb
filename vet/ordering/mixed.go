package ordering

import (
	"fmt"
	"go/token"
	"maps"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/fearless-go/fearless/vet/internal/api"
	"github.com/fearless-go/fearless/vet/internal/borrow"
	"github.com/fearless-go/fearless/vet/internal/goroutine"
	"github.com/fearless-go/fearless/vet/internal/guarding"
	"github.com/fearless-go/fearless/vet/internal/lockset"
)

// mixed reports plain accesses of variables that are mostly accessed by
// functions of sync/atomic. Where plain accesses prevail, the atomic ones are
// for a phase of their own.
func mixed(pass *analysis.Pass, all []access, funcs []*ssa.Function, guards guarding.Checker) {
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
			same := func(a access) bool { return owner(a.address) == owner(addressOf(p.instr)) }
			if p.verb == "read" {
				// Two reads are no race: it is with who writes.
				same = func(a access) bool { return a.kind != load && owner(a.address) == owner(addressOf(p.instr)) }
			}
			i := slices.IndexFunc(atomically[class], same)
			if i < 0 {
				continue // in structs of other types
			}
			if p.verb == "read" && (ownWrites(p, atomically[class]) || guarded(guards, p, atomically[class])) {
				continue
			}
			a := atomically[class][i]
			pass.Report(analysis.Diagnostic{
				Pos: p.instr.Pos(),
				Message: fmt.Sprintf("%s is %s plainly here, but atomically at %s: nothing orders the two; use the atomic types, or %s here as well",
					p.path, p.verb, lockset.Position(pass, a.call.Pos()), counterpart(p.verb)),
				Related: []analysis.RelatedInformation{{Pos: a.call.Pos(), Message: "accessed atomically here"}},
			})
		}
	}
}

// ownWrites reports whether only the function that reads plainly at p writes
// the variable, and does both with a lock of the same object: then it reads
// what it has written itself, and no other goroutine writes meanwhile.
func ownWrites(p plainAccess, all []access) bool {
	fn := p.instr.Parent()
	instrs := []ssa.Instruction{p.instr}
	for _, a := range all {
		if a.kind == load {
			continue
		}
		if a.call.Parent() != fn || a.target.Root != p.path.Root {
			return false
		}
		instrs = append(instrs, a.call)
	}
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			call, ok := instr.(*ssa.Call)
			if ok && lockset.OpOf(&call.Call).Kind == lockset.Release {
				return false // the lock may have been given back in between
			}
		}
	}
	for _, b := range fn.Blocks {
		for i, instr := range b.Instrs {
			call, ok := instr.(*ssa.Call)
			if !ok {
				continue
			}
			op := lockset.OpOf(&call.Call)
			if op.Kind != lockset.Acquire || op.Mode != lockset.Exclusive || !together(lockset.Resolve(op.Lock), p.path) {
				continue
			}
			covers := func(x ssa.Instruction) bool {
				return x.Block() != b && b.Dominates(x.Block()) || x.Block() == b && slices.Index(b.Instrs, x) > i
			}
			if !slices.ContainsFunc(instrs, func(x ssa.Instruction) bool { return !covers(x) }) {
				return true
			}
		}
	}
	return false
}

// together reports whether lock and the variable at p are of one object, or both
// of the package.
func together(lock, p lockset.Path) bool {
	_, global := lock.Root.(*ssa.Global)
	_, also := p.Root.(*ssa.Global)
	return lock.Root == p.Root || global && also
}

// owner is the type of the struct that the variable at addr is a part of, by
// value, with those in between: one struct may be embedded in several.
func owner(addr ssa.Value) string {
	path := ""
	for {
		field, ok := addr.(*ssa.FieldAddr)
		if !ok {
			return addr.Type().String() + path
		}
		path = "." + strconv.Itoa(field.Field) + path
		addr = field.X
	}
}

// addressOf is where the load or store instr is.
func addressOf(instr ssa.Instruction) ssa.Value {
	if s, ok := instr.(*ssa.Store); ok {
		return s.Addr
	}
	return instr.(*ssa.UnOp).X
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
	if fn.Name() == "init" || strings.HasPrefix(fn.Name(), "init#") || fn.Synthetic != "" {
		return true
	}
	if p.path.HasElement() {
		return true
	}
	switch r := p.path.Root.(type) {
	case *ssa.Global, *ssa.Parameter:
		return p.verb == "read" && joinedBefore(p.instr)
	case *ssa.Alloc:
		return r.Parent() == fn && !concurrent(r, p.instr)
	}
	return true
}

// joinedBefore reports whether the function has waited for goroutines on
// every way to instr, and started none since: those that used the variable
// atomically are over.
func joinedBefore(instr ssa.Instruction) bool {
	for b, end := instr.Block(), instr; b != nil; b, end = b.Idom(), nil {
		at := len(b.Instrs)
		if end != nil {
			at = slices.Index(b.Instrs, end)
		}
		for i := at - 1; i >= 0; i-- {
			switch x := b.Instrs[i].(type) {
			case *ssa.Go:
				return false
			case *ssa.Call:
				if goroutine.IsJoin(&x.Call) {
					return true
				}
			}
		}
	}
	return false
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
