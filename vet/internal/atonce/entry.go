package atonce

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/fearless-go/fearless/vet/internal/unserved"
)

// An entry is where other code comes into a package: an exported method of an
// exported type, which anybody may call, or a method that a go statement runs.
type entry struct {
	fn      *ssa.Function
	started bool
}

func (e entry) name() string {
	if e.started {
		return "the goroutine of " + e.fn.Name()
	}
	return e.fn.Name()
}

// atOnce says that a and b may be called at once.
func atOnce(a, b entry) string {
	if a == b {
		return "two goroutines may call " + a.name() + " at once"
	}
	return a.name() + " and " + b.name() + " may run at once"
}

// exported reports whether users of the package can call the method fn. Nobody
// imports a command.
func (f *finder) exported(fn *ssa.Function) bool {
	if fn.Signature.Recv() == nil || !token.IsExported(fn.Name()) || f.pass.Pkg.Name() == "main" {
		return false
	}
	t := types.Unalias(fn.Signature.Recv().Type())
	if p, ok := t.(*types.Pointer); ok {
		t = types.Unalias(p.Elem())
	}
	named, ok := t.(*types.Named)
	return ok && named.Obj().Exported()
}

// entries are the entries that lead to fn, by calls whose target is evident.
func (f *finder) entries(fn *ssa.Function, depth int) []entry {
	if depth < 0 || f.inTest(fn) {
		return nil
	}
	if fn.Parent() != nil {
		return f.entries(fn.Parent(), depth)
	}
	var found []entry
	if f.exported(fn) {
		found = append(found, entry{fn, false})
	}
	for _, site := range f.guards.Locks.UsesOf(fn) {
		if _, ok := site.(*ssa.Go); ok && !f.inTest(site.Parent()) {
			found = append(found, entry{fn, true})
			continue
		}
		found = append(found, f.entries(site.Parent(), depth-1)...)
	}
	return found
}

// bare is an entry that leads to at, which uses what base points to, the
// receiver all the way, with no lock held and nothing acquired before. The loop
// of a goroutine has acquired nothing in its first round, and what it acquires
// in one does not order the next.
func (f *finder) bare(at ssa.Instruction, base ssa.Value, depth int) (entry, bool) {
	fn := at.Parent()
	if depth < 0 || f.inTest(fn) || receiver(fn) == nil || base != receiver(fn) || !f.guards.Locks.NoneHeldAt(at) || alwaysAfter(f.acquires(fn), at) {
		return entry{}, false
	}
	first := !after(f.acquires(fn), at) && !after(selects(fn), at)
	sites := f.guards.Locks.UsesOf(fn)
	var found entry
	ok := false
	for _, site := range sites {
		if f.inTest(site.Parent()) {
			continue
		}
		if _, isGo := site.(*ssa.Go); isGo {
			if unserved.InLoop(at, nil) && !answers(at) {
				found, ok = entry{fn, true}, true
			}
			continue
		}
		if !f.guards.Locks.NoneHeldAt(site) {
			return entry{}, false // its callers are to hold a lock, it seems
		}
		if e, isBare := f.bare(site, site.Common().Args[0], depth-1); isBare && !ok && first {
			found, ok = e, true
		}
	}
	if f.exported(fn) && first {
		return entry{fn, false}, true
	}
	return found, ok
}

// acquires remembers what the function of that name finds.
func (f *finder) acquires(fn *ssa.Function) []ssa.Instruction {
	found, known := f.acquired[fn]
	if !known {
		found = acquires(fn)
		f.acquired[fn] = found
	}
	return found
}

// selects are the select statements of fn: who knows which case it was may
// know more than before.
func selects(fn *ssa.Function) []ssa.Instruction {
	var found []ssa.Instruction
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if _, ok := instr.(*ssa.Select); ok {
				found = append(found, instr)
			}
		}
	}
	return found
}
