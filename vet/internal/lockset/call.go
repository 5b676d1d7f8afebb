package lockset

import (
	"go/constant"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/fearless-go/fearless/vet/internal/api"
)

// spawn notes the locks that a new goroutine releases for this one, and
// returns s without them.
func (w *walker) spawn(s state, instr *ssa.Go) state {
	fn := function(&instr.Call)
	if fn == nil {
		return s
	}
	if fn.Parent() != nil {
		if m, ok := instr.Call.Value.(*ssa.MakeClosure); ok {
			return handOver(s, m)
		}
		return s
	}
	if fn = origin(declared(fn)); len(fn.Blocks) == 0 {
		return s
	}
	w.called(state{}, fn)
	sum := w.c.summary(fn)
	for _, e := range slices.Concat(sum.Releases, sum.MayFree) {
		w.foreign(w.c.translate(e.Lock, fn, &instr.Call))
	}
	return s
}

// handOver returns s without the locks that the function closure, which may
// run at any time, releases and does not take.
func handOver(s state, closure *ssa.MakeClosure) state {
	fn := closure.Fn.(*ssa.Function)
	if fn.Synthetic != "" {
		if lock, ok := boundRelease(closure); ok {
			if i := s.find(Resolve(lock)); i >= 0 && s.locks[i].Status == Held {
				s = s.clone()
				s.locks[i].Status = Unknown
			}
		}
		return s
	}
	taken := map[string]bool{}
	given := givesBack(fn, taken, 3)
	for _, p := range given {
		if taken[p.key()] {
			continue
		}
		for i, h := range s.locks {
			if h.Status == Held && (h.Lock.Same(p) || p.Class != "" && h.Lock.Class == p.Class) {
				s = s.clone()
				s.locks[i].Status = Unknown
			}
		}
	}
	return s
}

// givesBack returns the locks that fn releases, by itself, by closures that it
// calls, or by a method value that it hands to a function such as Once.Do. It
// notes those that fn takes.
func givesBack(fn *ssa.Function, taken map[string]bool, depth int) (given []Path) {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			call, ok := instr.(ssa.CallInstruction)
			if !ok {
				continue
			}
			switch op := OpOf(call.Common()); op.Kind {
			case Acquire, Try:
				taken[Resolve(op.Lock).key()] = true
				continue
			case Release:
				if op.Guard == nil {
					given = append(given, Resolve(op.Lock))
				}
				continue
			}
			if callee := function(call.Common()); depth > 0 && callee != nil && callee.Parent() != nil && callee != fn {
				given = append(given, givesBack(callee, taken, depth-1)...)
			}
			for _, arg := range call.Common().Args {
				if m, ok := arg.(*ssa.MakeClosure); ok {
					if lock, ok := boundRelease(m); ok {
						given = append(given, Resolve(lock))
					}
				}
			}
		}
	}
	return given
}

// call follows a call, and returns the states after it.
func (w *walker) call(s state, instr *ssa.Call) []state {
	return w.apply(s, instr, &instr.Call)
}

// runDefers follows the deferred calls of s, the last one first.
func (w *walker) runDefers(s state) []state {
	states := []state{s.clone()}
	defers := s.defers
	states[0].defers = nil
	for i := len(defers) - 1; i >= 0; i-- {
		var next []state
		for _, t := range states {
			next = append(next, w.apply(t, defers[i], &defers[i].Call)...)
		}
		states = unique(next)
	}
	return states
}

