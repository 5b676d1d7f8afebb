package parallel

import (
	"fmt"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/fearless-go/fearless/vet/internal/api"
)

// An Access is a read or a write of memory at one point of the tree.
type Access struct {
	Point
	Thread *Thread
	At     []Location
	Write  bool
	Atomic bool      // by an atomic operation, or by a lock on itself
	First  bool      // a write only if what is there is nil
	Close  bool      // of a channel: close counts as a write, send as a read
	Addr   ssa.Value // what names the memory in the source

	locks  lockSet
	stored ssa.Value // what a write writes, if that is one value
	add    bool      // stored is added to what was there
}

// maxTargets is how many places one access may mean before it tells nothing.
const maxTargets = 1

func (t *Tree) access(f *Frame, instr ssa.Instruction, addr ssa.Value, at []Location, write bool) *Access {
	if len(at) == 0 || len(at) > maxTargets {
		return nil
	}
	a := &Access{Point: Point{f, instr}, Thread: f.Thread, At: at, Write: write, Addr: addr}
	t.accesses = append(t.accesses, a)
	return a
}

// accessesOf returns the accesses that instr itself makes.
func (t *Tree) accessesOf(f *Frame, instr ssa.Instruction) (found []*Access) {
	add := func(addr ssa.Value, at []Location, write bool) *Access {
		a := t.access(f, instr, addr, at, write)
		if a != nil {
			found = append(found, a)
		}
		return a
	}
	switch x := instr.(type) {
	case *ssa.UnOp:
		if x.Op == token.MUL && size(x.Type()) {
			if a := add(x.X, t.places(f, x.X), false); a != nil {
				t.reads[x] = append(t.reads[x], a)
			}
		}
	case *ssa.Store:
		if load, ok := x.Val.(*ssa.UnOp); ok && load.Op == token.MUL && load.X == x.Addr {
			break // "return x" of a named result x stores nothing new
		}
		if a := add(x.Addr, t.places(f, x.Addr), true); a != nil {
			a.stored = x.Val
			a.First = guardedByNil(x)
		}
	case *ssa.Lookup:
		if mapElem(x.X.Type()) != nil {
			add(x.X, t.contents(f, x.X), false)
		}
	case *ssa.Range:
		if mapElem(x.X.Type()) != nil {
			add(x.X, t.contents(f, x.X), false)
		}
	case *ssa.MapUpdate:
		add(x.Map, t.contents(f, x.Map), true)
	case *ssa.Convert:
		if _, fromSlice := x.X.Type().Underlying().(*types.Slice); fromSlice {
			add(x.X, t.elements(f, x.X), false)
		}
	case *ssa.Send:
		if a := add(x.Chan, t.closing(f, x.Chan), false); a != nil {
			a.Close = true
		}
	case *ssa.Select:
		for _, s := range x.States {
			if s.Dir == types.SendOnly {
				if a := add(s.Chan, t.closing(f, s.Chan), false); a != nil {
					a.Close = true
				}
			}
		}
	case ssa.CallInstruction:
		t.callAccesses(f, x, add)
	}
	return found
}

// guardedByNil tells whether s is the store of "if x == nil { x = ... }".
func guardedByNil(s *ssa.Store) bool {
	b := s.Block()
	for range 6 {
		up := b.Idom()
		if up == nil {
			return false
		}
		if cond, ok := up.Instrs[len(up.Instrs)-1].(*ssa.If); ok {
			if cmp, ok := cond.Cond.(*ssa.BinOp); ok && (cmp.Op == token.EQL || cmp.Op == token.NEQ) {
				load, isLoad := cmp.X.(*ssa.UnOp)
				c, isConst := cmp.Y.(*ssa.Const)
				side := up.Succs[0]
				if cmp.Op == token.NEQ {
					side = up.Succs[1]
				}
				if isLoad && isConst && c.IsNil() && sameAddr(load.X, s.Addr) && (side == b || side.Dominates(b)) {
					return true
				}
			}
		}
		b = up
	}
	return false
}

