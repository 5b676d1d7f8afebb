package chanflow

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/fearless-go/fearless/vet/internal/api"
	"github.com/fearless-go/fearless/vet/internal/buildssa"
	"github.com/fearless-go/fearless/vet/internal/goroutine"
)

// Limits on one channel: calls in each other, and values that hold it. A
// channel that goes further is known elsewhere.
const (
	maxCalls  = 6
	maxValues = 2_000
)

// A place is a function that runs in a goroutine, with the calls that lead to it.
type place struct {
	thread *Thread
	calls  []ssa.CallInstruction
	up     *place // the caller's
}

// depth is the number of calls.
func (p *place) depth() int { return len(p.calls) }

func (p *place) called(site ssa.CallInstruction) *place {
	return &place{p.thread, append(slices.Clip(p.calls), site), p}
}

func (p *place) started(start goroutine.Start, fn *ssa.Function) *place {
	return &place{thread: &Thread{Fn: fn, Parent: p.thread, Start: start.Site, Calls: p.calls, Group: start.Group}}
}

// A flow follows one channel.
type flow struct {
	c      *Chan
	pkg    *ssa.Package
	starts *goroutine.Result
	field  *types.Var // what the channel is followed for, if that is a field
	seen   map[held]bool
	places map[placeKey]*place
	calls  map[*ssa.Function][]*ssa.Call // the static calls of each function
}

func newFlow(c *Chan, prog *buildssa.SSA, starts *goroutine.Result) *flow {
	return &flow{c: c, pkg: prog.Pkg, starts: starts, seen: map[held]bool{}, places: map[placeKey]*place{}}
}

// held is a value, or a variable, that holds the channel at a place.
type held struct {
	v  ssa.Value
	at *place
}

// placeKey makes a place one and the same however often it is found.
type placeKey struct {
	from *place
	site ssa.CallInstruction
	fn   *ssa.Function
}

// value follows v, which is the channel.
func (f *flow) value(v ssa.Value, at *place) {
	if !f.enter(v, at) {
		return
	}
	if v.Referrers() == nil {
		f.elsewhere(v.Type())
		return
	}
	for _, ref := range *v.Referrers() {
		f.use(v, ref, at)
	}
}

func (f *flow) enter(v ssa.Value, at *place) bool {
	h := held{v, at}
	if f.seen[h] {
		return false
	}
	f.seen[h] = true
	if len(f.seen) > maxValues {
		f.c.SentElsewhere, f.c.ReceivedElsewhere = true, true
		return false
	}
	return true
}

func (f *flow) elsewhere(t types.Type) {
	sends, receives := direction(t)
	f.c.SentElsewhere = f.c.SentElsewhere || sends
	f.c.ReceivedElsewhere = f.c.ReceivedElsewhere || receives
}

func (f *flow) op(kind Kind, instr ssa.Instruction, state int, at *place) {
	if !slices.Contains(f.c.Threads, at.thread) {
		f.c.Threads = append(f.c.Threads, at.thread)
	}
	f.c.Ops = append(f.c.Ops, Op{kind, instr, state, at.thread, at.calls})
}

// use follows what ref does with v, which is the channel.
func (f *flow) use(v ssa.Value, ref ssa.Instruction, at *place) {
	switch x := ref.(type) {
	case *ssa.DebugRef, *ssa.BinOp:
	case *ssa.ChangeType:
		f.value(x, at)
	case *ssa.Send:
		if x.Chan == v {
			f.op(Send, x, -1, at)
		}
		if x.X == v {
			f.elsewhere(v.Type())
		}
	case *ssa.UnOp:
		if x.Op == token.ARROW {
			f.op(Recv, x, -1, at)
		}
	case *ssa.Select:
		for i, s := range x.States {
			if s.Chan == v && s.Dir == types.SendOnly {
				f.op(Send, x, i, at)
			} else if s.Chan == v {
				f.op(Recv, x, i, at)
			}
			if s.Send == v {
				f.elsewhere(v.Type())
			}
		}
	case *ssa.Store:
		if x.Addr == v || !f.store(x, at) {
			f.elsewhere(v.Type())
		}
	case *ssa.Return:
		f.returned(v, x, at)
	case ssa.CallInstruction:
		f.call(v, x, at)
	default:
		f.elsewhere(v.Type())
	}
}

// store follows the channel into a variable that never holds another one. The
// field that is looked at is looked at as a whole.
func (f *flow) store(st *ssa.Store, at *place) bool {
	if to, ok := st.Addr.(*ssa.FieldAddr); ok && f.field != nil && fieldOf(to) == f.field {
		return true
	}
	cell, ok := st.Addr.(*ssa.Alloc)
	if !ok || goroutine.OnlyStore(cell) != st.Val {
		return false
	}
	f.variable(cell, at)
	return true
}

// variable follows the loads of the variable at addr, which holds the channel.
func (f *flow) variable(addr ssa.Value, at *place) {
	if !f.enter(addr, at) {
		return
	}
	t := addr.Type().Underlying().(*types.Pointer).Elem()
	for _, ref := range *addr.Referrers() {
		switch x := ref.(type) {
		case *ssa.DebugRef:
		case *ssa.Store:
			// The one store in the function that declares it; a closure's
			// store would put another channel there.
			if _, declared := addr.(*ssa.Alloc); !declared || x.Addr != addr {
				f.elsewhere(t)
			}
		case *ssa.UnOp:
			f.value(x, at)
		case *ssa.MakeClosure:
			fn := x.Fn.(*ssa.Function)
			all := f.runs(x, at, func(in *place) {
				for i, b := range x.Bindings {
					if b == addr {
						f.variable(fn.FreeVars[i], in)
					}
				}
			})
			if !all {
				f.elsewhere(t)
			}
		default:
			f.elsewhere(t)
		}
	}
}

