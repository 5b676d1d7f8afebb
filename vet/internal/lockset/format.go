package lockset

import (
	"go/constant"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/fearless-go/fearless/vet/internal/api"
)

// Package fmt documents that it calls the methods Format, Error and String of
// the operands that it prints, and package log that it prints as fmt does.

// printers are the functions that print all their operands, by the index of
// the first one; the receiver does not count.
var printers = map[api.Func]int{
	{Pkg: "fmt", Name: "Print"}: 0, {Pkg: "fmt", Name: "Println"}: 0,
	{Pkg: "fmt", Name: "Sprint"}: 0, {Pkg: "fmt", Name: "Sprintln"}: 0,
	{Pkg: "fmt", Name: "Fprint"}: 1, {Pkg: "fmt", Name: "Fprintln"}: 1,
	{Pkg: "fmt", Name: "Append"}: 1, {Pkg: "fmt", Name: "Appendln"}: 1,
	{Pkg: "log", Name: "Print"}: 0, {Pkg: "log", Name: "Println"}: 0,
	{Pkg: "log", Name: "Panic"}: 0, {Pkg: "log", Name: "Panicln"}: 0,
	{Pkg: "log", Recv: "Logger", Name: "Print"}: 0, {Pkg: "log", Recv: "Logger", Name: "Println"}: 0,
	{Pkg: "log", Recv: "Logger", Name: "Panic"}: 0, {Pkg: "log", Recv: "Logger", Name: "Panicln"}: 0,
}

// formatters print by a format, at the index given; the operands follow it.
var formatters = map[api.Func]int{
	{Pkg: "fmt", Name: "Printf"}: 0, {Pkg: "fmt", Name: "Sprintf"}: 0, {Pkg: "fmt", Name: "Errorf"}: 0,
	{Pkg: "fmt", Name: "Fprintf"}: 1, {Pkg: "fmt", Name: "Appendf"}: 1,
	{Pkg: "log", Name: "Printf"}: 0, {Pkg: "log", Name: "Panicf"}: 0,
	{Pkg: "log", Recv: "Logger", Name: "Printf"}: 0, {Pkg: "log", Recv: "Logger", Name: "Panicf"}: 0,
}

// printed follows the methods that a call of a function that prints calls.
func (w *walker) printed(s *state, instr ssa.CallInstruction, call *ssa.CallCommon) {
	if call.IsInvoke() {
		return
	}
	name := api.CalleeOf(call)
	args := api.Args(call)
	first, prints := printers[name]
	at, formats := formatters[name]
	var verbs []rune
	if formats {
		first = at + 1
		if at >= len(args) {
			return
		}
		c, ok := args[at].(*ssa.Const)
		if !ok || c.Value == nil || c.Value.Kind() != constant.String {
			return // which verb an operand has is not known
		}
		if verbs, ok = verbsOf(constant.StringVal(c.Value)); !ok {
			return
		}
	}
	if !prints && !formats || first >= len(args) {
		return
	}
	for i, v := range operandsOf(args[first]) {
		if v == nil || formats && (i >= len(verbs) || !strings.ContainsRune("vsqxXw", verbs[i])) {
			continue
		}
		made, ok := v.(*ssa.MakeInterface)
		if !ok {
			continue
		}
		fn, method := w.c.printsBy(made.X.Type())
		if fn == nil {
			continue
		}
		if method.Name() == "String" && formats && verbs[i] == 'w' {
			continue
		}
		inner := &ssa.CallCommon{Value: fn, Args: []ssa.Value{made.X}}
		w.applySummary(s, instr, inner, fn, w.c.summary(fn), true)
	}
}

// printsBy is the method of a value of type t that package fmt calls, if this
// package declares it: Format, else Error, else String.
func (c *computation) printsBy(t types.Type) (*ssa.Function, *types.Func) {
	if types.IsInterface(t) {
		return nil, nil
	}
	set := types.NewMethodSet(t)
	for _, m := range []struct{ name, sig string }{
		{"Format", "func(f fmt.State, verb rune)"}, {"Error", "func() string"}, {"String", "func() string"},
	} {
		sel := set.Lookup(c.res.pkg.Pkg, m.name)
		if sel == nil {
			continue
		}
		method, ok := sel.Obj().(*types.Func)
		if !ok || m.name != "Format" && types.TypeString(method.Signature(), nil) != m.sig {
			continue
		}
		if m.name == "Format" || len(sel.Index()) > 1 || method.Pkg() != c.res.pkg.Pkg {
			return nil, nil // another method prints it
		}
		fn := c.res.pkg.Prog.FuncValue(method.Origin())
		if fn == nil || len(fn.Blocks) == 0 || len(fn.Params) == 0 || !types.Identical(fn.Params[0].Type(), t) {
			return nil, nil
		}
		return fn, method
	}
	return nil, nil
}

// operandsOf are the values in the variadic argument v, by index; nil where
// one is not known.
func operandsOf(v ssa.Value) (operands []ssa.Value) {
	slice, ok := v.(*ssa.Slice)
	if !ok {
		return nil
	}
	array, ok := slice.X.(*ssa.Alloc)
	if !ok {
		return nil
	}
	for _, ref := range *array.Referrers() {
		elem, ok := ref.(*ssa.IndexAddr)
		if !ok {
			continue
		}
		c, ok := elem.Index.(*ssa.Const)
		if !ok {
			continue
		}
		i := int(c.Int64())
		for len(operands) <= i {
			operands = append(operands, nil)
		}
		for _, use := range *elem.Referrers() {
			if store, ok := use.(*ssa.Store); ok && store.Addr == ssa.Value(elem) {
				operands[i] = store.Val
			}
		}
	}
	return operands
}

// verbsOf are the verbs of a format, one for each operand in order. It gives up
// where the format counts operands itself.
func verbsOf(format string) (verbs []rune, ok bool) {
	rest := []rune(format)
	for len(rest) > 0 {
		i := slices.Index(rest, '%')
		if i < 0 {
			break
		}
		rest = rest[i+1:]
		sharp := false
		for len(rest) > 0 && strings.ContainsRune("+-# 0123456789.", rest[0]) {
			sharp = sharp || rest[0] == '#'
			rest = rest[1:]
		}
		if len(rest) == 0 || rest[0] == '*' || rest[0] == '[' {
			return nil, false
		}
		switch {
		case rest[0] == '%':
		case sharp && rest[0] == 'v':
			verbs = append(verbs, 'G') // Go syntax: String is not called
		default:
			verbs = append(verbs, rest[0])
		}
		rest = rest[1:]
	}
	return verbs, true
}
