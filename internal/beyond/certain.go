package beyond

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
)

// certain.go is which code always does an operation.

// operatesElsewhere reports whether code of the loop's function always does an operation
// on other lines than those of the round.
func (r *round) operatesElsewhere(n ast.Node) bool {
	return slices.ContainsFunc(r.certain(r.of, n, 0), func(c *ast.CallExpr) bool {
		low, high := r.loader.line(c.Pos()), r.loader.line(c.End())
		return !slices.ContainsFunc(r.ops, func(line int) bool { return low <= line && line <= high })
	})
}

// skipped is the statements of a list in the loop that are in no round: where they run,
// an operation is done that is not of the round, before them, in them or behind them.
func (r *round) skipped(list []ast.Stmt) []ast.Stmt {
	first := slices.IndexFunc(list, func(s ast.Stmt) bool { return r.operatesElsewhere(s) })
	if first < 0 {
		return nil
	}
	for first > 0 && len(leaving(list[first-1])) == 0 {
		first--
	}
	return list[first:]
}

// certain is the calls in code that are always made where it runs to its end, and that
// always do an operation.
func (r *round) certain(of *source, n ast.Node, depth int) (list []*ast.CallExpr) {
	parts := func(nodes ...ast.Node) {
		for _, n := range nodes {
			list = append(list, r.certain(of, n, depth)...)
		}
	}
	switch n := n.(type) {
	case *ast.AssignStmt, *ast.ExprStmt, *ast.DeclStmt, *ast.IncDecStmt, *ast.ReturnStmt, ast.Expr:
		ast.Inspect(n, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncLit:
				return false
			case *ast.BinaryExpr:
				if n.Op == token.LAND || n.Op == token.LOR {
					parts(n.X)
					return false
				}
			case *ast.CallExpr:
				if r.alwaysOperates(of, n, depth) {
					list = append(list, n)
				}
			}
			return true
		})
	case *ast.LabeledStmt:
		parts(n.Stmt)
	case *ast.BlockStmt:
		for _, s := range n.List {
			parts(s)
			if len(leaving(s)) > 0 {
				break
			}
		}
	case *ast.IfStmt:
		if n.Init != nil {
			parts(n.Init)
		}
		parts(n.Cond)
	case *ast.SwitchStmt:
		if n.Init != nil {
			parts(n.Init)
		}
		if n.Tag != nil {
			parts(n.Tag)
		}
	case *ast.ForStmt:
		if n.Init != nil {
			parts(n.Init)
		}
		if n.Cond != nil {
			parts(n.Cond)
		}
	case *ast.RangeStmt:
		parts(n.X)
	}
	return list
}

// mostCalls is how deep calls are followed.
const mostCalls = 5

// alwaysOperates reports whether a call does an operation of package atomic, or a write to an
// UnsafeCell, where rounds have no effects, or is of a user's function that always does such.
func (r *round) alwaysOperates(of *source, c *ast.CallExpr, depth int) bool {
	fn, ok := called(of, ast.Unparen(c.Fun)).(*types.Func)
	if !ok || fn.Pkg() == nil || fn.Signature().Recv() != nil && types.IsInterface(fn.Signature().Recv().Type()) {
		return false
	}
	fn = fn.Origin()
	if inLibrary(fn.Pkg().Path()) {
		return operation(fn) || !r.effects && nameOf(fn) == "cell.UnsafeCell.WithMut"
	}
	f := r.loader.funcs[fn.FullName()]
	if f == nil || depth == mostCalls || f.of.listed.Standard || jumps(f.decl) {
		return false
	}
	if slices.ContainsFunc(within(f.decl), func(n ast.Node) bool { _, ok := n.(*ast.DeferStmt); return ok }) {
		return false // it may return before, with a panic that it recovers
	}
	return len(r.certain(f.of, f.decl.Body, depth+1)) > 0
}

// operation reports whether a function is a method of package atomic that does one: it takes an
// Ordering. The others, such as String of an Ordering, or GetMut, do nothing that the engine sees.
func operation(fn *types.Func) bool {
	if fn.Pkg() == nil || fn.Pkg().Path() != module+"atomic" || fn.Signature().Recv() == nil {
		return false
	}
	for p := range fn.Signature().Params().Variables() {
		if n, ok := types.Unalias(p.Type()).(*types.Named); ok && n.Obj().Name() == "Ordering" && n.Obj().Pkg() == fn.Pkg() {
			return true
		}
	}
	return false
}
