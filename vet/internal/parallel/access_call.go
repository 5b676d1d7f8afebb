package parallel

import (
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/fearless-go/fearless/vet/internal/api"
)

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
