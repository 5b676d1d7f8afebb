package lockset

import (
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/fearless-go/fearless/vet/internal/api"
)

// A Reach is a lock that an argument leads to.
type Reach struct {
	Arg    int   // the receiver counts as the first
	Fields []int // by index
	Shared bool
}

// Wrapped tells which locks a call of a function of another package leaves
// locked, or which it unlocks, if all of that is known.
func (r *Result) Wrapped(call *ssa.CallCommon) (takes, frees []Reach) {
	if call.IsInvoke() || OpOf(call).Kind != None {
		return nil, nil
	}
	fn := api.Callee(call)
	if fn == nil || fn.Pkg() == nil || fn.Pkg() == r.pass.Pkg {
		return nil, nil
	}
	var fact Locks
	if !r.pass.ImportObjectFact(fn.Origin(), &fact) || len(fact.Blocks)+len(fact.MayHold)+len(fact.MayFree) > 0 {
		return nil, nil
	}
	takes, ok := reaches(fn, fact.Holds)
	frees, ok2 := reaches(fn, fact.Releases)
	if !ok || !ok2 || len(takes) > 0 && len(frees) > 0 {
		return nil, nil
	}
	return takes, frees
}

func reaches(fn *types.Func, facts []Fact) ([]Reach, bool) {
	var out []Reach
	for _, f := range facts {
		typ, ok := parameter(fn.Origin().Signature(), f.Param)
		if !ok {
			return nil, false
		}
		reach := Reach{Arg: f.Param, Shared: f.Shared}
		for _, name := range strings.Split(f.Sel, ".")[1:] {
			i := fieldIndex(typ, name)
			if i < 0 {
				return nil, false // behind a pointer, or an element
			}
			reach.Fields = append(reach.Fields, i)
			typ = typ.Underlying().(*types.Struct).Field(i).Type()
		}
		out = append(out, reach)
	}
	return out, true
}

// parameter is the type of what the pointer that is parameter i means.
func parameter(sig *types.Signature, i int) (types.Type, bool) {
	if recv := sig.Recv(); recv != nil {
		if i == 0 {
			return pointed(recv.Type())
		}
		i--
	}
	if i < 0 || i >= sig.Params().Len() {
		return nil, false
	}
	return pointed(sig.Params().At(i).Type())
}

func pointed(t types.Type) (types.Type, bool) {
	p, ok := t.Underlying().(*types.Pointer)
	if !ok {
		return nil, false
	}
	return p.Elem(), true
}

func fieldIndex(t types.Type, name string) int {
	st, ok := t.Underlying().(*types.Struct)
	if !ok {
		return -1
	}
	for i := range st.NumFields() {
		if st.Field(i).Name() == name {
			return i
		}
	}
	return -1
}