// call follows the channel into what site calls.
func (f *flow) call(v ssa.Value, site ssa.CallInstruction, at *place) {
	call := site.Common()
	if b, ok := call.Value.(*ssa.Builtin); ok {
		switch b.Name() {
		case "close":
			if _, started := site.(*ssa.Go); !started {
				f.op(Close, site, -1, at)
				return
			}
		case "len", "cap", "print", "println":
			return
		}
		f.elsewhere(v.Type())
		return
	}
	fn := api.Target(call.Value)
	if call.IsInvoke() || fn == nil || !f.evident(fn) {
		f.elsewhere(v.Type())
		return
	}
	in := f.enters(site, fn, at)
	if in == nil {
		f.elsewhere(v.Type())
		return
	}
	for i, arg := range call.Args {
		if arg == v {
			f.value(fn.Params[i], in)
		}
	}
}

// enters is the place in which fn runs that site, a call or a go statement, names.
func (f *flow) enters(site ssa.CallInstruction, fn *ssa.Function, at *place) *place {
	if at.depth() >= maxCalls {
		return nil
	}
	key := placeKey{at, site, fn}
	if f.places[key] == nil {
		if _, started := site.(*ssa.Go); started {
			f.places[key] = at.started(goroutine.Start{Site: site}, fn)
		} else {
			f.places[key] = at.called(site)
		}
	}
	return f.places[key]
}

// evident reports whether the body of fn is there to be followed.
func (f *flow) evident(fn *ssa.Function) bool {
	if fn.Origin() != nil {
		fn = fn.Origin()
	}
	return len(fn.Blocks) > 0 && fn.Pkg == f.pkg && fn.Synthetic == ""
}

// returned follows the channel to the caller, if that is known.
func (f *flow) returned(v ssa.Value, ret *ssa.Return, at *place) {
	site, ok := ssa.CallInstruction(nil), false
	if n := len(at.calls); n > 0 {
		site, ok = at.calls[n-1], true
	}
	if !ok {
		f.elsewhere(v.Type())
		for _, call := range f.calls[ret.Parent()] {
			f.result(v, ret, call, &place{thread: &Thread{Fn: call.Parent()}})
		}
		return
	}
	if result := site.Value(); result != nil { // those of go and defer are dropped
		f.result(v, ret, result, at.up)
	}
}

// result follows v, which ret returns, to the results of a call.
func (f *flow) result(v ssa.Value, ret *ssa.Return, call *ssa.Call, at *place) {
	for i, r := range ret.Results {
		if r != v {
			continue
		}
		if len(ret.Results) == 1 {
			f.value(call, at)
			continue
		}
		for _, ref := range *call.Referrers() {
			if x, ok := ref.(*ssa.Extract); ok && x.Index == i {
				f.value(x, at)
			} else if !ok {
				f.elsewhere(v.Type())
			}
		}
	}
}

// runs calls in for each place in which the function value v runs, and reports
// whether these are all.
func (f *flow) runs(v ssa.Value, at *place, in func(*place)) bool {
	fn := api.Target(v)
	if v.Referrers() == nil || at.depth() >= maxCalls {
		return false
	}
	for _, ref := range *v.Referrers() {
		switch x := ref.(type) {
		case *ssa.DebugRef:
		case *ssa.ChangeType:
			if !f.runs(x, at, in) {
				return false
			}
		case ssa.CallInstruction:
			if !f.runsAt(v, fn, x, at, in) {
				return false
			}
		case *ssa.Store:
			cell, ok := x.Addr.(*ssa.Alloc)
			if !ok || goroutine.OnlyStore(cell) != v || !f.runsFrom(cell, fn, at, in) {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// runsFrom is runs for the function value fn in the variable at addr.
func (f *flow) runsFrom(addr ssa.Value, fn *ssa.Function, at *place, in func(*place)) bool {
	for _, ref := range *addr.Referrers() {
		switch x := ref.(type) {
		case *ssa.DebugRef:
		case *ssa.Store:
			if _, declared := addr.(*ssa.Alloc); !declared || x.Addr != addr {
				return false
			}
		case *ssa.UnOp:
			for _, use := range *x.Referrers() {
				if site, ok := use.(ssa.CallInstruction); ok {
					if !f.runsAt(x, fn, site, at, in) {
						return false
					}
				} else if _, ok := use.(*ssa.DebugRef); !ok {
					return false
				}
			}
		default:
			return false // another closure runs it
		}
	}
	return true
}

// runsAt is runs for one call, of fn or with fn, in the value v, as an argument.
func (f *flow) runsAt(v ssa.Value, fn *ssa.Function, site ssa.CallInstruction, at *place, in func(*place)) bool {
	call := site.Common()
	handed := slices.Contains(call.Args, v)
	if !call.IsInvoke() && call.Value == v {
		if handed {
			return false
		}
		to := f.enters(site, fn, at)
		if to != nil {
			in(to)
		}
		return to != nil
	}
	for _, s := range f.starts.At(site) {
		if s.Fn != v {
			continue
		}
		key := placeKey{at, site, fn}
		if f.places[key] == nil {
			f.places[key] = at.started(s, fn)
		}
		in(f.places[key])
		return true
	}
	return false
}
