package atonce

import (
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/fearless-go/fearless/vet/internal/api"
)

// Package net/http calls a handler in a goroutine for each connection, as its
// documentation of Serve says.

// registrations are the functions that register a handler, by the argument
// that is it; the receiver does not count.
var registrations = map[api.Func]int{
	{Pkg: "net/http", Name: "HandleFunc"}:                   1,
	{Pkg: "net/http", Name: "Handle"}:                       1,
	{Pkg: "net/http", Recv: "ServeMux", Name: "HandleFunc"}: 1,
	{Pkg: "net/http", Recv: "ServeMux", Name: "Handle"}:     1,
	{Pkg: "net/http", Name: "ListenAndServe"}:               1,
	{Pkg: "net/http", Name: "ListenAndServeTLS"}:            3,
	{Pkg: "net/http", Name: "Serve"}:                        1,
}

// handler finds what a handler that instr registers writes: two requests at
// once write it at once. A handler that a server holds, or that is given to a
// function of another package, such as a router's, is taken to be registered.
func (f *finder) handler(instr ssa.Instruction) {
	if st, ok := instr.(*ssa.Store); ok && isServerHandler(st.Addr) {
		f.requests(st.Val, "net/http calls the handler of a Server in a goroutine for each connection", instr)
		return
	}
	site, ok := instr.(ssa.CallInstruction)
	if !ok {
		return
	}
	name := api.CalleeOf(site.Common())
	args := api.Args(site.Common())
	if i, ok := registrations[name]; ok {
		if i < len(args) {
			f.requests(args[i], "net/http calls the handler that "+name.String()+" is given in a goroutine for each connection", instr)
		}
		return
	}
	if name.Pkg == "" || name.Pkg == f.pass.Pkg.Path() {
		return
	}
	for _, arg := range args {
		if isHandler(arg.Type()) {
			f.requests(arg, "net/http calls a handler, such as "+name.String()+" is given, in a goroutine for each connection", instr)
		}
	}
}

// isServerHandler reports whether addr is that of the handler of an http.Server.
func isServerHandler(addr ssa.Value) bool {
	field, ok := addr.(*ssa.FieldAddr)
	if !ok || api.TypeOf(field.X.Type()) != (api.Type{Pkg: "net/http", Name: "Server"}) {
		return false
	}
	return field.X.Type().Underlying().(*types.Pointer).Elem().Underlying().(*types.Struct).Field(field.Field).Name() == "Handler"
}

// isHandler reports whether t is http.Handler, or the type of a function that
// takes what its method takes.
func isHandler(t types.Type) bool {
	switch api.TypeOf(t) {
	case api.Type{Pkg: "net/http", Name: "Handler"}, api.Type{Pkg: "net/http", Name: "HandlerFunc"}:
		return true
	}
	sig, ok := t.(*types.Signature)
	return ok && sig.Params().Len() == 2 && sig.Results().Len() == 0 &&
		api.TypeOf(sig.Params().At(0).Type()) == api.Type{Pkg: "net/http", Name: "ResponseWriter"} &&
		api.TypeOf(sig.Params().At(1).Type()) == api.Type{Pkg: "net/http", Name: "Request"}
}

// requests finds what the handler v writes, of which evidence says that it is
// called at once, at instr.
func (f *finder) requests(v ssa.Value, evidence string, instr ssa.Instruction) {
	fn, self := f.served(v)
	if fn == nil || f.inTest(fn) || answering(instr.Parent()) {
		return
	}
	for _, a := range accesses(fn, self, maxCalls, map[*ssa.Function]bool{}, func(ssa.Instruction) bool { return true }) {
		if a.Write && !f.own(a, fn) {
			f.add(Finding{A: a, B: a, Evidence: evidence, At: instr.Pos()})
		}
	}
}

// answering reports whether fn, or one around it, answers a request itself: a
// handler that it makes is for that request.
func answering(fn *ssa.Function) bool {
	for ; fn != nil; fn = fn.Parent() {
		for _, p := range fn.Params {
			if api.TypeOf(p.Type()) == (api.Type{Pkg: "net/http", Name: "ResponseWriter"}) {
				return true
			}
		}
	}
	return false
}

// own reports whether a is to a variable that each call of fn has anew.
func (f *finder) own(a Access, fn *ssa.Function) bool {
	alloc, ok := a.place.variable.(*ssa.Alloc)
	return ok && alloc.Parent() == fn
}

// served is the function that the handler v runs, with its receiver.
func (f *finder) served(v ssa.Value) (fn *ssa.Function, self ssa.Value) {
	for {
		switch x := v.(type) {
		case *ssa.ChangeType:
			v = x.X
			continue
		case *ssa.MakeInterface:
			if changed, ok := x.X.(*ssa.ChangeType); ok { // http.HandlerFunc(f)
				v = changed.X
				continue
			}
			return f.method(x.X.Type())
		case *ssa.Function:
			return f.body(x)
		case *ssa.MakeClosure:
			return f.body(x.Fn.(*ssa.Function))
		}
		return nil, nil
	}
}

// body is fn, or the method that the method value fn stands for.
func (f *finder) body(fn *ssa.Function) (*ssa.Function, ssa.Value) {
	if obj, ok := fn.Object().(*types.Func); ok && fn.Synthetic != "" {
		fn = fn.Prog.FuncValue(obj)
	}
	if fn == nil || fn.Pkg != f.prog.Pkg || len(fn.Blocks) == 0 {
		return nil, nil
	}
	return fn, receiver(fn)
}

func receiver(fn *ssa.Function) ssa.Value {
	if fn.Signature.Recv() == nil || len(fn.Params) == 0 {
		return nil
	}
	if _, pointer := fn.Params[0].Type().Underlying().(*types.Pointer); !pointer {
		return nil
	}
	return fn.Params[0]
}

// method is the method ServeHTTP of t.
func (f *finder) method(t types.Type) (*ssa.Function, ssa.Value) {
	sel := f.prog.Pkg.Prog.MethodSets.MethodSet(t).Lookup(f.prog.Pkg.Pkg, "ServeHTTP")
	if sel == nil {
		return nil, nil
	}
	obj, ok := sel.Obj().(*types.Func)
	if !ok || obj.Pkg() != f.prog.Pkg.Pkg {
		return nil, nil
	}
	return f.body(f.prog.Pkg.Prog.FuncValue(obj))
}
