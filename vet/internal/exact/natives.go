package exact

import (
	"go/types"
	stdstrings "strings"

	"golang.org/x/tools/go/ssa"

	"github.com/fearless-go/fearless/vet/internal/api"
)

// A native is a function of the library whose meaning is known: what its
// documentation says.
type native struct {
	id   int
	name api.Func
	// step says whether phase p of it is one by which goroutines can notice
	// one another. Nil means that none is.
	step func(m *search, p int) bool
	run  func(x *call) status
}

func (n *native) noticeable(m *search, f *frame) bool { return n.step != nil && n.step(m, f.phase) }

// A call is one phase of a native that runs.
type call struct {
	*search
	s *state
	t *thread
	f *frame
	c *chooser
}

// resume runs the next phase of a native.
func (m *search) resume(s *state, t *thread, f *frame, c *chooser) status {
	if m.locks && f.phase == 0 && f.native.name.Pkg == "sync" && f.native.name.Recv != "" {
		if o, off := s.at(f.args[0]); o != nil {
			m.use(s, t, o, off, t.instrOf(), false, true)
		}
	}
	return f.native.run(&call{m, s, t, f, c})
}

// returns ends the native with a result.
func (x *call) returns(v value) status { return x.leave(x.s, x.t, v) }

// cell is the memory that argument i points to; nil if it is a nil pointer.
func (x *call) cell(i int) *cell {
	o, off := x.s.at(x.f.args[i])
	if o == nil {
		return nil
	}
	return &o.cells[off]
}

// calls pushes the call of a function value; the native goes on behind it.
func (x *call) calls(fn value, args ...value) status {
	cl, ok := fn.(*closure)
	if !ok {
		if fn == nil {
			return x.panics(x.t)
		}
		stop("a function value that is not known")
	}
	x.f.phase++
	x.enter(x.t, x.function(cl.fn, cl.free, nil), args)
	return goesOn
}

func always(*search, int) bool { return true }

// nativeOf is the native of that name, or nil.
func nativeOf(name api.Func) *native {
	if n := natives[name]; n != nil {
		return n
	}
	switch name.Pkg {
	case "sync/atomic":
		return atomicNative
	case "fmt":
		if stdstrings.HasPrefix(name.Name, "Print") || stdstrings.HasPrefix(name.Name, "Sprint") || name.Name == "Errorf" {
			return prints
		}
	case "log":
		if name.Recv == "" && stdstrings.HasPrefix(name.Name, "Print") {
			return prints
		}
	case "testing":
		switch name.Name {
		case "Log", "Logf", "Error", "Errorf", "Fail", "Helper", "Failed", "Name":
			return prints
		}
	case "errors", "strings", "strconv", "math", "math/bits", "math/rand", "math/rand/v2", "unicode", "unicode/utf8":
		if name.Recv == "" {
			return pure
		}
	case "time":
		if name.Name == "Now" || name.Name == "Since" || name.Recv == "Time" || name.Recv == "Duration" {
			return pure
		}
	}
	return nil
}

// natives by name, with those of the other files.
var natives = map[api.Func]*native{}

// register adds a native.
func register(pkg, recv, name string, step func(*search, int) bool, run func(*call) status) *native {
	n := &native{id: len(natives) + 10, name: api.Func{Pkg: pkg, Recv: recv, Name: name}, step: step, run: run}
	natives[n.name] = n
	return n
}

var (
	// ignored is any function while package variables are initialised: what
	// it returns is not known.
	ignored = &native{id: 1, run: func(x *call) status { return x.returns(x.unknownResult(true)) }}
	// pure is a function that only looks at what it is given.
	pure = &native{id: 2, run: func(x *call) status {
		for _, a := range x.f.args {
			x.readAll(x.s, x.t, a, x.t.instrOf())
		}
		return x.returns(x.unknownResult(false))
	}}
	// prints is a function that prints what it is given, to output or into a
	// string: it looks at it by reflection. Output orders nothing.
	prints = &native{id: 3, run: func(x *call) status {
		for _, a := range x.f.args {
			x.printed(a)
		}
		return x.returns(x.unknownResult(false))
	}}
)

// printed gives up if printing v calls or reads what this package does not see.
func (x *call) printed(v value) {
	switch v := v.(type) {
	case slice:
		for i := range v.n {
			if o := x.s.heap[v.obj]; v.off+i < len(o.cells) {
				x.use(x.s, x.t, o, v.off+i, x.t.instrOf(), false, false)
				x.printed(o.cells[v.off+i].val)
			}
		}
	case boxed:
		if v.typ == nil {
			return
		}
		for _, name := range []string{"Error", "String", "Format", "GoString"} {
			if obj, _, _ := types.LookupFieldOrMethod(v.typ, true, nil, name); obj != nil {
				stop("it prints a value that has methods")
			}
		}
		x.printed(v.val)
	case pointer:
		if _, isTest := x.s.heap[v.obj].made.(*ssa.Alloc); isTest {
			stop("it prints what a pointer leads to")
		}
	case reference:
		stop("it prints a map or a channel")
	}
}

// unknownResult is a value of the result type of which nothing is known: a
// scalar, or an error that is not nil or may be.
func (x *call) unknownResult(tolerant bool) value {
	if x.f.call == nil {
		return nil
	}
	results := x.f.call.Signature().Results()
	var out tuple
	for i := range results.Len() {
		out = append(out, x.unknownOf(results.At(i).Type(), tolerant))
	}
	switch len(out) {
	case 0:
		return nil
	case 1:
		return out[0]
	}
	return out
}

func (x *call) unknownOf(t types.Type, tolerant bool) value {
	if opaqueType(t) {
		return unknown{}
	}
	switch u := t.Underlying().(type) {
	case *types.Basic:
		return unknown{}
	case *types.Interface:
		if types.Identical(t, types.Universe.Lookup("error").Type()) {
			name := x.f.native.name
			if callee := api.Callee(x.f.call); callee != nil {
				name = api.Of(callee)
			}
			if name == (api.Func{Pkg: "errors", Name: "New"}) || name == (api.Func{Pkg: "fmt", Name: "Errorf"}) {
				return boxed{nil, pointer{x.newObject(x.s, 1, nil), 0}}
			}
			return unknown{}
		}
	case *types.Struct, *types.Array:
		if tolerant {
			agg := make(aggregate, x.layouts.cells(t))
			for i := range agg {
				agg[i] = unknown{}
			}
			return agg
		}
	default:
		_ = u
	}
	if tolerant {
		return unknown{}
	}
	stop("a result that is not known")
	return nil
}
