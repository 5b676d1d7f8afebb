package atonce

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/fearless-go/fearless/vet/internal/api"
	"github.com/fearless-go/fearless/vet/internal/guarding"
	"github.com/fearless-go/fearless/vet/internal/lockset"
	"github.com/fearless-go/fearless/vet/internal/unserved"
)

// methods finds fields that one method writes with a lock of the same struct
// held, and that another uses without any. That the type locks is the evidence
// that its methods are called at once, and that the write is locked is the
// evidence that this lock guards the field; the idea is that of Blackshear et
// al., "RacerD: Compositional Static Race Detection" (2018).
//
// What else may keep the two apart makes it silent:
//
//   - the object is not known to others yet, or all callers hold the lock;
//   - the use comes after a lock, a receive, a join, an atomic operation or a
//     call that is not known, by which it may know that the writer is done;
//   - any other lock is held there, or by a caller in the package;
//   - it is a method that stores what it is given, without a lock, as an option
//     that is set before the object is used;
//   - the writer goes on to start the goroutine that reads, or returns with the
//     lock held, so that its caller may read;
//   - only one entry writes, and it is the one that reads without the lock:
//     who alone writes may read what it has written;
//   - the field is used without the lock more often than with it: then it is not
//     evident that the lock is for the field.
func (f *finder) methods() {
	for _, uses := range f.fieldUses() {
		for _, lock := range uses.locks {
			f.unlocked(uses, lock)
		}
	}
}

// A fieldUse is a use of a field, or of a part of it, in the struct that base
// points to.
type fieldUse struct {
	guarding.Use
	base ssa.Value
	part string
	name string
}

// fieldUses are the uses of one field of a struct that has locks.
type fieldUses struct {
	field *types.Var
	locks []guarding.Guard
	uses  []fieldUse
}

// fieldUses lists the fields in structs with locks and what uses them, but for tests.
func (f *finder) fieldUses() []*fieldUses {
	var all []*fieldUses
	of := map[*types.Var]*fieldUses{}
	for _, fn := range f.prog.SrcFuncs {
		if f.inTest(fn) {
			continue
		}
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				fa, ok := instr.(*ssa.FieldAddr)
				if !ok {
					continue
				}
				st := fa.X.Type().Underlying().(*types.Pointer).Elem()
				locks := lockset.LocksIn(st)
				field := st.Underlying().(*types.Struct).Field(fa.Field)
				if len(locks) == 0 || synchronizes(field.Type()) {
					continue
				}
				u := of[field.Origin()]
				if u == nil {
					u = &fieldUses{field: field.Origin()}
					for _, i := range locks {
						u.locks = append(u.locks, guarding.Guard{Lock: st.Underlying().(*types.Struct).Field(i), Index: i})
					}
					of[field.Origin()] = u
					all = append(all, u)
				}
				for _, use := range guarding.Uses(fa, *fa.Referrers()) {
					if part, ok := partOf(use, fa); ok {
						u.uses = append(u.uses, fieldUse{use, fa.X, part, lockset.Resolve(fa).String()})
					}
				}
			}
		}
	}
	return all
}

// synchronizes reports whether a value of type t is for several goroutines.
func synchronizes(t types.Type) bool {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	switch api.TypeOf(t).Pkg {
	case "sync", "sync/atomic", api.Lock, api.Atomic:
		return true
	}
	return false
}

// contents ends the part that is what a map holds.
const contents = "*"

// partOf is the part of the field at addr that u uses: fields of fields, and
// contents. It is not known for elements, nor for what a call is given.
func partOf(u guarding.Use, field *ssa.FieldAddr) (part string, ok bool) {
	if _, isCall := u.At.(ssa.CallInstruction); isCall && !ofMap(u) {
		return "", false
	}
	addr := u.Addr
	if load, isLoad := addr.(*ssa.UnOp); isLoad {
		if _, isMap := load.Type().Underlying().(*types.Map); !isMap {
			return "", false
		}
		part, addr = contents, load.X
	}
	for addr != ssa.Value(field) {
		fa, ok := addr.(*ssa.FieldAddr)
		if !ok {
			return "", false
		}
		part = "." + fa.X.Type().Underlying().(*types.Pointer).Elem().Underlying().(*types.Struct).Field(fa.Field).Name() + part
		addr = fa.X
	}
	return part, true
}

