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
// once write it at once.
func (f *finder) handler(instr ssa.Instruction) {
	site, ok := instr.(ssa.CallInstruction)
	if !ok {
		return
	}
	name := api.CalleeOf(site.Common())
	i, ok := registrations[name]
	args := api.Args(site.Common())
	if !ok || i >= len(args) {
		return
	}
	fn, self := f.served(args[i])
	if fn == nil || f.inTest(fn) {
		return
	}
	for _, a := range accesses(fn, self, maxCalls, map[*ssa.Function]bool{}, func(ssa.Instruction) bool { return true }) {
		if a.Write && !f.own(a, fn) {
			f.add(Finding{A: a, B: a, Evidence: "net/http calls the handler that " + name.String() + " is given in a goroutine for each connection", At: site.Pos()})
		}
	}
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
