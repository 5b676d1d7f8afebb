package parallel

import (
	"go/types"
	"slices"
	"strconv"

	"golang.org/x/tools/go/ssa"

	"github.com/fearless-go/fearless/vet/internal/api"
	"github.com/fearless-go/fearless/vet/internal/goroutine"
)

// A callee is a function that a call may call.
type callee struct {
	fn      *ssa.Function
	closure *Object
	recv    value // the receiver of an interface's method
	invoke  bool
}

// callees finds what call may call; all tells whether that is everything.
func (t *Tree) callees(f *Frame, call *ssa.CallCommon) (found []callee, all bool) {
	if call.IsInvoke() {
		targets := t.of(f, call.Value).at("")
		all = len(targets) > 0
		for _, r := range targets {
			fn := t.method(r.Obj, call.Method)
			if fn == nil {
				all = false
				continue
			}
			found = append(found, callee{fn: fn, recv: f.memory(r.Obj).part("dyn"), invoke: true})
		}
		sortCallees(found)
		return found, all
	}
	if fn := call.StaticCallee(); fn != nil {
		if _, isClosure := call.Value.(*ssa.MakeClosure); !isClosure {
			return []callee{{fn: fn}}, true
		}
	}
	return t.functions(f, call.Value)
}

// functions finds the functions that the value v may be.
func (t *Tree) functions(f *Frame, v ssa.Value) (found []callee, all bool) {
	targets := t.of(f, v).at("")
	all = len(targets) > 0
	for _, r := range targets {
		if r.Obj.Kind == Boxed {
			// A function passed as an interface value, as to SetFinalizer.
			for _, inner := range f.memory(r.Obj).at("dyn") {
				r = inner
			}
		}
		if r.Obj.Kind != Closure || r.Path != "" {
			all = false
			continue
		}
		switch x := r.Obj.Instr.(type) {
		case *ssa.Function:
			found = append(found, callee{fn: x})
		case *ssa.MakeClosure:
			found = append(found, callee{fn: x.Fn.(*ssa.Function), closure: r.Obj})
		}
	}
	sortCallees(found)
	return found, all
}

// sortCallees makes the order in which frames are numbered reproducible.
func sortCallees(found []callee) {
	slices.SortFunc(found, func(a, b callee) int {
		if d := int(a.fn.Pos()) - int(b.fn.Pos()); d != 0 {
			return d
		}
		return closureID(a.closure) - closureID(b.closure)
	})
}

func closureID(o *Object) int {
	if o == nil || o.Frame == nil {
		return -1
	}
	return o.Frame.ID
}

// method is the method of the dynamic type that o holds.
func (t *Tree) method(o *Object, m *types.Func) *ssa.Function {
	if o.Kind != Boxed {
		return nil
	}
	if _, isInterface := o.typ.Underlying().(*types.Interface); isInterface {
		return nil
	}
	if _, isParam := types.Unalias(o.typ).(*types.TypeParam); isParam {
		return nil
	}
	prog := o.Frame.Fn.Prog
	sel := prog.MethodSets.MethodSet(o.typ).Lookup(m.Pkg(), m.Name())
	if sel == nil {
		return nil
	}
	fn, ok := sel.Obj().(*types.Func)
	if !ok || fn.Pkg() == nil {
		return nil
	}
	return prog.MethodValue(sel)
}

func (t *Tree) call(f *Frame, site ssa.CallInstruction) {
	call := site.Common()
	if b, ok := call.Value.(*ssa.Builtin); ok && !call.IsInvoke() {
		if _, isGo := site.(*ssa.Go); isGo {
			t.spawnBuiltin(f, site)
		} else {
			t.builtin(f, site, b.Name())
		}
		return
	}
	started := false
	for _, s := range t.starts.At(site) {
		// Only a function from outside is known by what it does; one from
		// this package is followed, and what it starts is found there.
		if _, isGo := site.(*ssa.Go); isGo && s.Via == (api.Func{}) {
			t.spawnGo(f, s)
			return
		}
		if callee := call.StaticCallee(); callee == nil || outside(callee) {
			t.spawnVia(f, s)
			started = true
		}
	}
	if started {
		t.result(f, site)
		return
	}
	found, all := t.callees(f, call)
	for _, c := range found {
		if !t.follow(f, site, c, call.Args) {
			all = false
		}
	}
	if !all {
		f.opaque[site] = true
	}
}

