package lockset

import (
	"fmt"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/fearless-go/fearless/vet/internal/api"
)

// A Summary is what a function does to locks, for its callers.
type Summary struct {
	Acquires []Effect // anywhere in it and in what it calls
	Holds    []Effect // still held when it returns
	MayHold  []Effect
	Releases []Effect // held by the caller before, released when it returns
	MayFree  []Effect
	Blocks   []Effect
}

func (s *Summary) changes() bool {
	return len(s.Holds)+len(s.MayHold)+len(s.Releases)+len(s.MayFree) > 0
}

const (
	maxEffects = 24 // per summary and kind
	maxVia     = 6  // calls between a function and the lock it takes
	maxTargets = 4  // functions that a dynamic call may reach
)

// A computation is the state of one pass over one package.
type computation struct {
	pass      *analysis.Pass
	funcs     []*ssa.Function
	res       *Result
	summaries map[*ssa.Function]*Summary
	walked    map[*ssa.Function]*Func
	active    map[*ssa.Function]bool
	facts     map[*types.Func]*Summary
	conds     map[*ssa.Function]map[string]int
	equations map[equation]bool
	dynamic   map[ssa.CallInstruction][]*ssa.Function
	aliases   map[string]aliasOf
	channels  map[string]bool // by class, whether all are buffered
	stores    map[string][]funcStore
	callers   map[*ssa.Function][]*ssa.CallCommon
	sites     map[*ssa.Function][]site
	fixed     map[*types.Var]bool // see isFixed
}

// summary returns what fn does to locks. A recursive call does nothing.
func (c *computation) summary(fn *ssa.Function) *Summary {
	if s := c.summaries[fn]; s != nil {
		return s
	}
	if c.active[fn] || len(c.active) > 400 {
		return &Summary{}
	}
	c.active[fn] = true
	defer delete(c.active, fn)
	f := c.walk(fn)
	s := c.summarize(f)
	c.summaries[fn] = s
	// What is left matters to analyzers only with a lock held.
	f.Acquisitions = slices.DeleteFunc(f.Acquisitions, func(a Acquisition) bool { return a.Inner != nil && len(a.Held) == 0 })
	f.Blocks = slices.DeleteFunc(f.Blocks, func(b Block) bool { return len(b.Held) == 0 })
	f.exits = nil
	return s
}

func (c *computation) walk(fn *ssa.Function) *Func {
	f := newFunc(fn)
	c.walked[fn] = f
	w := &walker{c: c, out: f, seen: map[string]bool{}}
	if c.needsPaths(fn) {
		w.walk(fn, []state{{}})
		return f
	}
	w.stack = append(w.stack, fn)
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			switch instr := instr.(type) {
			case *ssa.Defer:
				w.apply(state{}, instr, &instr.Call)
			case *ssa.RunDefers:
			default:
				w.step(state{}, instr)
			}
		}
	}
	return f
}

// needsPaths reports whether fn, its closures or what it calls changes the
// set of held locks, or what it does depends on the path.
func (c *computation) needsPaths(fn *ssa.Function) bool {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if branch, ok := instr.(*ssa.If); ok {
				if _, ok := branch.Cond.(*ssa.Parameter); ok {
					return true // what it does depends on an argument
				}
			}
			call, ok := instr.(ssa.CallInstruction)
			if !ok {
				continue
			}
			if OpOf(call.Common()).Kind != None {
				return true
			}
			if f := function(call.Common()); f != nil && f.Parent() == nil {
				f = origin(declared(f))
				if len(f.Blocks) > 0 && c.summary(f).changes() {
					return true
				}
			}
			if obj := api.Callee(call.Common()); obj != nil && obj.Pkg() != nil && obj.Pkg() != c.pass.Pkg {
				if s := c.imported(obj.Origin()); s != nil && s.changes() {
					return true
				}
			}
		}
	}
	return slices.ContainsFunc(fn.AnonFuncs, c.needsPaths)
}