// sameAddr tells whether two expressions compute one address in one function.
func sameAddr(a, b ssa.Value) bool {
	if a == b {
		return true
	}
	switch x := a.(type) {
	case *ssa.FieldAddr:
		y, ok := b.(*ssa.FieldAddr)
		return ok && x.Field == y.Field && sameAddr(x.X, y.X)
	case *ssa.UnOp:
		y, ok := b.(*ssa.UnOp)
		return ok && x.Op == token.MUL && y.Op == token.MUL && sameAddr(x.X, y.X)
	}
	return false
}

// size tells whether values of type t take any memory.
func size(t types.Type) bool {
	switch u := t.Underlying().(type) {
	case *types.Struct:
		for f := range u.Fields() {
			if size(f.Type()) {
				return true
			}
		}
		return false
	case *types.Array:
		return u.Len() > 0 && size(u.Elem())
	}
	return true
}

// places are the locations that the address v may mean.
func (t *Tree) places(f *Frame, v ssa.Value) []Location {
	switch x := v.(type) {
	case *ssa.FieldAddr:
		return extend(t.places(f, x.X), fieldPath(x.Field))
	case *ssa.IndexAddr:
		var out []Location
		for _, base := range t.places(f, x.X) {
			step := t.index(f, x, base.part)
			base.part = ""
			out = append(out, extend([]Location{base}, step)...)
		}
		return out
	}
	var out []Location
	for _, r := range t.of(f, v).at("") {
		out = append(out, r)
	}
	return out
}

func extend(base []Location, step string) []Location {
	out := make([]Location, 0, len(base))
	for _, r := range base {
		if path, ok := join(r.Path, step); ok {
			out = append(out, Ref{Obj: r.Obj, Path: path})
		}
	}
	return out
}

// index is the step for the element that x means, of a slice that covers part.
func (t *Tree) index(f *Frame, x *ssa.IndexAddr, part string) string {
	if part == "?" {
		return "[?]"
	}
	shift := 0
	if part != "" {
		shift, _, _ = interval("[" + part + "]")
	}
	if n, ok := f.int(x.Index); ok {
		return fmt.Sprintf("[%d]", int(n)+shift)
	}
	if g, l := t.ownVariable(f, x.Index); l != nil {
		return fmt.Sprintf("[$%d.%d]", g.ID, l.header.Index)
	}
	g, v := f.origin(x.Index)
	if l := t.counterLoop(g, v); l != nil {
		if g.Thread != f.Thread {
			return fmt.Sprintf("[$%d.%d]", g.ID, l.header.Index)
		}
		if start, stepped, ok := g.counter(v, l); ok {
			if stepped {
				start++
			}
			if n := t.trips(g, l); n < 1<<30 {
				return fmt.Sprintf("[%d:%d]", int(start)+shift, int(start+n)+shift)
			}
		}
		if part == "" && t.isRangeIndex(g, v) {
			return "[*]"
		}
		return "[?]"
	}
	if part != "" {
		return "[?]"
	}
	return fmt.Sprintf("[=%d.%s]", g.ID, v.Name())
}

// ownVariable finds the loop whose variable, captured by the goroutine, v is.
func (t *Tree) ownVariable(f *Frame, v ssa.Value) (*Frame, *loop) {
	f, v = f.origin(v)
	load, ok := v.(*ssa.UnOp)
	if !ok || load.Op != token.MUL {
		return nil, nil
	}
	addr, g := load.X, f
	for {
		fv, isFree := addr.(*ssa.FreeVar)
		if !isFree || g.closure == nil {
			break
		}
		made, isClosure := g.closure.Instr.(*ssa.MakeClosure)
		if !isClosure {
			break
		}
		addr, g = made.Bindings[slices.Index(g.Fn.FreeVars, fv)], g.closure.Frame
	}
	if g.Thread == f.Thread {
		return nil, nil
	}
	for _, l := range t.graph(g.Fn).loops {
		if _, ok := loopVariable(addr, l); ok {
			return g, l
		}
	}
	return nil, nil
}

