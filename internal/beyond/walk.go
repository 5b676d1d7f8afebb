package beyond

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// A walker follows the code that one function may come to.
type walker struct {
	loader *loader
	uses   []Use
	queue  []piece
	walked []piece // with what is queued

	types   []*types.Named // those of values in the code, whose methods interfaces may call
	calls   []throughInterface
	callers []frame      // of the exploration, innermost first
	through []*types.Var // parameters whose arguments were looked for
}

// A piece is code of a package.
type piece struct {
	of   *source
	node ast.Node
}

// A throughInterface is a call of an interface's method.
type throughInterface struct {
	of     *source
	at     token.Pos
	method *types.Func
	needs  []string // names of the interface's methods
}

func (w *walker) add(of *source, n ast.Node) {
	if n == nil || slices.ContainsFunc(w.walked, func(p piece) bool { return p.node == n }) {
		return
	}
	w.walked = append(w.walked, piece{of, n})
	w.queue = append(w.queue, piece{of, n})
}

// inside reports whether the position is in code that is walked.
func (w *walker) inside(at token.Pos) bool {
	return slices.ContainsFunc(w.walked, func(p piece) bool { return p.node.Pos() <= at && at < p.node.End() })
}

func (w *walker) line(at token.Pos) int { return w.loader.fset.Position(at).Line }

// finish walks until nothing new is found.
func (w *walker) finish() {
	for {
		for len(w.queue) > 0 {
			p := w.queue[len(w.queue)-1]
			w.queue = w.queue[:len(w.queue)-1]
			ast.Inspect(p.node, func(n ast.Node) bool {
				w.visit(p.of, n)
				return true
			})
		}
		for _, c := range w.calls {
			for _, t := range w.types {
				w.dispatch(c, t)
			}
		}
		if len(w.queue) == 0 {
			return
		}
	}
}

func (w *walker) visit(s *source, n ast.Node) {
	switch n := n.(type) {
	case *ast.GoStmt:
		w.use(s, n.Pos(), Go, "go")
	case *ast.SendStmt:
		w.use(s, n.Arrow, Channel, "send")
	case *ast.SelectStmt:
		w.use(s, n.Pos(), Channel, "select")
	case *ast.RangeStmt:
		if isChannel(s.info.TypeOf(n.X)) {
			w.use(s, n.Pos(), Channel, "range")
		}
	case *ast.UnaryExpr:
		if n.Op == token.ARROW {
			w.use(s, n.Pos(), Channel, "receive")
		}
	case *ast.CallExpr:
		w.visitBuiltin(s, n)
	case *ast.Ident:
		w.visitName(s, n)
	}
	if e, ok := n.(ast.Expr); ok {
		w.noteType(s.info.TypeOf(e))
	}
}

// visitBuiltin is for close, len and cap of a channel.
func (w *walker) visitBuiltin(s *source, n *ast.CallExpr) {
	id, ok := ast.Unparen(n.Fun).(*ast.Ident)
	if !ok || len(n.Args) != 1 {
		return
	}
	b, ok := s.info.Uses[id].(*types.Builtin)
	if !ok || !isChannel(s.info.TypeOf(n.Args[0])) {
		return
	}
	switch b.Name() {
	case "close", "len", "cap":
		w.use(s, n.Pos(), Channel, b.Name())
	}
}

func isChannel(t types.Type) bool {
	if t == nil {
		return false
	}
	_, ok := t.Underlying().(*types.Chan)
	return ok
}

func (w *walker) visitName(s *source, id *ast.Ident) {
	switch obj := s.info.Uses[id].(type) {
	case *types.Func:
		w.visitFunc(s, id.Pos(), obj.Origin())
	case *types.Var:
		w.visitVar(s, obj.Origin())
	}
}

// visitFunc is for a function that is called, or whose value is taken.
func (w *walker) visitFunc(s *source, at token.Pos, fn *types.Func) {
	if recv := fn.Signature().Recv(); recv != nil {
		if i, ok := recv.Type().Underlying().(*types.Interface); ok {
			c := throughInterface{of: s, at: at, method: fn}
			for m := range i.Methods() {
				c.needs = append(c.needs, m.Name())
			}
			w.calls = append(w.calls, c)
			return
		}
	}
	if fn.Pkg() == nil {
		return // of the universe
	}
	switch fn.Pkg().Path() {
	case string(Sync):
		w.use(s, at, Sync, nameOf(fn))
		return
	case string(Atomic):
		w.use(s, at, Atomic, nameOf(fn))
		return
	}
	if f := w.loader.funcs[fn.FullName()]; f != nil && w.follows(f) {
		w.add(f.of, f.decl.Body)
	}
}

// nameOf is the function as a program names it: sync.Mutex.Lock, atomic.AddInt64.
func nameOf(fn *types.Func) string {
	name := fn.Pkg().Name() + "."
	if recv := fn.Signature().Recv(); recv != nil {
		t := recv.Type()
		if p, ok := t.(*types.Pointer); ok {
			t = p.Elem()
		}
		if n, ok := types.Unalias(t).(*types.Named); ok {
			name += n.Obj().Name() + "."
		}
	}
	return name + fn.Name()
}

// follows reports whether the inside of the function is the user's.
func (w *walker) follows(f *function) bool {
	if !inLibrary(f.of.listed.path()) {
		return !f.of.listed.Standard
	}
	return strings.HasSuffix(w.loader.fset.Position(f.decl.Pos()).Filename, "_test.go")
}

// noteType remembers the named type of a value.
func (w *walker) noteType(t types.Type) {
	if p, ok := t.(*types.Pointer); ok {
		t = p.Elem()
	}
	n, ok := types.Unalias(t).(*types.Named)
	if !ok || types.IsInterface(n) || slices.Contains(w.types, n.Origin()) {
		return
	}
	w.types = append(w.types, n.Origin())
}

// dispatch follows the call into the method of t, if t has all methods that the
// interface asks for. Names are enough: a type that has them by chance counts.
func (w *walker) dispatch(c throughInterface, t *types.Named) {
	methods := types.NewMethodSet(types.NewPointer(t))
	var callee *types.Func
	for _, name := range c.needs {
		m := methods.Lookup(t.Obj().Pkg(), name)
		if m == nil {
			return
		}
		if name == c.method.Name() {
			callee, _ = m.Obj().(*types.Func)
		}
	}
	if callee != nil && !types.IsInterface(callee.Signature().Recv().Type()) {
		w.visitFunc(c.of, c.at, callee.Origin())
	}
}
