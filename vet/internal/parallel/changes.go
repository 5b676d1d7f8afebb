package parallel

import (
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/fearless-go/fearless/vet/internal/api"
	"github.com/fearless-go/fearless/vet/internal/guarding"
	"github.com/fearless-go/fearless/vet/internal/lockset"
)

// changes are what code of the package may write when others know of it.
//
// Code of another package is not seen. It can write what has an exported name,
// which counts as changed for that. It can also overwrite a whole object of an
// exported type, and whatever it has by reflection or package unsafe: that is
// not counted.
type changes struct {
	vars   map[*types.Var]bool // fields and package variables
	onces  map[ssa.Value]bool  // variables of functions that are, or hold, a Once
	once   bool                // some Once is overwritten
	astray bool                // one is of which it is not known where it stands
}

// changed are the changes of the package.
func (t *Tree) changed() *changes {
	if t.changing == nil {
		t.changing = &changes{vars: map[*types.Var]bool{}, onces: map[ssa.Value]bool{}}
		for _, fn := range t.locks.Functions() {
			for _, b := range fn.Blocks {
				for _, instr := range b.Instrs {
					t.changing.note(instr)
				}
			}
		}
	}
	return t.changing
}

// changes reports whether some code may write the field or package variable v
// when others know of it: code of the package does, or gives the address away, or
// it is for other packages as well.
func (t *Tree) changes(v *types.Var) bool { return v.Exported() || t.changed().vars[v.Origin()] }

func (c *changes) note(instr ssa.Instruction) {
	for _, operand := range instr.Operands(nil) {
		if g, ok := (*operand).(*ssa.Global); ok && c.writes(g, instr) && instr.Parent() != g.Pkg.Func("init") {
			if v, ok := g.Object().(*types.Var); ok {
				c.vars[v] = true
			}
		}
	}
	switch x := instr.(type) {
	case *ssa.FieldAddr:
		for _, user := range *x.Referrers() {
			if c.writes(x, user) {
				c.vars[fieldAt(x)] = true
			}
		}
	case *ssa.Store:
		if !madeHere(x.Addr, x) {
			c.store(x)
		}
	case ssa.CallInstruction:
		c.call(x.Common())
	}
}

func fieldAt(x *ssa.FieldAddr) *types.Var {
	return elem(x.X.Type()).Underlying().(*types.Struct).Field(x.Field).Origin()
}

// writes reports whether user may write to addr, or let others do so, when
// others know of the object. A Once is overwritten by a store, not by its use.
func (c *changes) writes(addr ssa.Value, user ssa.Instruction) bool {
	switch user := user.(type) {
	case *ssa.UnOp, *ssa.FieldAddr, *ssa.DebugRef:
		return false
	case *ssa.IndexAddr:
		for _, next := range *user.Referrers() {
			if c.writes(user, next) {
				return true
			}
		}
		return false
	case *ssa.Store:
		return user.Val == addr || !madeHere(addr, user)
	case ssa.CallInstruction:
		return api.CalleeOf(user.Common()) != onceDo || api.Receiver(user.Common()) != addr
	}
	return true
}

// store notes what x overwrites but the field or package variable that it names.
func (c *changes) store(x *ssa.Store) {
	if !c.parts(x.Val.Type()) {
		return
	}
	addr := x.Addr
	for {
		switch at := addr.(type) {
		case *ssa.FieldAddr, *ssa.Global:
			return
		case *ssa.Alloc:
			c.onces[at] = true
			return
		case *ssa.IndexAddr:
			addr = at.X // an array, or a slice, which is loaded from somewhere
			continue
		case *ssa.FreeVar:
			if bound := lockset.Binding(at); bound != nil {
				addr = bound
				continue
			}
		}
		c.astray = true
		return
	}
}

// parts notes that a value of type typ is overwritten, with all fields in it. It
// reports whether that is a Once, or an array of them.
func (c *changes) parts(typ types.Type) (once bool) {
	if api.TypeOf(typ) == (api.Type{Pkg: "sync", Name: "Once"}) {
		c.once = true
		return true
	}
	switch u := typ.Underlying().(type) {
	case *types.Struct:
		for field := range u.Fields() {
			c.vars[field.Origin()] = true
			c.parts(field.Type())
		}
	case *types.Array:
		return c.parts(u.Elem())
	}
	return false
}

// call notes what a call may overwrite: elements by a builtin function, and by a
// generic one what its type arguments are.
func (c *changes) call(call *ssa.CallCommon) {
	var overwritten []types.Type
	if b, ok := call.Value.(*ssa.Builtin); ok {
		switch b.Name() {
		case "append", "clear", "copy":
			if s, ok := call.Args[0].Type().Underlying().(*types.Slice); ok {
				overwritten = append(overwritten, s.Elem())
			}
		}
	} else if callee := call.StaticCallee(); callee != nil {
		overwritten = callee.TypeArgs()
	}
	for _, typ := range overwritten {
		if c.parts(typ) {
			c.astray = true
		}
	}
}

// madeHere reports whether addr is a part of an object that the function of at
// has made, and that nobody else knows of then.
func madeHere(addr ssa.Value, at ssa.Instruction) bool {
	for {
		switch x := addr.(type) {
		case *ssa.FieldAddr:
			addr = x.X
			continue
		case *ssa.Alloc:
			return guarding.Owned(x, at)
		}
		return false
	}
}

// maxLoads is how many steps an address is followed to where it comes from.
const maxLoads = 12

// through tells whether the address v in f is the same whenever it is computed;
// or, if it goes through one load or call that happens once in the tree, whenever
// it goes through that: by. Fields and variables that keep a pointer may be
// followed, since nothing gives them another.
func (t *Tree) through(f *Frame, v ssa.Value) (by argument, ok bool) {
	for range maxLoads {
		f, v = f.origin(v)
		switch x := v.(type) {
		case *ssa.FieldAddr:
			v = x.X
			continue
		case *ssa.IndexAddr:
			v = x.X
			continue
		case *ssa.Alloc, *ssa.Global, *ssa.FreeVar, *ssa.MakeSlice:
			return argument{}, true
		case *ssa.Parameter:
			return argument{}, f == t.Root
		case *ssa.UnOp:
			switch from := x.X.(type) {
			case *ssa.FieldAddr:
				if !t.changes(fieldAt(from)) {
					v = from.X
					continue
				}
			case *ssa.Global:
				if global, ok := from.Object().(*types.Var); ok && !t.changes(global) {
					return argument{}, true
				}
			}
		}
		return argument{f, v}, t.once(f, v)
	}
	return argument{}, false
}
