package lockset

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// AssignedName returns the variable that v is assigned to where it is made,
// or "". SSA form does not keep the names of variables whose address is not taken.
func AssignedName(v ssa.Value) string {
	result := 0 // of several that a call gives
	switch x := v.(type) {
	case *ssa.Call, *ssa.Alloc, *ssa.MakeChan:
	case *ssa.Extract:
		v, result = x.Tuple, x.Index
	default:
		return ""
	}
	fn := v.Parent()
	if fn == nil || fn.Syntax() == nil || !v.Pos().IsValid() {
		return ""
	}
	name := ""
	ast.Inspect(fn.Syntax(), func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for i, rhs := range n.Rhs {
				if made(rhs) != v.Pos() || i+result >= len(n.Lhs) {
					continue
				}
				if id, ok := n.Lhs[i+result].(*ast.Ident); ok && id.Name != "_" {
					name = id.Name
				}
			}
		case *ast.ValueSpec:
			for i, rhs := range n.Values {
				if made(rhs) == v.Pos() && i+result < len(n.Names) {
					name = n.Names[i+result].Name
				}
			}
		}
		return name == ""
	})
	return name
}

// made returns the position that SSA form gives to what e makes.
func made(e ast.Expr) token.Pos {
	switch e := ast.Unparen(e).(type) {
	case *ast.CallExpr:
		return e.Lparen
	case *ast.CompositeLit:
		return e.Lbrace
	case *ast.UnaryExpr:
		return made(e.X)
	}
	return token.NoPos
}

// valueName returns what the user would call v.
func valueName(v ssa.Value) string {
	switch v := v.(type) {
	case *ssa.Parameter, *ssa.FreeVar, *ssa.Global:
		return v.Name()
	case *ssa.Alloc:
		if v.Comment != "" && !strings.ContainsAny(v.Comment, " .") && v.Comment != "complit" && v.Comment != "new" {
			return v.Comment
		}
		t := v.Type().Underlying().(*types.Pointer).Elem()
		if named, ok := t.(*types.Named); ok && named.TypeArgs().Len() == 0 {
			return "the new " + named.Obj().Name()
		}
		return "the new " + types.TypeString(t, func(p *types.Package) string { return "" })
	case *ssa.Phi:
		return v.Comment
	case *ssa.Const:
		return strings.TrimSuffix(v.Name(), ":"+v.Type().String())
	case *ssa.Call:
		if f := v.Call.StaticCallee(); f != nil {
			return f.Name() + "()"
		}
	case *ssa.UnOp:
		if v.Op != token.MUL {
			break
		}
		switch x := v.X.(type) {
		case *ssa.Alloc, *ssa.FreeVar, *ssa.Global:
			return valueName(x)
		case *ssa.FieldAddr:
			return Path{}.field(x.X.Type(), x.Field).tail
		}
	}
	return ""
}
