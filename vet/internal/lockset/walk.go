package lockset

import (
	"go/constant"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/fearless-go/fearless/vet/internal/api"
)

const (
	maxSteps  = 2000 // basic blocks walked per function
	maxStates = 16   // states per basic block
	maxInline = 4    // closures called in closures
)

// A walker follows the paths of one function.
type walker struct {
	c     *computation
	out   *Func
	steps int
	stack []*ssa.Function
	seen  map[string]bool // what out has
}

// walk follows fn from each of the entry states and returns the states at its
// returns, after its deferred calls.
func (w *walker) walk(fn *ssa.Function, entry []state) (exits []state) {
	if len(fn.Blocks) == 0 {
		return entry
	}
	w.stack = append(w.stack, fn)
	defer func() { w.stack = w.stack[:len(w.stack)-1] }()

	type item struct {
		block *ssa.BasicBlock
		s     state
	}
	visited := map[*ssa.BasicBlock]map[string]bool{}
	exitKeys := map[string]bool{}
	var work []item
	push := func(from, to *ssa.BasicBlock, s state) {
		if from != nil {
			if to.Dominates(from) {
				s = s.clone()
				s.conds = slices.DeleteFunc(s.conds, func(c cond) bool { return c.key[0] == '*' })
			}
			s = w.phis(from, to, s)
		}
		k := s.key()
		if visited[to] == nil {
			visited[to] = map[string]bool{}
		}
		if visited[to][k] {
			return
		}
		if len(visited[to]) >= maxStates {
			w.out.Partial = true
			return
		}
		visited[to][k] = true
		work = append(work, item{to, s})
	}
	for _, s := range entry {
		s = s.clone()
		s.defers = nil
		push(nil, fn.Blocks[0], s)
	}
	for len(work) > 0 {
		it := work[len(work)-1]
		work = work[:len(work)-1]
		if w.steps++; w.steps > maxSteps {
			w.out.Partial = true
			break
		}
		states := []state{it.s}
		for _, instr := range it.block.Instrs {
			var next []state
			for _, s := range states {
				next = append(next, w.step(s, instr)...)
			}
			states = unique(next)
		}
		switch last := it.block.Instrs[len(it.block.Instrs)-1].(type) {
		case *ssa.If:
			for _, s := range states {
				for i, succ := range it.block.Succs {
					if t, ok := w.assume(s, last.Cond, i == 0, last); ok {
						push(it.block, succ, t)
					}
				}
			}
		case *ssa.Return:
			for _, s := range states {
				if len(w.stack) == 1 {
					w.exit(s, last, false)
				}
				if k := s.key(); !exitKeys[k] {
					exitKeys[k] = true
					exits = append(exits, s)
				}
			}
		case *ssa.Panic:
			if !isNoReturn(last) && len(w.stack) == 1 {
				for _, s := range states {
					for _, t := range w.runDefers(s) {
						w.exit(t, last, true)
					}
				}
			}
		default:
			for _, s := range states {
				for _, succ := range it.block.Succs {
					push(it.block, succ, s)
				}
			}
		}
	}
	return exits
}

func unique(states []state) []state {
	if len(states) < 2 {
		return states
	}
	seen := map[string]bool{}
	return slices.DeleteFunc(states, func(s state) bool {
		k := s.key()
		dup := seen[k]
		seen[k] = true
		return dup
	})
}

// isNoReturn reports whether p stands for the end of a call that does not
// return, rather than for a panic in the source.
func isNoReturn(p *ssa.Panic) bool {
	m, ok := p.X.(*ssa.MakeInterface)
	if !ok {
		return false
	}
	c, ok := m.X.(*ssa.Const)
	return ok && c.Value != nil && c.Value.Kind() == constant.String && constant.StringVal(c.Value) == "noreturn"
}