// apply follows what call does at instr.
func (w *walker) apply(s state, instr ssa.CallInstruction, call *ssa.CallCommon) []state {
	s = s.clone()
	op := OpOf(call)
	switch op.Kind {
	case Acquire:
		var guard ssa.Value
		if op.Guarded {
			guard = instr.Value()
		}
		lock, mode := w.c.alias(Resolve(op.Lock), op.Mode)
		w.acquire(&s, Holding{Lock: lock, Mode: mode, At: instr, Guard: guard, Cell: op.Cell})
		return []state{s}
	case Try:
		if i := s.find(Resolve(op.Lock)); i >= 0 && s.locks[i].Status != Held {
			s.locks[i].Status = Unknown
		}
		return []state{s}
	case Release:
		w.release(&s, op, instr)
		return []state{s}
	case Convert:
		for i := range s.locks {
			if h := &s.locks[i]; h.Guard != nil && h.Status == Held && carries(op.Guard, h.Guard, 3) {
				if !op.Guarded {
					h.Status = Unknown
					continue
				}
				w.released(h.At)
				h.Guard, h.Mode, h.At = instr.Value(), op.Mode, instr
			}
		}
		return []state{s}
	case Within:
		h := Holding{Lock: Resolve(op.Lock), Mode: op.Mode, At: instr, Cell: op.Cell}
		w.acquire(&s, h)
		states := w.inline(s, op.Func)
		for i := range states {
			t := states[i].clone()
			h.Status = Released
			t.set(h)
			states[i] = t
			w.released(h.At)
		}
		return states
	case CondWait:
		w.condWait(s, instr, op)
		return []state{s}
	}

	f := api.CalleeOf(call)
	if f.Name == "Do" && f.Recv == "Once" && (f.Pkg == "sync" || f.Pkg == api.Lock) {
		args := Args(call)
		return w.doOnce(s, instr, args[len(args)-1])
	}
	_, builtin := call.Value.(*ssa.Builtin)
	if fn := function(call); fn == nil && !builtin && !call.IsInvoke() || fn != nil && mayPanic(fn) {
		w.risk(s, instr)
	}
	if what := blockingCall(f); what != "" {
		w.block(s, instr, what, nil, nil)
	}
	if b, ok := call.Value.(*ssa.Builtin); ok {
		if b.Name() == "append" || b.Name() == "copy" {
			s = w.give(s, call.Args, nil)
		}
		return []state{s}
	}
	if fn := function(call); fn != nil {
		if fn.Parent() != nil && len(w.stack) <= maxInline && !slices.Contains(w.stack, fn) {
			return w.inlineFunc(w.bind(s, fn, call.Args), fn)
		}
		if fn = origin(declared(fn)); len(fn.Blocks) > 0 {
			w.called(s, fn)
			w.applySummary(&s, instr, call, fn, w.c.summary(fn), true)
			return []state{w.give(s, call.Args, nil)}
		}
	}
	w.printed(&s, instr, call)
	if obj := api.Callee(call); obj != nil && obj.Pkg() != nil && obj.Pkg() != w.c.pass.Pkg {
		if IsGuard(recvType(obj)) {
			return []state{s}
		}
		if sum := w.c.imported(obj.Origin()); sum != nil {
			w.applySummary(&s, instr, call, nil, sum, true)
		}
	}
	if targets := w.c.targets(instr, call); len(targets) > 0 {
		for _, fn := range targets {
			w.applySummary(&s, instr, call, fn, w.c.stored(w.c.summary(fn), call, fn), len(targets) == 1)
		}
	}
	return []state{w.give(s, Args(call), nil)}
}

func recvType(f *types.Func) types.Type {
	if r := f.Signature().Recv(); r != nil {
		return r.Type()
	}
	return types.Typ[types.Invalid]
}

// function returns the function that call calls, if its source says so.
func function(call *ssa.CallCommon) *ssa.Function {
	if call.IsInvoke() {
		return nil
	}
	return functionOf(call.Value, maxDepth)
}

func functionOf(v ssa.Value, depth int) *ssa.Function {
	if depth == 0 {
		return nil
	}
	switch x := v.(type) {
	case *ssa.Function:
		return x
	case *ssa.MakeClosure:
		return x.Fn.(*ssa.Function)
	case *ssa.ChangeType:
		return functionOf(x.X, depth-1)
	case *ssa.UnOp:
		if x.Op == token.MUL {
			if s := OnlyStore(x.X); s != nil {
				return functionOf(s, depth-1)
			}
		}
	case *ssa.FreeVar:
		if b := Binding(x); b != nil {
			return functionOf(b, depth-1)
		}
	}
	return nil
}

// declared returns the method that fn, if it is a wrapper of one, calls.
func declared(fn *ssa.Function) *ssa.Function {
	if fn.Synthetic == "" {
		return fn
	}
	if obj, ok := fn.Object().(*types.Func); ok {
		if d := fn.Prog.FuncValue(obj.Origin()); d != nil {
			return d
		}
	}
	return fn
}

// inline follows the function value v as if it stood here.
func (w *walker) inline(s state, v ssa.Value) []state {
	fn := functionOf(v, maxDepth)
	if fn == nil || fn.Parent() == nil || len(w.stack) > maxInline || slices.Contains(w.stack, fn) {
		return []state{s}
	}
	return w.inlineFunc(s, fn)
}

func (w *walker) inlineFunc(s state, fn *ssa.Function) []state {
	defers := s.defers
	exits := w.walk(fn, []state{s})
	for i := range exits {
		exits[i].defers = defers
	}
	return unique(exits)
}

// bind notes the values of fn's parameters that args settle.
func (w *walker) bind(s state, fn *ssa.Function, args []ssa.Value) state {
	for i, p := range fn.Params {
		if i >= len(args) || !isBool(p.Type()) {
			continue
		}
		key := ptr(p) + ";"
		s = s.clone()
		before := s.conds
		s.conds = slices.DeleteFunc(slices.Clone(before), func(c cond) bool { return c.key == key })
		if c, ok := args[i].(*ssa.Const); ok && c.Value != nil && c.Value.Kind() == constant.Bool {
			s.conds = append(s.conds, cond{key: key, holds: constant.BoolVal(c.Value)})
			continue
		}
		outer := operandKey(args[i])
		for _, c := range before {
			if c.key == outer {
				s.conds = append(s.conds, cond{key: key, holds: c.holds})
			}
		}
	}
	return s
}

// mayPanic reports whether fn has a panic statement of its own.
func mayPanic(fn *ssa.Function) bool {
	fn = origin(declared(fn))
	for _, b := range fn.Blocks {
		if p, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Panic); ok && !impossible(p) {
			return true
		}
	}
	return false
}