// origin follows v through parameters, captured variables that are stored
// once and conversions to where it was computed.
func (f *Frame) origin(v ssa.Value) (*Frame, ssa.Value) {
	for range 12 {
		switch x := v.(type) {
		case *ssa.Parameter:
			moved := false
			for i, p := range f.Fn.Params {
				if p == x && i < len(f.args) && f.args[i].frame != nil {
					f, v, moved = f.args[i].frame, f.args[i].val, true
					break
				}
			}
			if !moved {
				return f, v
			}
		case *ssa.UnOp:
			cell, frame := f.cell(x.X)
			if x.Op != token.MUL || cell == nil {
				return f, v
			}
			val, ok := onlyStore(cell)
			if !ok || val == nil {
				return f, v
			}
			f, v = frame, val
		case *ssa.ChangeType:
			v = x.X
		default:
			return f, v
		}
	}
	return f, v
}

// counterLoop is the loop that counts with v: in which v differs each time.
func (t *Tree) counterLoop(f *Frame, v ssa.Value) *loop {
	phi, ok := v.(*ssa.Phi)
	if add, isAdd := v.(*ssa.BinOp); isAdd && add.Op == token.ADD {
		phi, ok = add.X.(*ssa.Phi)
	}
	if next, isNext := v.(*ssa.Extract); isNext {
		// A key of a map differs from the others, too.
		if n, isMap := next.Tuple.(*ssa.Next); isMap && next.Index == 1 {
			for _, l := range t.loopsAround(f, n) {
				return l
			}
		}
	}
	if !ok {
		return nil
	}
	for _, l := range t.graph(f.Fn).loops {
		if l.header == phi.Block() && stepsEachTime(phi, l) {
			return l
		}
	}
	return nil
}

func stepsEachTime(phi *ssa.Phi, l *loop) bool {
	for i, e := range phi.Edges {
		if !l.blocks[phi.Block().Preds[i].Index] {
			continue
		}
		add, ok := e.(*ssa.BinOp)
		if !ok || add.Op != token.ADD && add.Op != token.SUB || add.X != ssa.Value(phi) {
			return false
		}
	}
	return true
}

// isRangeIndex tells whether v is the index of "for i := range slice".
func (t *Tree) isRangeIndex(_ *Frame, v ssa.Value) bool {
	if add, ok := v.(*ssa.BinOp); ok {
		v = add.X
	}
	phi, ok := v.(*ssa.Phi)
	return ok && strings.HasPrefix(phi.Comment, "rangeindex")
}

// elements are all elements of the slice v.
func (t *Tree) elements(f *Frame, v ssa.Value) []Location {
	if b, ok := v.Type().Underlying().(*types.Basic); ok && b.Info()&types.IsString != 0 {
		return nil
	}
	var out []Location
	for _, r := range t.of(f, v).at("") {
		step := "[*]"
		if r.part == "?" {
			step = "[?]"
		} else if r.part != "" {
			step = "[" + r.part + "]"
		}
		out = append(out, extend([]Location{r}, step)...)
	}
	return out
}

// contents are the entries of the map v, all in one.
func (t *Tree) contents(f *Frame, v ssa.Value) []Location {
	var out []Location
	for _, r := range t.of(f, v).at("") {
		out = append(out, Ref{Obj: r.Obj, Path: r.Path + "[*]"})
	}
	return out
}

// closing stands for the state of the channel v: open or closed.
func (t *Tree) closing(f *Frame, v ssa.Value) []Location {
	var out []Location
	for _, r := range t.of(f, v).at("") {
		if r.Obj.Kind == Variable {
			out = append(out, Ref{Obj: r.Obj, Path: r.Path + ".~"})
		}
	}
	return out
}

