package lockset

import (
	"go/constant"
	"go/token"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"
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

	probes bool // it looks ahead: what it passes need not happen
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
	loops := loopsOf(fn)
	visited := map[*ssa.BasicBlock]map[string]bool{}
	exitKeys := map[string]bool{}
	var work []item
	push := func(from, to *ssa.BasicBlock, s state) {
		if from != nil {
			if to.Dominates(from) {
				s = s.clone()
				s.conds = slices.DeleteFunc(s.conds, func(c cond) bool { return c.key[0] == '*' && !c.local })
			}
			s = w.phis(from, to, w.leave(loops, from, to, s))
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
			if !impossible(last) && len(w.stack) == 1 {
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

// impossible reports whether p is no panic in the source: it stands for the end
// of a call that does not return, or, without a position, for what SSA form needs
// and cannot happen, such as that a select has chosen none of its cases.
func impossible(p *ssa.Panic) bool {
	if !p.Pos().IsValid() {
		return true
	}
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
	if w.c.res.at != nil && !w.probes {
		w.watch(s, instr)
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
		s = w.spawn(s, instr)
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
		s = w.returns(s, instr.Results)
	case *ssa.MakeClosure:
		if lock, ok := boundRelease(instr); ok {
			if p := Resolve(lock); s.find(p) < 0 {
				w.foreign(p) // whoever calls the method value releases it
			}
		}
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
		if instr.Blocking && len(instr.States) > 0 && !w.c.alwaysReady(instr) {
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
	isNil := "nil=" + key
	s.conds = slices.DeleteFunc(s.conds, func(c cond) bool {
		return c.key == key || c.key == isNil || strings.HasPrefix(c.key, "eq"+key) ||
			strings.HasPrefix(c.key, "same ") && strings.Contains(c.key, key)
	})
	if w.c.conditions(instr.Parent())[isNil] > 0 {
		_, local := p.Root.(*ssa.Alloc)
		switch v := instr.Val.(type) {
		case *ssa.Const:
			s.conds = append(s.conds, cond{isNil, v.IsNil(), local})
		case *ssa.FieldAddr, *ssa.Alloc:
			s.conds = append(s.conds, cond{isNil, false, local})
		}
	}
	if c, ok := instr.Val.(*ssa.Const); ok && c.Value != nil && c.Value.Kind() == constant.Bool {
		_, local := p.Root.(*ssa.Alloc)
		s.conds = append(s.conds, cond{key, constant.BoolVal(c.Value), local})
	}
	return s
}
