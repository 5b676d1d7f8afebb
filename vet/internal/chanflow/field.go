package chanflow

import (
	"go/types"
	"maps"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/fearless-go/fearless/vet/internal/buildssa"
	"github.com/fearless-go/fearless/vet/internal/goroutine"
)

// A Field is an unexported field of a struct with all the channels that the
// package puts there. Its operations have no goroutine.
type Field struct {
	Chan
	Var  *types.Var
	Type types.Type // the struct that has the field
	// Made are the channels that are put there; Others reports whether
	// there are some that are made elsewhere.
	Made   []*ssa.MakeChan
	Others bool
}

// Fields returns the unexported channel fields that prog's package declares
// and uses, in the order of their declaration. What other packages do with
// such a field they do with a value that this package gives them, which sets
// a flag.
func Fields(prog *buildssa.SSA, starts *goroutine.Result) []*Field {
	fields := map[*types.Var]*Field{}
	calls := map[*ssa.Function][]*ssa.Call{}
	for _, fn := range prog.SrcFuncs {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				if call, ok := instr.(*ssa.Call); ok && call.Call.StaticCallee() != nil {
					calls[call.Call.StaticCallee()] = append(calls[call.Call.StaticCallee()], call)
				}
			}
		}
	}
	for _, fn := range prog.SrcFuncs {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				noteField(fields, fn, instr, newFlow(nil, prog, starts), calls)
			}
		}
	}
	return slices.SortedFunc(maps.Values(fields), func(a, b *Field) int { return int(a.Var.Pos() - b.Var.Pos()) })
}

func noteField(fields map[*types.Var]*Field, fn *ssa.Function, instr ssa.Instruction, flow *flow, calls map[*ssa.Function][]*ssa.Call) {
	var t types.Type
	var i int
	switch x := instr.(type) {
	case *ssa.FieldAddr:
		t, i = x.X.Type().Underlying().(*types.Pointer).Elem(), x.Field
	case *ssa.Field:
		t, i = x.X.Type(), x.Field
	default:
		return
	}
	st, ok := t.Underlying().(*types.Struct)
	if !ok {
		return
	}
	v := st.Field(i).Origin()
	if _, ok := v.Type().Underlying().(*types.Chan); !ok || v.Exported() || v.Pkg() != flow.pkg.Pkg {
		return
	}
	f := fields[v]
	if f == nil {
		f = &Field{Chan: Chan{Name: v.Name(), Size: -1}, Var: v, Type: t}
		fields[v] = f
	}
	flow.c, flow.field, flow.calls = &f.Chan, v, calls
	at := &place{thread: &Thread{Fn: fn}}
	if value, ok := instr.(*ssa.Field); ok {
		flow.value(value, at)
		return
	}
	addr := instr.(*ssa.FieldAddr)
	for _, ref := range *addr.Referrers() {
		switch x := ref.(type) {
		case *ssa.DebugRef:
		case *ssa.UnOp:
			flow.value(x, at)
		case *ssa.Store:
			if x.Addr != ssa.Value(addr) {
				flow.elsewhere(v.Type())
				break
			}
			f.put(x.Val, flow, at)
		default:
			flow.elsewhere(v.Type())
		}
	}
}

// put notes that v is stored in the field.
func (f *Field) put(v ssa.Value, flow *flow, at *place) {
	if c, ok := v.(*ssa.Const); ok && c.IsNil() {
		return
	}
	m := madeHere(v)
	if m == nil {
		f.Others = true
		// What made it, or had it before, may use it.
		flow.elsewhere(originally(v))
		return
	}
	if slices.Contains(f.Made, m) {
		return
	}
	f.Made = append(f.Made, m)
	size := sizeOf(m)
	if len(f.Made) == 1 {
		f.Size = size
	} else if f.Size != size {
		f.Size = -1
	}
	flow.value(m, at)
}

func fieldOf(addr *ssa.FieldAddr) *types.Var {
	st, ok := addr.X.Type().Underlying().(*types.Pointer).Elem().Underlying().(*types.Struct)
	if !ok {
		return nil
	}
	return st.Field(addr.Field).Origin()
}

// originally is the type of v before it was converted to that of a field.
func originally(v ssa.Value) types.Type {
	for {
		t, ok := v.(*ssa.ChangeType)
		if !ok {
			return v.Type()
		}
		v = t.X
	}
}