// step returns the states after instr.
func (w *walker) step(s state, instr ssa.Instruction) []state {
	_, isPhi := instr.(*ssa.Phi) // see phis
	if v, ok := instr.(ssa.Value); ok && !isPhi && w.matters(s, v) {
		s = s.clone()
		s.redefine(v)
	}
	switch instr := instr.(type) {
	case *ssa.Call:
		return w.call(s, instr)
	case *ssa.Defer:
		if !slices.Contains(s.defers, instr) {
			s = s.clone()
			s.defers = append(s.defers, instr)
		}
	case *ssa.RunDefers:
		return w.runDefers(s)
	case *ssa.Go:
		w.spawn(instr)
		s = w.give(s, Args(&instr.Call), nil)
		s = w.give(s, []ssa.Value{instr.Call.Value}, nil)
	case *ssa.Store:
		return []state{w.store(s, instr)}
	case *ssa.MapUpdate:
		w.write(s, instr)
	case *ssa.Return:
		s = s.clone()
		for i := range s.locks {
			h := &s.locks[i]
			if h.Guard == nil || h.Status != Held {
				continue
			}
			for _, v := range instr.Results {
				if IsGuard(v.Type()) && carries(v, h.Guard, 3) {
					h.Status = Returned
				}
			}
		}
		s = w.give(s, instr.Results, nil)
	case *ssa.Send:
		if !w.c.buffered(instr.Chan) {
			w.block(s, instr, channelOp("a send on", instr.Chan), nil, nil)
		}
		s = w.give(s, []ssa.Value{instr.X}, nil)
	case *ssa.UnOp:
		if instr.Op == token.ARROW {
			w.block(s, instr, channelOp("a receive from", instr.X), nil, nil)
		}
	case *ssa.Select:
		if instr.Blocking && len(instr.States) > 0 {
			w.block(s, instr, "a select", nil, nil)
		}
	}
	return []state{s}
}

func channelOp(what string, ch ssa.Value) string {
	if p := Resolve(ch); p.head != "" {
		return what + " " + p.String()
	}
	return what + " a channel"
}

// matters reports whether a new value for v can change s.
func (w *walker) matters(s state, v ssa.Value) bool {
	for _, h := range s.locks {
		if h.Lock.dependsOn(v) {
			return true
		}
	}
	return len(s.conds) > 0
}

// store follows an assignment: it may move a guard, rename what a path
// names, or settle a condition.
func (w *walker) store(s state, instr *ssa.Store) state {
	w.write(s, instr)
	if !isVariable(instr.Addr) {
		s = w.give(s, []ssa.Value{instr.Val}, nil)
	}
	if len(s.locks) == 0 && len(s.conds) == 0 && !isBool(instr.Val.Type()) {
		return s
	}
	p := Resolve(instr.Addr)
	if p.Root == nil {
		return s
	}
	s = s.clone()
	prefix := p.sel + "*"
	for i := range s.locks {
		h := &s.locks[i]
		if h.Lock.Root == p.Root && len(h.Lock.sel) >= len(prefix) && h.Lock.sel[:len(prefix)] == prefix {
			if OnlyStore(instr.Addr) != nil {
				continue
			}
			h.Lock.Root, h.Lock.sel = nil, ""
			if h.Status == Released {
				h.Status = Unknown
			}
		}
	}
	key := "*" + p.key() + ";"
	s.conds = slices.DeleteFunc(s.conds, func(c cond) bool { return c.key == key })
	if c, ok := instr.Val.(*ssa.Const); ok && c.Value != nil && c.Value.Kind() == constant.Bool {
		s.conds = append(s.conds, cond{key, constant.BoolVal(c.Value)})
	}
	return s
}

func isBool(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Kind() == types.Bool
}

// phis settles the conditions that entering block to from block from decides.
func (w *walker) phis(from, to *ssa.BasicBlock, s state) state {
	edge := slices.Index(to.Preds, from)
	before := s.conds
	if _, ok := to.Instrs[0].(*ssa.Phi); ok && (len(s.locks) > 0 || len(s.conds) > 0) {
		s = s.clone()
		for _, instr := range to.Instrs {
			if phi, ok := instr.(*ssa.Phi); ok {
				s.redefine(phi)
			}
		}
	}
	for _, instr := range to.Instrs {
		phi, ok := instr.(*ssa.Phi)
		if !ok {
			break
		}
		var c cond
		switch v := phi.Edges[edge].(type) {
		case *ssa.Const:
			switch {
			case v.Value != nil && v.Value.Kind() == constant.Bool:
				c = cond{ptr(phi) + ";", constant.BoolVal(v.Value)}
			case v.IsNil():
				c = cond{"nil=" + ptr(phi) + ";", true}
			}
		case *ssa.MakeInterface, *ssa.Alloc, *ssa.MakeClosure, *ssa.Function, *ssa.FieldAddr:
			c = cond{"nil=" + ptr(phi) + ";", false}
		default:
			for _, known := range before {
				if known.key == ptr(v)+";" {
					c = cond{ptr(phi) + ";", known.holds}
				}
				if known.key == "nil="+ptr(v)+";" {
					c = cond{"nil=" + ptr(phi) + ";", known.holds}
				}
			}
		}
		if c.key == "" || w.c.conditions(phi.Parent())[c.key] == 0 {
			continue
		}
		s = s.clone()
		s.conds = append(slices.DeleteFunc(s.conds, func(o cond) bool { return o.key == c.key }), c)
	}
	return s
}

