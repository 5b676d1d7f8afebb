package beyond

import (
	"fmt"
	"go/ast"
	"go/types"
	"path/filepath"
	"slices"
	"strings"
)

// call looks at what is called.
func (r *round) call(s *source, c *ast.CallExpr) {
	fun := ast.Unparen(c.Fun)
	switch x := fun.(type) {
	case *ast.IndexExpr:
		fun = ast.Unparen(x.X)
	case *ast.IndexListExpr:
		fun = ast.Unparen(x.X)
	case *ast.FuncLit:
		return // walked where it stands
	}
	tv := s.info.Types[fun]
	if tv.IsType() {
		return
	}
	obj := called(s, fun)
	switch fn := obj.(type) {
	case *types.Builtin:
		switch fn.Name() {
		case "append", "copy", "delete", "clear", "close":
			r.keep(c.Pos(), "%s writes", fn.Name())
		}
	case *types.Func:
		r.callsFunc(s, c, fn.Origin())
	default:
		r.callsValue(s, c)
	}
}

// called is what the name of a called function stands for.
func called(s *source, fun ast.Expr) types.Object {
	switch x := fun.(type) {
	case *ast.Ident:
		return s.info.Uses[x]
	case *ast.SelectorExpr:
		return s.info.Uses[x.Sel]
	}
	return nil
}

// pure holds packages of the standard library whose functions, given numbers and
// strings, return the same each time and do nothing else.
var pure = []string{"math", "math/bits", "cmp", "strconv", "unicode", "unicode/utf8"}

// writesNothing reports whether a function of the standard library does nothing that
// is seen later, and returns the same each time. What is given a pointer, a slice, a
// function or an interface may write there, or call what does. A clock, a count of
// goroutines and the like are different each time.
func writesNothing(fn *types.Func) bool {
	signature := fn.Signature()
	for v := range signature.Params().Variables() {
		t := v.Type()
		if _, ok := t.(*types.TypeParam); ok && fn.Pkg().Path() == "cmp" {
			continue // ordered, so numbers and strings
		}
		if _, ok := t.Underlying().(*types.Basic); !ok {
			return false
		}
	}
	if recv := signature.Recv(); recv != nil {
		_, ok := recv.Type().Underlying().(*types.Basic)
		return ok && (slices.Contains(pure, fn.Pkg().Path()) || fn.Pkg().Path() == "time")
	}
	return slices.Contains(pure, fn.Pkg().Path()) || fn.FullName() == "errors.New" || slices.Contains(pauses, fn.Pkg().Path()+"."+fn.Name())
}

func (r *round) callsFunc(s *source, c *ast.CallExpr, fn *types.Func) {
	if recv := fn.Signature().Recv(); recv != nil && types.IsInterface(recv.Type()) {
		r.callsValue(s, c)
		return
	}
	if f := r.loader.funcs[fn.FullName()]; f != nil && !f.of.listed.Standard && (!inLibrary(f.of.listed.path()) || r.inTest(f)) {
		r.enter(f.of, f.decl, f.decl.Body)
		return
	}
	if fn.Pkg() == nil {
		return // Error of the universe
	}
	path := fn.Pkg().Path()
	if inLibrary(path) {
		r.callsLibrary(s, c, fn)
		return
	}
	if !writesNothing(fn) {
		r.keep(c.Pos(), "%s is called, whose inside is not looked at", text(c.Fun))
	}
}

func (r *round) inTest(f *function) bool {
	return strings.HasSuffix(r.loader.fset.Position(f.decl.Pos()).Filename, "_test.go")
}

// callsLibrary is for this library: what it does to others is operations, which a
// round without effects has none of. Cells are plain memory.
func (r *round) callsLibrary(s *source, c *ast.CallExpr, fn *types.Func) {
	for _, arg := range c.Args {
		if _, isFunc := s.info.TypeOf(arg).(*types.Signature); !isFunc {
			continue
		}
		if _, ok := ast.Unparen(arg).(*ast.FuncLit); ok {
			continue // walked where it stands
		}
		if f, ok := called(s, ast.Unparen(arg)).(*types.Func); ok {
			r.callsFunc(s, c, f.Origin())
			continue
		}
		r.keep(arg.Pos(), "%s is not known", text(arg))
	}
	base := fn.Pkg().Path()[len(module):]
	if r.effects && base != "atomic" && !slices.Contains(repeatable, nameOf(fn)) {
		r.keep(c.Pos(), "%s is called", nameOf(fn))
	}
	switch base {
	case "model":
		if fn.Name() != "Assert" && fn.Name() != "Active" {
			r.keep(c.Pos(), "%s is called", nameOf(fn))
		}
	case "cell", "rc", "linear", "thread":
		name := nameOf(fn)
		if base == "thread" && !strings.HasPrefix(name, "thread.Local.") {
			return
		}
		reads := (fn.Name() == "Get" || fn.Name() == "With") && !strings.Contains(name, ".LazyCell.") // which computes at first
		if !strings.Contains(name, ".UnsafeCell.") && !reads {
			r.keep(c.Pos(), "%s is called", name)
		}
	}
}

