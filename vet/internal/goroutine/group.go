package goroutine

import (
	"fmt"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/fearless-go/fearless/vet/internal/api"
)

// Groups is the fact that a function wraps Add, Done or Wait: what it does to
// groups that its caller knows is its part in the order of goroutines.
type Groups struct {
	Ops []GroupOp
	// Partial tells that it may order goroutines in other ways, too: then Ops
	// are only the waits that are on every way through it.
	Partial bool
}

// AFact marks Groups as a fact.
func (*Groups) AFact() {}

func (g *Groups) String() string {
	var parts []string
	for _, o := range g.Ops {
		parts = append(parts, o.Kind.String())
	}
	return strings.Join(parts, ", ")
}

// A GroupOp is one operation on one group.
type GroupOp struct {
	Kind GroupKind
	At   Place
}

// GroupKind is what is done to a group.
type GroupKind uint8

// Add counts goroutines, Done tells that one is over, Wait waits for all.
const (
	Add GroupKind = iota
	Done
	Wait
)

func (k GroupKind) String() string { return [...]string{"adds to a group", "is done", "joins"}[k] }

// A Place is what a parameter leads to.
type Place struct {
	Param  int   // the receiver counts as the first
	Fields []int // fields by index; Pointed is the pointer that is followed
}

// Pointed among the fields of a Place follows a pointer.
const Pointed = -1

func (p Place) same(q Place) bool { return p.Param == q.Param && slices.Equal(p.Fields, q.Fields) }

func (p Place) String() string { return fmt.Sprint("parameter ", p.Param, " ", p.Fields) }

// GroupOps returns what call does to groups, if it is of a function of another
// package that wraps them; all reports whether that is all that it does to order
// goroutines.
func (r *Result) GroupOps(call *ssa.CallCommon) (ops []GroupOp, all bool) {
	if call.IsInvoke() {
		return nil, false
	}
	callee := api.Callee(call)
	if callee == nil || callee.Pkg() == nil || callee.Pkg() == r.pass.Pkg {
		return nil, false
	}
	var fact Groups
	if !r.pass.ImportObjectFact(callee.Origin(), &fact) {
		return nil, false
	}
	return fact.Ops, !fact.Partial
}

// exportGroups finds the wrappers of this package.
func (r *Result) exportGroups(funcs []*ssa.Function) {
	w := &wrappers{result: r, memo: map[*ssa.Function][]GroupOp{}, unknown: map[*ssa.Function]bool{}}
	for _, fn := range funcs {
		obj, ok := fn.Object().(*types.Func)
		if !ok || fn.Parent() != nil || obj.Pkg() != r.pass.Pkg {
			continue
		}
		ops, all := w.of(fn)
		if !all {
			ops = w.waits(fn, 2)
		}
		if len(ops) > 0 {
			r.pass.ExportObjectFact(obj, &Groups{ops, !all})
		}
	}
}

type wrappers struct {
	result  *Result
	memo    map[*ssa.Function][]GroupOp
	unknown map[*ssa.Function]bool // may order goroutines in other ways
}

// of returns what fn does to groups; all tells whether it orders nothing else.
func (w *wrappers) of(fn *ssa.Function) (ops []GroupOp, all bool) {
	if w.unknown[fn] {
		return nil, false
	}
	if ops, done := w.memo[fn]; done {
		return ops, true
	}
	w.unknown[fn] = true // should fn call itself
	if len(fn.Blocks) == 0 || len(fn.AnonFuncs) > 0 {
		return nil, false
	}
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			more, ok := w.instr(instr)
			if !ok {
				return nil, false
			}
			for _, o := range more {
				if o.Kind == Wait && !onEveryWay(fn, instr) {
					return nil, false
				}
				if !slices.ContainsFunc(ops, func(p GroupOp) bool { return p.Kind == o.Kind && p.At.same(o.At) }) {
					ops = append(ops, o)
				}
			}
		}
	}
	delete(w.unknown, fn)
	w.memo[fn] = ops
	return ops, true
}

func (w *wrappers) instr(instr ssa.Instruction) (ops []GroupOp, all bool) {
	switch x := instr.(type) {
	case *ssa.Send, *ssa.Select, *ssa.Go:
		return nil, false
	case *ssa.UnOp:
		return nil, x.Op != token.ARROW
	case ssa.CallInstruction:
		return w.call(x.Common())
	}
	return nil, true
}

func (w *wrappers) call(call *ssa.CallCommon) (ops []GroupOp, all bool) {
	if b, ok := call.Value.(*ssa.Builtin); ok && !call.IsInvoke() {
		return nil, b.Name() != "close"
	}
	name := api.CalleeOf(call)
	group := func(kind GroupKind) ([]GroupOp, bool) {
		at, ok := placeOf(api.Receiver(call), nil)
		return []GroupOp{{kind, at}}, ok
	}
	switch {
	case name == api.Func{Pkg: "sync", Recv: "WaitGroup", Name: "Add"}:
		return group(Add)
	case name == api.Func{Pkg: "sync", Recv: "WaitGroup", Name: "Done"}:
		return group(Done)
	case IsJoin(call) && !strings.HasSuffix(name.Recv, "JoinHandle"):
		return group(Wait)
	case quiet(name):
		return nil, true
	}
	inner, all := w.result.GroupOps(call)
	if inner != nil && !all {
		return nil, false
	}
	if callee := call.StaticCallee(); inner == nil && callee != nil && callee.Pkg != nil && callee.Pkg.Pkg == w.result.pass.Pkg {
		if inner, all = w.of(callee); !all {
			return nil, false
		}
	} else if inner == nil {
		return nil, false
	}
	for _, o := range inner {
		if o.At.Param >= len(call.Args) {
			return nil, false
		}
		at, ok := placeOf(call.Args[o.At.Param], nil)
		if !ok {
			return nil, false
		}
		at.Fields = append(at.Fields, o.At.Fields...)
		ops = append(ops, GroupOp{o.Kind, at})
	}
	return ops, true
}

