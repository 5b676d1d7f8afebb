package exact

import (
	"go/types"
	stdstrings "strings"

	"golang.org/x/tools/go/ssa"

	"github.com/fearless-go/fearless/vet/internal/api"
)

// A callee is what a call calls: a function with a body, one that natives.go
// knows, or a builtin.
type callee struct {
	fn      *ssa.Function
	free    []value
	native  *native
	builtin string
	call    *ssa.CallCommon
}

// resolve finds what call calls, and with what. It reports false if that
// panics, as a call of nil does.
func (m *search) resolve(s *state, f *frame, call *ssa.CallCommon) (c callee, args []value, ok bool) {
	for _, a := range call.Args {
		args = append(args, m.operand(s, f, a))
	}
	if b, isBuiltin := call.Value.(*ssa.Builtin); isBuiltin && !call.IsInvoke() {
		return callee{builtin: b.Name(), call: call}, args, true
	}
	var fn *ssa.Function
	var free []value
	switch {
	case call.IsInvoke():
		recv := m.operand(s, f, call.Value)
		if recv == nil {
			return c, nil, false
		}
		b, isBoxed := recv.(boxed)
		if !isBoxed || b.typ == nil {
			if m.around && recv == (unknown{}) {
				return m.unseen(s, call), args, true
			}
			return m.ofUnknown(call), nil, true
		}
		sel := m.root.Prog.MethodSets.MethodSet(b.typ).Lookup(call.Method.Pkg(), call.Method.Name())
		if sel == nil {
			stop("a method that is not found")
		}
		if fn = m.root.Prog.MethodValue(sel); fn == nil {
			stop("generic code")
		}
		args = append([]value{b.val}, args...)
	default:
		v := m.operand(s, f, call.Value)
		if v == nil {
			return c, nil, false
		}
		cl, isClosure := v.(*closure)
		if !isClosure && m.around {
			return m.unseen(s, call), args, true
		}
		if !isClosure {
			stop("a function value that is not known")
		}
		fn, free = cl.fn, cl.free
	}
	return m.function(fn, free, call), args, true
}

// function is the callee that is fn.
func (m *search) function(fn *ssa.Function, free []value, call *ssa.CallCommon) callee {
	if obj, ok := fn.Object().(*types.Func); ok && !wraps(fn) {
		if n := nativeOf(api.Of(obj)); n != nil {
			return callee{native: n, call: call}
		}
	}
	if origin := fn.Origin(); origin != nil && origin != fn {
		if obj, ok := origin.Object().(*types.Func); ok {
			if n := nativeOf(api.Of(obj)); n != nil {
				return callee{native: n, call: call}
			}
		}
		switch {
		case oneCell(fn.TypeArgs()) && len(origin.Blocks) > 0:
			fn = origin
		case m.tolerant:
			return callee{native: ignored, call: call}
		default:
			stop("generic code")
		}
	}
	if generic(fn) && !m.moves(fn) {
		stop("generic code")
	}
	if len(fn.Blocks) == 0 {
		if m.tolerant {
			return callee{native: ignored, call: call}
		}
		if m.around && !ends(fn) && call != nil {
			return callee{native: outside, call: call}
		}
		stop("it calls " + fn.String())
	}
	return callee{fn: fn, free: free, call: call}
}

// wraps reports whether fn only calls the method that it has for an object, with
// another receiver: that which a method value has captured, or the embedded field
// that has the method. It has a body, which is run.
func wraps(fn *ssa.Function) bool {
	kind, _, _ := stdstrings.Cut(fn.Synthetic, " for ")
	return len(fn.Blocks) > 0 && (kind == "bound method wrapper" || kind == "wrapper" || kind == "thunk")
}

// ofUnknown is the callee that is a method of an object that is not known.
func (m *search) ofUnknown(call *ssa.CallCommon) callee {
	if m.tolerant || call.Method.Name() == "Error" && call.Signature().Params().Len() == 0 {
		return callee{native: ignored, call: call}
	}
	stop("a dynamic type that is not known")
	return callee{}
}

// enter pushes the frame of a call.
func (m *search) enter(t *thread, c callee, args []value) {
	if len(t.frames) > 200 {
		stop("deep recursion")
	}
	if c.native != nil {
		t.frames = append(t.frames, &frame{native: c.native, args: args, call: c.call})
		return
	}
	info := m.info(c.fn)
	m.result.Ran[c.fn] = true
	f := &frame{fn: info, block: c.fn.Blocks[0], regs: make([]value, len(info.reg))}
	for i, p := range c.fn.Params {
		f.set(p, args[i])
	}
	for i, v := range c.fn.FreeVars {
		f.set(v, c.free[i])
	}
	t.frames = append(t.frames, f)
}