// repeatable is what may be called in a round with effects: it changes modelled objects
// only, and plain memory by a function literal or a pointer, which are looked at.
var repeatable = []string{
	"lock.Mutex.Lock", "lock.Mutex.TryLock", "lock.Mutex.With", "lock.Mutex.Unpoisoned", "lock.Guard.Get", "lock.Guard.Ptr", "lock.Guard.Unlock",
	"lock.RWLock.Read", "lock.RWLock.Write", "lock.RWLock.TryRead", "lock.RWLock.TryWrite", "lock.RWLock.WithRead", "lock.RWLock.WithWrite",
	"lock.ReadGuard.Get", "lock.ReadGuard.Ptr", "lock.ReadGuard.Unlock", "lock.WriteGuard.Get", "lock.WriteGuard.Ptr", "lock.WriteGuard.Unlock",
	"thread.YieldNow", "thread.Sleep", "model.Assert", "model.Active", "cell.UnsafeCell.With", "cell.UnsafeCell.WithMut",
}

// callsGiven is for a loop of this library: it keeps nothing itself, but what it was
// given may, and is not looked at.
func (r *round) callsGiven() *Kept {
	if r.loop == nil {
		return r.found
	}
	ast.Inspect(r.loop, func(n ast.Node) bool {
		c, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		fun := ast.Unparen(c.Fun)
		switch fn := called(r.of, fun).(type) {
		case *types.Var:
			r.keep(c.Pos(), "%s, which a loop of the library was given, is called in it", text(fun))
		case *types.Func:
			if recv := fn.Signature().Recv(); recv != nil && types.IsInterface(recv.Type()) {
				r.keep(c.Pos(), "%s, which a loop of the library was given, is called in it", text(fun))
			}
		}
		return true
	})
	return r.found
}

// callsValue is for a function whose name does not tell: it is known if an
// operation of the round was done by it, if nothing else is called from that line,
// and if it is the same function each time.
func (r *round) callsValue(s *source, c *ast.CallExpr) {
	pos := r.loader.fset.Position(c.Rparen)
	for line := r.loader.line(c.Pos()); line <= pos.Line && r.fixed(c) && r.callsAround(c) == 1; line++ {
		callee, ok := r.calls[fmt.Sprintf("%s:%d", filepath.Base(pos.Filename), line)]
		if !ok || callee.Function == "" {
			continue
		}
		if ofLibrary(callee) {
			return // it did an operation, or paused
		}
		of := r.loader.holding(packageOf(callee.Function), filepath.Base(callee.File))
		if of == nil {
			break
		}
		switch n := r.loader.functionAt(of, callee, callee.Line, callee.Line).(type) {
		case *ast.FuncDecl:
			r.enter(of, n, n.Body)
			return
		case *ast.FuncLit:
			r.enter(of, n, n.Body)
			return
		}
	}
	r.keep(c.Pos(), "%s is called, which is not known", text(c.Fun))
}

// fixed reports whether what is called is the same function in all rounds, and each
// time in one: it is, or is a method or field of, a variable from outside of the loop
// that the loop does not assign. Of a call outside of the loop that is not known, for
// its function may be called several times. Writing a field is kept anyway.
func (r *round) fixed(c *ast.CallExpr) bool {
	if c.Pos() < r.loop.Pos() || r.loop.End() < c.End() {
		return false
	}
	e := ast.Unparen(c.Fun)
	for {
		x, ok := e.(*ast.SelectorExpr)
		if !ok {
			break
		}
		e = ast.Unparen(x.X)
	}
	id, ok := e.(*ast.Ident)
	if !ok {
		return false
	}
	v, ok := r.of.info.Uses[id].(*types.Var)
	if !ok || r.loop.Pos() <= v.Pos() && v.Pos() < r.loop.End() {
		return false
	}
	assigned := false
	ast.Inspect(r.loop, func(n ast.Node) bool {
		is := func(e ast.Expr) bool {
			id, ok := e.(*ast.Ident)
			return ok && r.of.info.Uses[id] == v
		}
		switch n := n.(type) {
		case *ast.AssignStmt:
			assigned = assigned || slices.ContainsFunc(n.Lhs, func(e ast.Expr) bool { return is(ast.Unparen(e)) })
		case *ast.RangeStmt:
			assigned = assigned || n.Key != nil && is(n.Key) || n.Value != nil && is(n.Value)
		}
		return true
	})
	return !assigned
}

// callsAround is how many calls stand on the lines of a call in the loop; no position
// in a line is known of a caller.
func (r *round) callsAround(c *ast.CallExpr) int {
	low, high := r.loader.line(c.Pos()), r.loader.line(c.End())
	calls := 0
	ast.Inspect(r.loop, func(n ast.Node) bool {
		if o, ok := n.(*ast.CallExpr); ok && r.loader.line(o.Pos()) <= high && low <= r.loader.line(o.End()) && !r.of.info.Types[ast.Unparen(o.Fun)].IsType() {
			calls++
		}
		return true
	})
	return calls
}

// enter walks the body of a function that is called. What dies with the round there
// is its own: the variables of a function around it may be those of an earlier call.
func (r *round) enter(s *source, function ast.Node, body *ast.BlockStmt) {
	if slices.Contains(r.walked, function) {
		return
	}
	if function.Pos() <= r.loop.Pos() && r.loop.End() <= function.End() {
		r.keep(function.Pos(), "the function of the loop is called in it")
		return
	}
	r.walked = append(r.walked, function)
	scopes := r.scopes
	r.scopes = []ast.Node{r.loop.Body, function}
	r.walk(s, body, false)
	r.scopes = scopes
}
