package parallel

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/fearless-go/fearless/vet/internal/lockset"
)

// SourcePos is where the access stands in the source, as near as is known.
func (a *Access) SourcePos() token.Pos {
	if a.Frame.isBuiltin() {
		return a.Thread.Site.Pos()
	}
	return sourcePos(a.Instr, a.Addr)
}

// Describe is what the source calls the memory that instr accesses, in
// backquotes, and where it does so.
func Describe(instr ssa.Instruction) (string, token.Pos) {
	addr := addressOf(instr)
	if addr == nil {
		return "memory", instr.Pos()
	}
	return "`" + name(addr, nil, 0) + "`", sourcePos(instr, addr)
}

// addressOf is the value by which instr says what memory it accesses.
func addressOf(instr ssa.Instruction) ssa.Value {
	switch x := instr.(type) {
	case *ssa.UnOp:
		return x.X
	case *ssa.Store:
		return x.Addr
	case *ssa.Lookup:
		return x.X
	case *ssa.Range:
		return x.X
	case *ssa.MapUpdate:
		return x.Map
	case *ssa.Convert:
		return x.X
	case *ssa.Send:
		return x.Chan
	case *ssa.Select:
		for _, s := range x.States {
			if s.Dir == types.SendOnly {
				return s.Chan
			}
		}
	case ssa.CallInstruction:
		if args := x.Common().Args; len(args) > 0 {
			return args[0]
		}
	}
	return nil
}

// sourcePos is where instr, which accesses what addr means, stands.
func sourcePos(instr ssa.Instruction, addr ssa.Value) token.Pos {
	if pos := instr.Pos(); pos.IsValid() {
		return pos
	}
	if pos := addrPos(addr); pos.IsValid() {
		return pos
	}
	// A read of a variable has no position of its own: its use has.
	if v, ok := instr.(ssa.Value); ok && v.Referrers() != nil {
		for _, use := range *v.Referrers() {
			if pos := use.Pos(); pos.IsValid() {
				return pos
			}
		}
	}
	b := instr.Block()
	i := indexOf(b, instr)
	for j := i + 1; j < len(b.Instrs); j++ {
		if pos := b.Instrs[j].Pos(); pos.IsValid() {
			return pos
		}
	}
	for j := i - 1; j >= 0; j-- {
		if pos := b.Instrs[j].Pos(); pos.IsValid() {
			return pos
		}
	}
	return instr.Parent().Pos()
}

// addrPos is the position of the expression that computes an address; that
// of a variable's declaration does not count.
func addrPos(v ssa.Value) token.Pos {
	switch v.(type) {
	case *ssa.Alloc, *ssa.FreeVar, *ssa.Global, *ssa.Parameter:
		return token.NoPos
	}
	return v.Pos()
}

// Name is what the source calls the memory, in backquotes.
func (a *Access) Name() string {
	return "`" + name(a.Addr, a.Frame, 0) + "`"
}

func name(v ssa.Value, f *Frame, depth int) string {
	if depth > 6 {
		return "…"
	}
	switch x := v.(type) {
	case *ssa.Alloc:
		if n := lockset.AssignedName(x); n != "" {
			return n
		}
		if x.Comment != "" && token.IsIdentifier(x.Comment) {
			return x.Comment
		}
	case *ssa.Global:
		return x.Name()
	case *ssa.FreeVar:
		return x.Name()
	case *ssa.Parameter:
		if f != nil && f.isBuiltin() && slices.Contains(f.Fn.Params, x) {
			i := slices.Index(f.Fn.Params, x)
			return name(f.args[i].val, f.args[i].frame, depth+1)
		}
		return x.Name()
	case *ssa.FieldAddr:
		if st, ok := elem(x.X.Type()).Underlying().(*types.Struct); ok {
			return name(x.X, f, depth+1) + "." + st.Field(x.Field).Name()
		}
	case *ssa.IndexAddr:
		if c, ok := x.Index.(*ssa.Const); ok {
			return name(x.X, f, depth+1) + "[" + c.Value.String() + "]"
		}
		return name(x.X, f, depth+1) + "[…]"
	case *ssa.UnOp:
		if x.Op == token.MUL {
			if fa, ok := x.X.(*ssa.FreeVar); ok {
				return fa.Name()
			}
			return name(x.X, f, depth+1)
		}
	case *ssa.Slice:
		return name(x.X, f, depth+1)
	case *ssa.MakeInterface:
		return name(x.X, f, depth+1)
	case *ssa.ChangeType:
		return name(x.X, f, depth+1)
	case *ssa.Phi:
		if x.Comment != "" && token.IsIdentifier(x.Comment) {
			return x.Comment
		}
	case *ssa.Extract:
		return part(x, f, depth)
	case *ssa.Lookup:
		return name(x.X, f, depth+1) + "[…]"
	case *ssa.TypeAssert:
		return name(x.X, f, depth+1)
	case *ssa.Field:
		if st, ok := x.X.Type().Underlying().(*types.Struct); ok {
			return name(x.X, f, depth+1) + "." + st.Field(x.Field).Name()
		}
	case *ssa.MakeMap, *ssa.MakeSlice, *ssa.MakeChan, *ssa.Call:
		if n := storedIn(v); n != "" {
			return n
		}
		if n := lockset.AssignedName(v); n != "" {
			return n
		}
	}
	return typeName(v.Type())
}

// part is the name of one of the values that an operation gives. Where the
// operation has no name, it is the part's type: that of all is no type of the
// source.
func part(x *ssa.Extract, f *Frame, depth int) string {
	switch from := x.Tuple.(type) {
	case *ssa.Next:
		if r, ok := from.Iter.(*ssa.Range); ok {
			return name(r.X, f, depth+1) + "[…]"
		}
	case *ssa.Lookup, *ssa.TypeAssert:
		if x.Index == 0 {
			return name(from, f, depth+1)
		}
	case *ssa.UnOp:
		if from.Op == token.ARROW && x.Index == 0 {
			return "what " + name(from.X, f, depth+1) + " carries"
		}
	}
	if n := lockset.AssignedName(x); n != "" {
		return n
	}
	if n := storedIn(x); n != "" {
		return n
	}
	return typeName(x.Type())
}

// storedIn is the variable that v is stored in, if there is one.
func storedIn(v ssa.Value) string {
	for _, ref := range *v.Referrers() {
		if s, ok := ref.(*ssa.Store); ok && s.Val == v {
			if a, ok := s.Addr.(*ssa.Alloc); ok && token.IsIdentifier(a.Comment) {
				return a.Comment
			}
		}
	}
	return ""
}

func typeName(t types.Type) string {
	return types.TypeString(t, func(p *types.Package) string { return p.Name() })
}