// at says where pos is, for a message in any package.
func (c *computation) at(pos token.Pos) string { return Position(c.pass, pos) }

func (c *computation) summarize(f *Func) *Summary {
	s := &Summary{}
	seen := map[string]bool{}
	add := func(list *[]Effect, kind string, e Effect) {
		e.Lock = local(e.Lock, f.Fn)
		if e.What == "" && e.Lock.Root == nil && e.Lock.Class == "" {
			return
		}
		k := fmt.Sprint(kind, e.Lock.key(), e.Mode, e.What, len(e.dropped), e.when)
		if seen[k] || len(*list) >= maxEffects || len(e.Via) > maxVia {
			return
		}
		seen[k] = true
		*list = append(*list, e)
	}
	for _, a := range f.Acquisitions {
		e := Effect{Lock: a.Lock, Mode: a.Mode, Cell: a.Cell, Pos: a.Instr.Pos(), At: c.at(a.Instr.Pos()), Sure: true}
		e.when = a.when
		for _, d := range a.dropped {
			e.dropped = append(e.dropped, local(d, f.Fn))
		}
		if a.Inner != nil {
			e.At, e.Sure = a.Inner.At, a.Sure && a.Inner.Sure
			e.Via = append([]string{name(a.Callee, a.Instr)}, a.Inner.Via...)
		}
		add(&s.Acquires, "acquire", e)
	}
	for _, b := range f.Blocks {
		if !always(f.Fn, b.Instr) {
			continue
		}
		e := Effect{What: b.What, Pos: b.Instr.Pos(), At: c.at(b.Instr.Pos()), Sure: true}
		for _, d := range b.dropped {
			e.dropped = append(e.dropped, local(d, f.Fn))
		}
		if b.Inner != nil {
			e.At = b.Inner.At
			e.Via = append([]string{name(b.Callee, b.Instr)}, b.Inner.Via...)
		}
		add(&s.Blocks, "block", e)
	}
	type tally struct {
		held, freed int
		h           Holding
	}
	counts := map[string]*tally{}
	var order []string
	for _, exit := range f.exits {
		for _, h := range exit.locks {
			k := h.Lock.key()
			t := counts[k]
			if t == nil {
				t = &tally{}
				counts[k] = t
				order = append(order, k)
			}
			switch {
			case h.Status == Held && h.Foreign: // released and taken again
			case h.Status == Held || h.Status == Returned || h.Status == Given:
				t.held++
				t.h = h
			case h.Status == Released && h.Foreign:
				t.freed++
				if t.held == 0 {
					t.h = h
				}
			}
		}
	}
	n := len(f.exits)
	for _, k := range order {
		t := counts[k]
		e := Effect{Lock: t.h.Lock, Mode: t.h.Mode, Cell: t.h.Cell, Guarded: t.h.Status == Returned, Sure: true}
		if t.h.At != nil {
			e.Pos, e.At = t.h.At.Pos(), c.at(t.h.At.Pos())
		}
		switch {
		case t.held == n:
			add(&s.Holds, "hold", e)
		case t.held+t.freed == 0:
		case t.held > 0:
			add(&s.MayHold, "mayhold", e)
		case t.freed == n:
			add(&s.Releases, "release", e)
		case t.freed > 0:
			add(&s.MayFree, "mayfree", e)
		}
	}
	return s
}

// always reports whether instr is on every path through fn.
func always(fn *ssa.Function, instr ssa.Instruction) bool {
	if instr.Parent() != fn {
		return false
	}
	for _, b := range fn.Blocks {
		if _, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok && b != fn.Recover && !instr.Block().Dominates(b) {
			return false
		}
	}
	return true
}

func name(f *types.Func, instr ssa.Instruction) string {
	if f != nil {
		return f.Name()
	}
	return "the function called"
}