// waits are the waits that are on every way through fn, by itself or in a
// function that it calls.
func (w *wrappers) waits(fn *ssa.Function, depth int) (ops []GroupOp) {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			site, ok := instr.(*ssa.Call)
			if !ok || !onEveryWay(fn, instr) {
				continue
			}
			if IsJoin(&site.Call) && !strings.HasSuffix(api.CalleeOf(&site.Call).Recv, "JoinHandle") {
				if at, ok := placeOf(api.Receiver(&site.Call), nil); ok {
					ops = append(ops, GroupOp{Wait, at})
				}
				continue
			}
			inner, _ := w.result.GroupOps(&site.Call)
			if callee := site.Call.StaticCallee(); inner == nil && callee != nil && callee.Pkg == fn.Pkg && depth > 0 {
				inner = w.waits(callee, depth-1)
			}
			for _, o := range inner {
				if o.Kind != Wait || o.At.Param >= len(site.Call.Args) {
					continue
				}
				if at, ok := placeOf(site.Call.Args[o.At.Param], nil); ok {
					ops = append(ops, GroupOp{Wait, Place{at.Param, slices.Concat(at.Fields, o.At.Fields)}})
				}
			}
		}
	}
	return ops
}

// quiet tells whether a function of the standard library orders no goroutines.
func quiet(f api.Func) bool {
	switch f.Pkg {
	case "errors", "fmt", "math", "slices", "sort", "strconv", "strings", "unicode":
		return true
	case "sync":
		return f.Recv == "Mutex" || f.Recv == "RWMutex"
	}
	return false
}

// onEveryWay tells whether every return of fn is behind instr.
func onEveryWay(fn *ssa.Function, instr ssa.Instruction) bool {
	if _, deferred := instr.(*ssa.Defer); deferred {
		return instr.Block() == fn.Blocks[0]
	}
	for _, b := range fn.Blocks {
		if _, returns := b.Instrs[len(b.Instrs)-1].(*ssa.Return); returns && !instr.Block().Dominates(b) {
			return false
		}
	}
	return true
}

// placeOf is the place that v, an address or a pointer, means: inside of a
// closure that makes captures, in terms of the function around it.
func placeOf(v ssa.Value, makes *ssa.MakeClosure) (Place, bool) {
	switch x := v.(type) {
	case *ssa.Parameter:
		i := slices.Index(x.Parent().Params, x)
		return Place{Param: i}, i >= 0 && (makes == nil || x.Parent() != makes.Fn)
	case *ssa.FreeVar:
		if bound := bindingOf(x, makes); bound != nil {
			return placeOf(bound, nil)
		}
	case *ssa.FieldAddr:
		at, ok := placeOf(x.X, makes)
		at.Fields = append(at.Fields, x.Field)
		return at, ok
	case *ssa.UnOp:
		if x.Op != token.MUL {
			break
		}
		// A variable that holds one value only is that value.
		cell, isCell := x.X.(*ssa.Alloc)
		if fv, ok := x.X.(*ssa.FreeVar); ok {
			cell, isCell = bindingOf(fv, makes).(*ssa.Alloc)
		}
		if isCell {
			if val := OnlyStore(cell); val != nil {
				return placeOf(val, nil)
			}
			break
		}
		at, ok := placeOf(x.X, makes)
		at.Fields = append(at.Fields, Pointed)
		return at, ok
	}
	return Place{}, false
}

func bindingOf(v *ssa.FreeVar, makes *ssa.MakeClosure) ssa.Value {
	if makes == nil || v.Parent() != makes.Fn {
		return nil
	}
	if i := slices.Index(v.Parent().FreeVars, v); i >= 0 {
		return makes.Bindings[i]
	}
	return nil
}

// counted is the group of the goroutine that s starts: the one it is started
// through, or whose Done it calls.
func counted(s Start) (Place, bool) {
	if s.Group != nil {
		at, ok := placeOf(s.Group, nil)
		at.Fields = append(at.Fields, s.GroupFields...)
		return at, ok
	}
	makes, ok := s.Fn.(*ssa.MakeClosure)
	if !ok {
		return Place{}, false
	}
	for _, b := range makes.Fn.(*ssa.Function).Blocks {
		for _, instr := range b.Instrs {
			call, ok := instr.(ssa.CallInstruction)
			if !ok {
				continue
			}
			if api.CalleeOf(call.Common()) == (api.Func{Pkg: "sync", Recv: "WaitGroup", Name: "Done"}) {
				return placeOf(api.Receiver(call.Common()), makes)
			}
			callee := call.Common().StaticCallee()
			if callee == nil || callee.Pkg != makes.Fn.(*ssa.Function).Pkg || callee.Parent() != nil {
				continue
			}
			for _, inner := range doneOf(callee, 2) {
				if at, ok := placeOf(call.Common().Args[inner.Param], makes); ok {
					return Place{at.Param, slices.Concat(at.Fields, inner.Fields)}, true
				}
			}
		}
	}
	return Place{}, false
}