// leave pops the frame of a call that returns result.
func (m *search) leave(_ *state, t *thread, result value) status {
	t.frames = t.frames[:len(t.frames)-1]
	f := t.top()
	switch {
	case f == nil:
		return goesOn
	case f.native != nil:
		f.result = result
		return goesOn
	}
	if call, ok := f.block.Instrs[f.pc].(*ssa.Call); ok {
		f.set(call, result)
		f.pc++
	}
	return goesOn // else a deferred call: there may be more of them
}

// results is what a return returns.
func (m *search) results(s *state, f *frame, ret *ssa.Return) value {
	switch len(ret.Results) {
	case 0:
		return nil
	case 1:
		return m.operand(s, f, ret.Results[0])
	}
	var out tuple
	for _, r := range ret.Results {
		out = append(out, m.operand(s, f, r))
	}
	return out
}

func (m *search) call(s *state, t *thread, f *frame, x *ssa.Call, c *chooser) status {
	callee, args, ok := m.resolve(s, f, &x.Call)
	if !ok {
		return m.fails(t)
	}
	if callee.builtin != "" {
		result, ok := m.builtin(s, t, callee, args, x)
		if !ok {
			return m.panics(t)
		}
		f.set(x, result)
		f.pc++
		return goesOn
	}
	m.enter(t, callee, args)
	return goesOn
}

// runDefers makes the deferred call that was deferred last, if there is one.
func (m *search) runDefers(s *state, t *thread, f *frame, c *chooser) status {
	n := len(f.defers)
	if n == 0 {
		f.pc++
		return goesOn
	}
	d := f.defers[n-1]
	f.defers, f.last = f.defers[:n-1], d.instr
	if d.callee.builtin != "" {
		if _, ok := m.builtin(s, t, d.callee, d.args, d.instr); !ok {
			return m.panics(t)
		}
		return goesOn
	}
	m.enter(t, d.callee, d.args)
	return goesOn
}

// start runs a go statement.
func (m *search) start(s *state, t *thread, f *frame, x *ssa.Go) status {
	callee, args, ok := m.resolve(s, f, &x.Call)
	if !ok {
		return m.fails(t)
	}
	f.pc++
	u := m.spawn(s, t, x)
	if callee.builtin != "" {
		u.frames = []*frame{{native: goBuiltin, args: args, call: callee.call}}
	} else {
		m.enter(u, callee, args)
	}
	m.settle(s, u)
	return goesOn
}

// goBuiltin is a goroutine that only runs a builtin function.
var goBuiltin = &native{id: 8, step: always, run: func(x *call) status {
	name := x.f.call.Value.(*ssa.Builtin).Name()
	if _, ok := x.builtin(x.s, x.t, callee{builtin: name, call: x.f.call}, x.f.args, x.t.site); !ok {
		return x.panics(x.t)
	}
	return x.returns(nil)
}}

// function is the frame of the function that t runs: what is on top of it is
// of the library.
func (t *thread) function() *frame {
	for i := len(t.frames) - 1; i >= 0; i-- {
		if f := t.frames[i]; f.native == nil {
			return f
		}
	}
	return nil
}

// instrOf is the instruction by which the function that t runs has called
// what is on top of it.
func (t *thread) instrOf() ssa.Instruction {
	if f := t.function(); f != nil {
		return f.block.Instrs[f.pc]
	}
	return t.site
}

// siteOf is instrOf, but the defer statement of what is called when a function
// returns: only that stands in the source.
func (t *thread) siteOf() ssa.Instruction {
	instr := t.instrOf()
	if _, returns := instr.(*ssa.RunDefers); returns {
		if f := t.function(); f.last != nil {
			return f.last
		}
	}
	return instr
}

func methodsOf(pkg *ssa.Package) []*ssa.Function {
	var out []*ssa.Function
	if pkg == nil {
		return nil
	}
	for _, member := range pkg.Members {
		typ, ok := member.(*ssa.Type)
		if !ok {
			continue
		}
		for _, t := range []types.Type{typ.Type(), types.NewPointer(typ.Type())} {
			set := pkg.Prog.MethodSets.MethodSet(t)
			for i := range set.Len() {
				if fn := pkg.Prog.MethodValue(set.At(i)); fn != nil {
					out = append(out, fn)
				}
			}
		}
	}
	return out
}
