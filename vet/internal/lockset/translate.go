package lockset

import (
	"go/constant"
	"go/token"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// conditionsOf returns what remains to be known of the parameters of the
// calling function for an effect of fn to happen. It reports false if it cannot.
func (c *computation) conditionsOf(s state, when []condition, fn *ssa.Function, call *ssa.CallCommon, caller *ssa.Function) (rest []condition, possible bool) {
	args := Args(call)
	for _, w := range when {
		i := w.param
		if fn != nil {
			i -= len(fn.Params) - len(args)
		}
		if i < 0 || i >= len(args) {
			continue
		}
		arg, want := args[i], w.value
		for {
			not, ok := arg.(*ssa.UnOp)
			if !ok || not.Op != token.NOT {
				break
			}
			arg, want = not.X, !want
		}
		if k, ok := arg.(*ssa.Const); ok && k.Value != nil && constant.BoolVal(k.Value) != want {
			return nil, false
		}
		key, same := condKey(arg)
		for _, known := range s.conds {
			if known.key == key && (known.holds == want) != same {
				return nil, false
			}
		}
		if j := slices.IndexFunc(caller.Params, func(p *ssa.Parameter) bool { return p == arg }); j >= 0 {
			rest = append(rest, condition{j, want})
		}
	}
	return rest, true
}

// translate returns p, which is in terms of fn's parameters, in terms of call's arguments.
func (c *computation) translate(p Path, fn *ssa.Function, call *ssa.CallCommon) Path {
	if p.Root == nil {
		return p
	}
	if a, ok := p.Root.(argument); ok {
		args := Args(call)
		if a.i >= len(args) {
			return Path{Class: p.Class}
		}
		return c.through(Resolve(args[a.i]), p)
	}
	param, ok := p.Root.(*ssa.Parameter)
	if !ok || fn == nil || param.Parent() != fn {
		return p
	}
	args := Args(call)
	i := slices.Index(fn.Params, param) - (len(fn.Params) - len(args))
	if i < 0 || i >= len(args) {
		return Path{Class: p.Class}
	}
	return c.through(Resolve(args[i]), p)
}

// through is p.rebase(base). If base was just made, it knows what its fields
// were made to be.
func (c *computation) through(base, p Path) Path {
	for range 4 {
		v, rest, ok := c.madeField(base, p.sel)
		if !ok {
			break
		}
		base, p.sel = v, rest
		p.tail = nameOf(rest)
	}
	return p.rebase(base)
}

// madeField returns the value that the first field in sel was given when the
// object at base was made, by a literal or by a function that returns one.
func (c *computation) madeField(base Path, sel string) (Path, string, bool) {
	if base.sel != "" || sel == "" || sel[0] != '.' {
		return Path{}, "", false
	}
	field, rest := sel[1:], ""
	for i, r := range field {
		if r == '.' || r == '*' || r == '[' {
			field, rest = field[:i], field[i:]
			break
		}
	}
	if rest == "" || rest[0] != '*' {
		return Path{}, "", false
	}
	rest = rest[1:]
	switch root := base.Root.(type) {
	case *ssa.Alloc:
		if v := fieldStore(root, field); v != nil {
			return Resolve(v), rest, true
		}
	case *ssa.Call:
		fn := root.Call.StaticCallee()
		if fn == nil {
			break
		}
		fn = origin(fn)
		alloc := soleResult(fn)
		if alloc == nil {
			break
		}
		if v := fieldStore(alloc, field); v != nil {
			p := Resolve(v)
			if param, ok := p.Root.(*ssa.Parameter); ok && param.Parent() == fn {
				q := c.translate(p, fn, &root.Call)
				return q, rest, q.Root != nil
			}
		}
	}
	return Path{}, "", false
}

// nameOf returns what the user would write for the selectors sel.
func nameOf(sel string) string {
	var b strings.Builder
	for _, r := range sel {
		if r != '*' {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// soleResult returns the object that fn makes and returns, if all it can
// return is that.
func soleResult(fn *ssa.Function) *ssa.Alloc {
	var alloc *ssa.Alloc
	for _, b := range fn.Blocks {
		ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if !ok {
			continue
		}
		if len(ret.Results) != 1 {
			return nil
		}
		a, ok := Resolve(ret.Results[0]).Root.(*ssa.Alloc)
		if !ok || alloc != nil && a != alloc {
			return nil
		}
		alloc = a
	}
	return alloc
}

// fieldStore returns what a field of the struct alloc is given, if that happens once.
func fieldStore(alloc *ssa.Alloc, field string) ssa.Value {
	var val ssa.Value
	for _, ref := range *alloc.Referrers() {
		fa, ok := ref.(*ssa.FieldAddr)
		if !ok || Resolve(fa).sel != "."+field {
			continue
		}
		for _, use := range *fa.Referrers() {
			if st, ok := use.(*ssa.Store); ok && st.Addr == fa {
				if val != nil {
					return nil
				}
				val = st.Val
			}
		}
	}
	return val
}