// outside tells whether the body of fn is in another package. An instance of
// a generic function has a body of its own, which only calls that.
func outside(fn *ssa.Function) bool {
	if origin := fn.Origin(); origin != nil && origin != fn {
		return len(origin.Blocks) == 0
	}
	return len(fn.Blocks) == 0
}

// follow makes or updates the frame of a callee. It returns false if the
// callee is not followed.
func (t *Tree) follow(f *Frame, site ssa.CallInstruction, c callee, args []ssa.Value) bool {
	if outside(c.fn) {
		t.external(f, site, c)
		return true
	}
	child := f.child(site, c)
	if child == nil {
		if recursive(f, c.fn, false) {
			return false
		}
		if f.depth >= maxDepth || len(t.Frames) >= maxFrames || t.instrs > maxInstrs {
			t.cut = true
			return false
		}
		child = t.newFrame(c.fn, f, site, f.Thread, c.closure)
		f.calls[site] = append(f.calls[site], child)
	}
	t.bind(child, f, c, args)
	t.returns(child, f, site)
	return true
}

func (f *Frame) child(site ssa.CallInstruction, c callee) *Frame {
	for _, g := range f.calls[site] {
		if g.Fn == c.fn && g.closure == c.closure {
			return g
		}
	}
	return nil
}

// bind gives the parameters of child the arguments of a call in f.
func (t *Tree) bind(child, f *Frame, c callee, args []ssa.Value) {
	params := child.Fn.Params
	if c.invoke {
		if len(params) > 0 {
			t.put(child, params[0], "", c.recv)
			params = params[1:]
		}
	}
	first := child.args == nil
	if first && c.invoke {
		child.args = append(child.args, argument{})
	}
	for i, p := range params {
		if i >= len(args) {
			if pointerLike(p.Type()) {
				o := t.unknown(objectKey{kind: parameter, frame: child, n: i}, p.Type(), nil)
				o.perLoad = true
				t.putRef(child, p, Ref{Obj: o})
			}
			continue
		}
		t.put(child, p, "", t.of(f, args[i]))
		if first {
			child.args = append(child.args, argument{f, args[i]})
		}
	}
}

// returns gives the value of a call the results of the function called.
func (t *Tree) returns(child, f *Frame, site ssa.CallInstruction) {
	v := site.Value()
	if v == nil {
		return
	}
	for _, ret := range t.graph(child.Fn).returns {
		for i, res := range ret.Results {
			if _, captured := res.(*ssa.FreeVar); captured && child.closure != nil {
				f.memory(child.closure) // f, too, is to see its changes
			}
			prefix := ""
			if len(ret.Results) > 1 {
				prefix = "#" + strconv.Itoa(i)
			}
			t.put(f, v, prefix, t.of(child, res))
		}
	}
}

// spawnGo follows a go statement.
func (t *Tree) spawnGo(f *Frame, s goroutine.Start) {
	found, _ := t.callees(f, s.Site.Common())
	for _, c := range found {
		t.thread(f, s, c, s.Args)
	}
}

// spawnBuiltin follows a go statement with a builtin.
func (t *Tree) spawnBuiltin(f *Frame, site ssa.CallInstruction) {
	if fn := asFunction(site.Common()); fn != nil {
		t.thread(f, goroutine.Start{Site: site}, callee{fn: fn}, site.Common().Args)
	}
}

// spawnVia follows a function that runs one of its arguments in a goroutine.
func (t *Tree) spawnVia(f *Frame, s goroutine.Start) {
	found, _ := t.functions(f, s.Fn)
	for _, c := range found {
		t.thread(f, s, c, nil)
	}
}

