package parallel

import (
	"go/token"
	"go/types"
	"testing"
)

// An object that is not known may be reached as a value of one type, and taken
// for one of another by a place.
func TestFieldAtPlace(t *testing.T) {
	pkg := types.NewPackage("p", "p")
	field := func(name string, typ types.Type) *types.Var {
		return types.NewField(token.NoPos, pkg, name, typ, false)
	}
	inner := types.NewStruct([]*types.Var{field("x", types.Typ[types.Int]), field("y", types.Typ[types.Int])}, nil)
	outer := types.NewStruct([]*types.Var{field("a", types.Typ[types.Int]), field("b", inner)}, nil)
	for _, test := range []struct{ path, want string }{
		{".0", "a"},
		{".1", "b"},
		{".1.1", "y"},
		{".2", ""},
		{".9.0", ""},
		{".1.7", ""},
		{".0.1", ""},
	} {
		got := ""
		if f := lastField(Ref{Obj: &Object{typ: types.NewPointer(outer)}, Path: test.path}); f != nil {
			got = f.Name()
		}
		if got != test.want {
			t.Errorf("the field at %s is %q, want %q", test.path, got, test.want)
		}
	}
}
