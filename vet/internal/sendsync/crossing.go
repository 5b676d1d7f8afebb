package sendsync

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/fearless-go/fearless/vet/internal/api"
	"github.com/fearless-go/fearless/vet/internal/goroutine"
)

// A Crossing is a value that goes to another goroutine.
type Crossing struct {
	Value    ssa.Value
	Captured bool      // it is a variable, captured by a closure that the goroutine runs
	Pos      token.Pos // where it goes
	Name     string    // what the source calls it, or ""
	How      string    // "captured by", "passed to", "sent over a channel to"
	Site     ssa.Instruction
}

// Crossings are the values that go from fn to another goroutine.
func Crossings(fn *ssa.Function, starts *goroutine.Result) []Crossing {
	var found []Crossing
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			switch x := instr.(type) {
			case *ssa.Send:
				found = append(found, Crossing{Value: x.X, Pos: x.Pos(), Name: nameOf(x.X), How: "sent over a channel to", Site: x})
			case *ssa.Select:
				for _, s := range x.States {
					if s.Dir == types.SendOnly {
						found = append(found, Crossing{Value: s.Send, Pos: s.Pos, Name: nameOf(s.Send), How: "sent over a channel to", Site: x})
					}
				}
			}
			for _, s := range starts.At(instr) {
				if s.Via.Pkg == "runtime" {
					continue // a finalizer owns what it gets
				}
				found = append(found, startCrossings(s)...)
			}
		}
	}
	return found
}

func startCrossings(s goroutine.Start) []Crossing {
	var found []Crossing
	for _, arg := range s.Args {
		found = append(found, Crossing{Value: arg, Pos: s.Pos(), Name: nameOf(arg), How: "passed to", Site: s.Site})
	}
	return append(found, bindings(s.Fn, s.Pos(), s.Site, nil)...)
}

// bindings are what the function value v brings along: variables it captures,
// the receiver of a method value, and what captured function values bring.
func bindings(v ssa.Value, pos token.Pos, site ssa.Instruction, seen []ssa.Value) []Crossing {
	if v == nil || slices.Contains(seen, v) || len(seen) > 5 {
		return nil
	}
	seen = append(seen, v)
	switch x := v.(type) {
	case *ssa.ChangeType:
		return bindings(x.X, pos, site, seen)
	case *ssa.UnOp:
		if cell, ok := x.X.(*ssa.Alloc); ok && x.Op == token.MUL {
			return bindings(goroutine.OnlyStore(cell), pos, site, seen)
		}
	case *ssa.MakeClosure:
		fn := x.Fn.(*ssa.Function)
		var found []Crossing
		for i, b := range x.Bindings {
			if fn.Parent() == nil { // a method value: it holds its receiver
				found = append(found, Crossing{Value: b, Pos: pos, Name: nameOf(b), How: "passed to", Site: site})
				continue
			}
			found = append(found, Crossing{Value: b, Captured: true, Pos: pos, Name: fn.FreeVars[i].Name(), How: "captured by", Site: site})
			if cell, ok := b.(*ssa.Alloc); ok {
				if _, isFunc := cell.Type().Underlying().(*types.Pointer).Elem().Underlying().(*types.Signature); isFunc {
					found = append(found, bindings(goroutine.OnlyStore(cell), pos, site, seen)...)
				}
			}
		}
		return found
	}
	return nil
}

// nameOf is what the source calls v, or "".
func nameOf(v ssa.Value) string {
	switch x := v.(type) {
	case *ssa.Parameter:
		return x.Name()
	case *ssa.FreeVar:
		return x.Name()
	case *ssa.Global:
		return x.Name()
	case *ssa.Alloc:
		if token.IsIdentifier(x.Comment) {
			return x.Comment
		}
	case *ssa.UnOp:
		if x.Op == token.MUL {
			return nameOf(x.X)
		}
	case *ssa.MakeInterface:
		return nameOf(x.X)
	case *ssa.ChangeType:
		return nameOf(x.X)
	case *ssa.FieldAddr:
		if st, ok := x.X.Type().Underlying().(*types.Pointer).Elem().Underlying().(*types.Struct); ok {
			if base := nameOf(x.X); base != "" {
				return base + "." + st.Field(x.Field).Name()
			}
			return st.Field(x.Field).Name()
		}
	case *ssa.Call:
		if f := api.CalleeOf(&x.Call); f.Name != "" {
			return f.Name + "()"
		}
	}
	return ""
}

// Type is the type of what crosses: the variable's, if one is captured.
func (c Crossing) Type() types.Type {
	v := c.Value
	if m, ok := v.(*ssa.MakeInterface); ok {
		v = m.X
	}
	if p, ok := v.Type().Underlying().(*types.Pointer); ok && c.Captured {
		return p.Elem()
	}
	return v.Type()
}