// local returns p as fn's callers can know it: the variables of fn itself
// mean nothing to them.
func local(p Path, fn *ssa.Function) Path {
	if p.Root == nil {
		return p
	}
	switch r := p.Root.(type) {
	case *ssa.Global:
		return p
	case *ssa.Parameter:
		if r.Parent() == fn {
			for _, i := range p.index {
				if parentOf(i) == fn {
					return Path{Class: p.Class}
				}
			}
			return p
		}
	}
	if parentOf(p.Root) != fn {
		return p // of the function around the closure fn
	}
	if _, ok := p.Root.(*ssa.Alloc); ok && p.sel == "" {
		return Path{}
	}
	return Path{Class: p.Class}
}

func parentOf(v ssa.Value) *ssa.Function { return v.Parent() }

// applySummary follows a call of a function that does what sum says. fn is
// nil if it belongs to another package.
func (w *walker) applySummary(s *state, instr ssa.CallInstruction, call *ssa.CallCommon, fn *ssa.Function, sum *Summary, sure bool) {
	callee := api.Callee(call)
	if callee == nil && fn != nil {
		callee, _ = fn.Object().(*types.Func)
	}
	translate := func(e Effect) Effect {
		e.Lock = w.c.translate(e.Lock, fn, call)
		var dropped []Path
		for _, d := range e.dropped {
			dropped = append(dropped, w.c.translate(d, fn, call))
		}
		e.dropped = dropped
		return e
	}
	for _, e := range sum.Blocks {
		if len(e.Via) < maxVia {
			e = translate(e)
			w.block(*s, instr, e.What, &e, callee)
		}
	}
	for _, e := range sum.Acquires {
		when, possible := w.c.conditionsOf(*s, e.when, fn, call, w.out.Fn)
		if !possible {
			continue
		}
		e = translate(e)
		e.when = when
		w.acquisition(*s, Acquisition{Instr: instr, Lock: e.Lock, Mode: e.Mode, Cell: e.Cell, Inner: &e, Callee: callee, Sure: sure && e.Sure})
	}
	if !sure {
		for _, list := range [][]Effect{sum.Holds, sum.MayHold, sum.Releases, sum.MayFree} {
			for _, e := range list {
				s.forget(translate(e).Lock)
			}
		}
		return
	}
	for _, e := range sum.Releases {
		e = translate(e)
		w.releaseLock(s, e.Lock, e.Mode, instr, callee)
	}
	for _, list := range [][]Effect{sum.MayHold, sum.MayFree} {
		for _, e := range list {
			e = translate(e)
			for i := range s.locks {
				if h := &s.locks[i]; h.Lock.MayBe(e.Lock) {
					w.out.Doubtful[h.At] = true
					h.Status = Unknown
				}
			}
			s.set(Holding{Lock: e.Lock, Mode: e.Mode, Status: Unknown, At: instr, Via: callee})
		}
	}
	for _, e := range sum.Holds {
		e = translate(e)
		if i := s.find(e.Lock); i >= 0 && s.locks[i].Status == Held {
			continue
		}
		h := Holding{Lock: e.Lock, Mode: e.Mode, At: instr, Cell: e.Cell, Via: callee}
		if e.Guarded {
			h.Guard = instr.Value()
		} else if keeper(instr.Value()) {
			h.Status = Unknown // until what is returned gives the lock back
		}
		s.set(h)
	}
}

// keeper reports whether the result of a call can keep the lock that the call
// has taken: an object with methods, such as a transaction that ends.
func keeper(result *ssa.Call) bool {
	if result == nil {
		return false
	}
	first := result.Type()
	if tuple, ok := first.(*types.Tuple); ok {
		if tuple.Len() == 0 {
			return false
		}
		first = tuple.At(0).Type()
	}
	if types.Identical(first, types.Universe.Lookup("error").Type()) {
		return false
	}
	return types.NewMethodSet(first).Len() > 0
}