func (t *Tree) thread(f *Frame, s goroutine.Start, c callee, args []ssa.Value) {
	var th *Thread
	for _, have := range f.spawns[s.Site] {
		if have.Entry.Fn == c.fn && have.Entry.closure == c.closure {
			th = have
		}
	}
	if th == nil {
		if outside(c.fn) || recursive(f, c.fn, true) || len(t.Frames) >= maxFrames || t.instrs > maxInstrs {
			return
		}
		th = &Thread{ID: len(t.Threads), Parent: f.Thread, Start: s, Site: Point{f, s.Site}}
		t.Threads = append(t.Threads, th)
		th.Entry = t.newFrame(c.fn, nil, nil, th, c.closure)
		th.Entry.depth = f.depth + 1
		f.spawns[s.Site] = append(f.spawns[s.Site], th)
	}
	if s.Group != nil {
		th.group = inside(t.of(f, s.Group).at(""), s.GroupFields)
	}
	if s.Handle != nil {
		for _, r := range t.of(f, s.Handle).at("") {
			th.handle = r.Obj
		}
	}
	t.bind(th.Entry, f, c, args)
}

// result gives the value of a call that is not followed unknown objects, new
// ones for each time it is called.
func (t *Tree) result(f *Frame, site ssa.CallInstruction) {
	v := site.Value()
	if v == nil {
		return
	}
	tuple, ok := v.Type().(*types.Tuple)
	if !ok {
		if pointerLike(v.Type()) {
			t.putRef(f, v, Ref{Obj: t.fresh(f, v, 0, v.Type())})
		}
		return
	}
	for i := range tuple.Len() {
		if typ := tuple.At(i).Type(); pointerLike(typ) {
			t.put(f, v, "#"+strconv.Itoa(i), t.fresh(f, v, i, typ).self)
		}
	}
}

// newGroup makes a group that nobody else knows.
var newGroup = api.Func{Pkg: "golang.org/x/sync/errgroup", Name: "WithContext"}

func (t *Tree) fresh(f *Frame, v ssa.Value, i int, typ types.Type) *Object {
	if call, ok := v.(*ssa.Call); ok && (i == 0 && api.CalleeOf(&call.Call) == newGroup || t.starts.Fresh(&call.Call, i)) {
		return t.object(objectKey{frame: f, val: v, n: i}, func() *Object { return &Object{Kind: Variable, Frame: f, Instr: v, typ: typ} })
	}
	o := t.unknown(objectKey{kind: result, frame: f, val: v, n: i}, typ, nil)
	o.perLoad, o.Frame, o.Instr = true, f, v
	return o
}

func (t *Tree) builtin(f *Frame, site ssa.CallInstruction, name string) {
	args := site.Common().Args
	v := site.Value()
	switch name {
	case "append":
		if v == nil {
			return
		}
		base := t.of(f, args[0])
		t.put(f, v, "", base)
		if len(base.at("")) == 0 {
			o := t.object(objectKey{frame: f, val: v}, func() *Object { return &Object{Kind: Variable, Frame: f, Instr: v, typ: v.Type()} })
			t.putRef(f, v, Ref{Obj: o})
		}
		if len(args) > 1 {
			t.copyElems(f, t.of(f, v).at(""), args[1])
		}
	case "copy":
		t.copyElems(f, t.of(f, args[0]).at(""), args[1])
	case "ssa:wrapnilchk", "ssa:deferstack":
		if v != nil && len(args) > 0 {
			t.put(f, v, "", t.of(f, args[0]))
		}
	}
}

func (t *Tree) copyElems(f *Frame, to refs, from ssa.Value) {
	s, ok := from.Type().Underlying().(*types.Slice)
	if !ok || !holdsPointers(s.Elem()) {
		return
	}
	for _, src := range t.of(f, from).at("") {
		elems := t.load(Ref{Obj: src.Obj, Path: src.Path + "[]"}, s.Elem(), f, from)
		for _, dst := range to {
			t.storeTo(Ref{Obj: dst.Obj, Path: dst.Path + "[]"}, elems)
		}
	}
}