// assume returns s with the condition v known to be as want says. It reports
// false if that contradicts what s knows.
func (w *walker) assume(s state, v ssa.Value, want bool, at *ssa.If) (state, bool) {
	for {
		not, ok := v.(*ssa.UnOp)
		if !ok || not.Op != token.NOT {
			break
		}
		v, want = not.X, !want
	}
	if c, ok := v.(*ssa.Const); ok && c.Value != nil && c.Value.Kind() == constant.Bool {
		return s, constant.BoolVal(c.Value) == want
	}
	if call, op, got := tried(v, want); call != nil {
		s = s.clone()
		lock := Resolve(op.Lock)
		if got {
			guard := ssa.Value(nil)
			if op.Guarded {
				guard = call
			}
			h := Holding{Lock: lock, Mode: op.Mode, At: call, Guard: guard, Cell: op.Cell}
			if i := s.find(lock); i >= 0 && s.locks[i].Status == Held {
				h.Status = Unknown
			}
			s.set(h)
		}
		return s, true
	}
	key, same := condKey(v)
	if key == "" {
		return s, true
	}
	if !same {
		want = !want
	}
	for _, c := range s.conds {
		if c.key == key {
			return s, c.holds == want
		}
	}
	if w.c.conditions(at.Parent())[key] > 1 {
		s = s.clone()
		s.conds = append(s.conds, cond{key, want})
	}
	return s, true
}

// tried tells whether the condition v, with outcome want, is the result of an
// attempt to lock, and whether that succeeded.
func tried(v ssa.Value, want bool) (call *ssa.Call, op Op, got bool) {
	switch x := v.(type) {
	case *ssa.Call:
		call = x
	case *ssa.Extract: // g, ok := m.TryLock()
		call, _ = x.Tuple.(*ssa.Call)
		if x.Index == 0 {
			return nil, Op{}, false
		}
	case *ssa.BinOp: // g, err := m.TryLock(); err == nil
		e, ok := x.X.(*ssa.Extract)
		if c, isConst := x.Y.(*ssa.Const); !ok || !isConst || !c.IsNil() || e.Index == 0 {
			return nil, Op{}, false
		}
		call, _ = e.Tuple.(*ssa.Call)
		if x.Op == token.NEQ {
			want = !want
		} else if x.Op != token.EQL {
			return nil, Op{}, false
		}
	}
	if call == nil {
		return nil, Op{}, false
	}
	op = OpOf(&call.Call)
	if op.Kind != Try {
		return nil, Op{}, false
	}
	return call, op, want
}

// condKey names the condition v, so that two tests of the same thing have the
// same key. It reports false if v is the opposite of what the key says.
func condKey(v ssa.Value) (key string, same bool) {
	switch x := v.(type) {
	case *ssa.BinOp:
		switch x.Op {
		case token.EQL, token.NEQ:
			if c, ok := x.Y.(*ssa.Const); ok && c.IsNil() {
				return "nil=" + operandKey(x.X), x.Op == token.EQL
			}
			return "eq" + operandKey(x.X) + operandKey(x.Y), x.Op == token.EQL
		case token.LSS, token.GEQ:
			return "lt" + operandKey(x.X) + operandKey(x.Y), x.Op == token.LSS
		case token.GTR, token.LEQ:
			return "gt" + operandKey(x.X) + operandKey(x.Y), x.Op == token.GTR
		}
	}
	return operandKey(v), true
}

func operandKey(v ssa.Value) string {
	switch x := v.(type) {
	case *ssa.Const:
		return x.String() + ";"
	case *ssa.UnOp:
		if x.Op == token.MUL {
			if p := Resolve(x.X); p.Root != nil {
				return "*" + p.key() + ";"
			}
		}
	case *ssa.Call:
		if b, ok := x.Call.Value.(*ssa.Builtin); ok && b.Name() == "len" {
			return "len " + operandKey(x.Call.Args[0])
		}
	}
	return ptr(v) + ";"
}

// give notes that the guards among values become another's.
func (w *walker) give(s state, values []ssa.Value, except ssa.Value) state {
	for i := range s.locks {
		h := &s.locks[i]
		if h.Guard == nil || h.Status == Unknown || h.Status == Returned || h.Guard == except {
			continue
		}
		for _, v := range values {
			if carries(v, h.Guard, 3) {
				s = s.clone()
				s.locks[i].Status = Unknown
				break
			}
		}
	}
	return s
}