// ofMap reports whether u is a builtin's use of what a map holds: delete and
// clear change it, and len counts it. len of a slice uses nothing that the
// slice holds.
func ofMap(u guarding.Use) bool {
	call, ok := u.At.(*ssa.Call)
	if !ok {
		return false
	}
	_, builtin := call.Call.Value.(*ssa.Builtin)
	_, isMap := u.Addr.Type().Underlying().(*types.Map)
	return builtin && (u.Write || isMap)
}

// meet reports whether two parts of a field have memory in common.
func meet(p, q string) bool {
	if len(p) > len(q) {
		p, q = q, p
	}
	return p == q || q[:len(p)] == p && q[len(p)] == '.' && q[len(q)-1:] != contents
}

// unlocked reports a use of the field without the lock g, beside a write with it.
func (f *finder) unlocked(u *fieldUses, g guarding.Guard) {
	var with, without []fieldUse
	for _, use := range u.uses {
		switch {
		case f.private(use):
		case f.guards.Allowed(use.At, use.Write, g, use.base):
			with = append(with, use)
		default:
			without = append(without, use)
		}
	}
	if len(without) > len(with) {
		return
	}
	for _, a := range without {
		entry, ok := f.bare(a.At, a.base, maxCalls)
		if !ok || a.Write && sets(a) {
			continue
		}
		w, writer, ok := f.writer(a, entry, with, g)
		if !ok {
			continue
		}
		f.add(Finding{
			A:        Access{a.At, a.name, a.Write, place{field: u.field}},
			B:        Access{w.At, w.name, true, place{field: u.field}},
			Lock:     f.guards.LockOf(g, w.base).String(),
			Evidence: atOnce(entry, writer),
			At:       w.Pos(),
		})
		return
	}
}

// sets reports whether the write u stores what its function was given.
func sets(u fieldUse) bool {
	store, ok := u.At.(*ssa.Store)
	if !ok {
		return false
	}
	v := store.Val
	if made, ok := v.(*ssa.MakeInterface); ok {
		v = made.X
	}
	_, ok = v.(*ssa.Parameter)
	return ok
}

// starts reports whether e is a goroutine that the function of w starts after w.
func (f *finder) starts(w fieldUse, e entry) bool {
	return e.started && slices.ContainsFunc(f.guards.Locks.UsesOf(e.fn), func(site ssa.CallInstruction) bool {
		_, isGo := site.(*ssa.Go)
		return isGo && site.Parent() == w.At.Parent() && unserved.Reaches(w.At, site)
	})
}

// private reports whether u is to an object that its function has made and
// nobody knows of yet.
func (f *finder) private(u fieldUse) bool {
	made, ok := lockset.Resolve(u.base).Within().(*ssa.Alloc)
	return ok && guarding.Owned(made, u.At)
}

// writer is a write of what a uses, with the lock g, and the entry that leads to it.
func (f *finder) writer(a fieldUse, entry entry, with []fieldUse, g guarding.Guard) (fieldUse, entry, bool) {
	own, others := -1, false
	for i, w := range with {
		if f.guards.Locks.ReturnsWith(w.At.Parent(), f.guards.LockOf(g, w.base)) {
			continue // as the Lock of a lock: whoever has called it may use the field
		}
		for _, e := range f.entries(w.At.Parent(), maxCalls) {
			writes := w.Write && meet(a.part, w.part) && !f.starts(w, entry) && f.guards.Locks.HeldAt(w.At, f.guards.LockOf(g, w.base), true)
			switch {
			case writes && e != entry:
				return w, e, true
			case writes:
				own = i
			}
			others = others || e != entry
		}
	}
	if own >= 0 && !others {
		return with[own], entry, true
	}
	return fieldUse{}, entry, false
}