func (t *Tree) callAccesses(f *Frame, site ssa.CallInstruction, add func(ssa.Value, []Location, bool) *Access) {
	call := site.Common()
	if b, ok := call.Value.(*ssa.Builtin); ok && !call.IsInvoke() {
		t.builtinAccesses(f, b.Name(), call.Args, add)
		return
	}
	name := api.CalleeOf(call)
	if a := atomicCall(call, name); a.kind != notAtomic {
		if acc := add(a.addr, t.places(f, a.addr), a.kind != atomicLoad); acc != nil {
			acc.Atomic, acc.stored, acc.add = true, a.val, a.kind == atomicAdd
		}
		return
	}
	if name.Pkg == "sync" && name.Recv != "" && !call.IsInvoke() {
		if recv := api.Receiver(call); recv != nil {
			if acc := add(recv, t.places(f, recv), false); acc != nil {
				acc.Atomic = true
			}
		}
		return
	}
	args := call.Args
	if call.IsInvoke() {
		args = append([]ssa.Value{call.Value}, args...)
	}
	if e, ok := effects[name]; ok && len(f.calls[site]) == 0 {
		for _, i := range e.reads {
			if i < len(args) {
				add(args[i], t.memory(f, args[i]), false)
			}
		}
		for _, i := range e.writes {
			if i < len(args) {
				add(args[i], t.memory(f, args[i]), true)
			}
		}
	}
}

// memory is what an argument makes accessible: the elements of a slice, the
// variable behind a pointer.
func (t *Tree) memory(f *Frame, v ssa.Value) []Location {
	if _, ok := v.Type().Underlying().(*types.Slice); ok {
		return t.elements(f, v)
	}
	if mapElem(v.Type()) != nil {
		return t.contents(f, v)
	}
	if types.IsInterface(v.Type()) {
		return t.buffer(f, v)
	}
	if api.TypeOf(v.Type()) == (api.Type{Pkg: "reflect", Name: "Value"}) {
		var out []Location
		for _, r := range t.of(f, v).at("") {
			if r.Obj.Instr != nil {
				if _, ok := r.Obj.Instr.Type().Underlying().(*types.Slice); ok {
					r.Path += "[*]"
				}
			}
			out = append(out, r)
		}
		return out
	}
	return t.places(f, v)
}

// buffer is the buffer in memory that the interface value v holds; what else
// may be written to has locks, or is not known.
func (t *Tree) buffer(f *Frame, v ssa.Value) (out []Location) {
	for _, r := range t.of(f, v).at("") {
		if r.Obj.Kind != Boxed {
			return nil
		}
		switch api.TypeOf(r.Obj.typ) {
		case api.Type{Pkg: "bytes", Name: "Buffer"}, api.Type{Pkg: "strings", Name: "Builder"}:
			out = append(out, r.Obj.mem.at("dyn")...)
		default:
			return nil
		}
	}
	return out
}

func (t *Tree) builtinAccesses(f *Frame, name string, args []ssa.Value, add func(ssa.Value, []Location, bool) *Access) {
	switch name {
	case "append":
		add(args[0], t.elements(f, args[0]), false)
		if len(args) > 1 {
			add(args[1], t.elements(f, args[1]), false)
		}
		if grows, ok := t.room(f, args[0]); ok && grows {
			add(args[0], extend(t.places(f, args[0]), "[room]"), true)
		}
	case "copy":
		add(args[0], t.elements(f, args[0]), true)
		add(args[1], t.elements(f, args[1]), false)
	case "len":
		if mapElem(args[0].Type()) != nil {
			add(args[0], t.contents(f, args[0]), false)
		}
	case "delete":
		add(args[0], t.contents(f, args[0]), true)
	case "clear":
		if mapElem(args[0].Type()) != nil {
			add(args[0], t.contents(f, args[0]), true)
		} else {
			add(args[0], t.elements(f, args[0]), true)
		}
	case "close":
		if a := add(args[0], t.closing(f, args[0]), true); a != nil {
			a.Close = true
		}
	}
}

// room tells whether the slice v is known to have room behind its length,
// which append then writes to.
func (t *Tree) room(f *Frame, v ssa.Value) (bool, bool) {
	n, ok := f.length(v, false, 0)
	if !ok {
		return false, false
	}
	c, ok := f.length(v, true, 0)
	return c > n, ok
}