// carries reports whether the value v holds the guard that call returned, or
// can reach it.
func carries(v ssa.Value, call ssa.Value, depth int) bool {
	if depth == 0 {
		return false
	}
	switch x := v.(type) {
	case *ssa.MakeInterface:
		return carries(x.X, call, depth-1)
	case *ssa.MakeClosure:
		for _, b := range x.Bindings {
			if carries(b, call, depth-1) {
				return true
			}
		}
		return false
	}
	if v == nil || !mayHoldGuard(v.Type()) {
		return false
	}
	for _, o := range Origins(v) {
		if guardCall(o) == call {
			return true
		}
	}
	return false
}

func mayHoldGuard(t types.Type) bool {
	if IsGuard(t) {
		return true
	}
	if p, ok := t.Underlying().(*types.Pointer); ok {
		return mayHoldGuard(p.Elem())
	}
	_, ok := t.Underlying().(*types.Signature)
	return ok
}

// spawn notes the locks that a new goroutine releases for this one.
func (w *walker) spawn(instr *ssa.Go) {
	fn := function(&instr.Call)
	if fn == nil || fn.Parent() != nil {
		return
	}
	if fn = origin(declared(fn)); len(fn.Blocks) == 0 {
		return
	}
	sum := w.c.summary(fn)
	for _, e := range slices.Concat(sum.Releases, sum.MayFree) {
		w.foreign(w.c.translate(e.Lock, fn, &instr.Call))
	}
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
		return unique(append(w.inline(s, args[len(args)-1]), s))
	}
	if fn := function(call); fn == nil && !call.IsInvoke() || fn != nil && mayPanic(fn) {
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
			return w.inlineFunc(s, fn)
		}
		if fn = origin(declared(fn)); len(fn.Blocks) > 0 {
			w.applySummary(&s, instr, call, fn, w.c.summary(fn), true)
			return []state{w.give(s, call.Args, nil)}
		}
	}
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

// acquire follows the acquisition h.
func (w *walker) acquire(s *state, h Holding) {
	w.acquisition(*s, Acquisition{Instr: h.At, Lock: h.Lock, Mode: h.Mode, Cell: h.Cell})
	if i := s.find(h.Lock); i >= 0 && s.locks[i].Status == Held {
		h.Status = Unknown // it waits forever, or is held twice
	}
	s.set(h)
}

// release follows the release of op's lock or guard.
func (w *walker) release(s *state, op Op, instr ssa.CallInstruction) {
	if op.Guard != nil {
		w.releaseGuard(s, op, instr)
		return
	}
	lock, mode := w.c.alias(Resolve(op.Lock), op.Mode)
	w.releaseLock(s, lock, mode, instr, nil)
}

func (w *walker) releaseGuard(s *state, op Op, instr ssa.CallInstruction) {
	freed, before := false, -1
	for i := range s.locks {
		h := &s.locks[i]
		if h.Guard == nil || !carries(op.Guard, h.Guard, 3) {
			continue
		}
		switch h.Status {
		case Held:
			w.released(h.At)
			h.Status, h.At, freed = Released, instr, true
		case Released:
			before = i
		case Unknown:
			freed = true
		}
	}
	if !freed && before >= 0 && len(Origins(op.Guard)) == 1 {
		w.again(s.locks[before], instr)
		s.locks[before].Status = Unknown
	}
}

func (w *walker) releaseLock(s *state, p Path, mode Mode, instr ssa.CallInstruction, via *types.Func) {
	if i := s.find(p); i >= 0 {
		h := &s.locks[i]
		switch h.Status {
		case Held:
			w.released(h.At)
			if h.Mode != mode {
				w.mismatch(*h, mode, instr)
			}
			h.Status, h.At, h.Via = Released, instr, via
			if h.Foreign {
				w.foreign(p)
			}
		case Released:
			if via == nil && !h.Foreign {
				w.again(*h, instr)
			}
			h.Status = Unknown
		}
		return
	}
	// The lock of an earlier iteration, or one that is called something else here.
	for i := range s.locks {
		h := &s.locks[i]
		if h.Status == Held && h.Lock.Class == p.Class && (!h.Lock.Known() || !p.Known()) {
			w.out.Doubtful[h.At] = true
			h.Status = Unknown
			return
		}
	}
	for i := range s.locks {
		h := &s.locks[i]
		if h.Status == Held && h.Lock.MayBe(p) {
			w.out.Doubtful[h.At] = true
			h.Status = Unknown
		}
	}
	w.foreign(p)
	s.set(Holding{Lock: p, Mode: mode, Status: Released, At: instr, Foreign: true, Via: via})
}

// mayPanic reports whether fn has a panic statement of its own.
func mayPanic(fn *ssa.Function) bool {
	fn = origin(declared(fn))
	for _, b := range fn.Blocks {
		if p, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Panic); ok && !isNoReturn(p) {
			return true
		}
	}
	return false
}
