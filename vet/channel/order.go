package channel

import (
	"fmt"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/fearless-go/fearless/vet/internal/branch"
	"github.com/fearless-go/fearless/vet/internal/buildssa"
	"github.com/fearless-go/fearless/vet/internal/chanflow"
	"github.com/fearless-go/fearless/vet/internal/lockset"
	"github.com/fearless-go/fearless/vet/internal/unserved"
)

// maxDepth is how many calls are looked into for what they do to a channel.
const maxDepth = 4

// An event is a send to a channel or a close of it.
type event struct {
	sends bool
	on    lockset.Path
	field *types.Var      // the field that the channel is in, or nil
	instr ssa.Instruction // in the function that is looked at
	pos   token.Pos
	later bool // when the function returns
}

// An order knows what each function of a package does to channels in order.
type order struct {
	pkg        *ssa.Package
	summaries  map[*ssa.Function][]event
	reassigned map[*types.Var]bool // fields that are given another channel later on
}

func newOrder(prog *buildssa.SSA) *order {
	o := &order{prog.Pkg, map[*ssa.Function][]event{}, map[*types.Var]bool{}}
	for _, fn := range prog.SrcFuncs {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				st, ok := instr.(*ssa.Store)
				if !ok {
					continue
				}
				if to, ok := st.Addr.(*ssa.FieldAddr); ok {
					if _, fresh := to.X.(*ssa.Alloc); !fresh {
						o.reassigned[fieldOf(to)] = true
					}
				}
			}
		}
	}
	return o
}

func fieldOf(addr *ssa.FieldAddr) *types.Var {
	return addr.X.Type().Underlying().(*types.Pointer).Elem().Underlying().(*types.Struct).Field(addr.Field).Origin()
}

// events returns what instr does to channels, itself or in what it calls on
// every way.
func (o *order) events(instr ssa.Instruction, depth int) []event {
	switch x := instr.(type) {
	case *ssa.Send:
		return []event{o.event(true, x.Chan, instr)}
	case *ssa.Select:
		var found []event
		for _, s := range x.States {
			if s.Dir == types.SendOnly {
				e := o.event(true, s.Chan, instr)
				if s.Pos.IsValid() {
					e.pos = s.Pos
				}
				found = append(found, e)
			}
		}
		return found
	case *ssa.Call:
		return o.call(x, depth)
	case *ssa.Defer:
		found := o.call(x, depth)
		for i := range found {
			found[i].later = true
		}
		return found
	}
	return nil
}

func (o *order) event(sends bool, ch ssa.Value, instr ssa.Instruction) event {
	e := event{sends: sends, on: lockset.Resolve(ch), instr: instr, pos: instr.Pos()}
	for {
		t, ok := ch.(*ssa.ChangeType)
		if !ok {
			break
		}
		ch = t.X
	}
	if load, ok := ch.(*ssa.UnOp); ok {
		if addr, ok := load.X.(*ssa.FieldAddr); ok {
			e.field = fieldOf(addr)
		}
	}
	return e
}

func (o *order) call(site ssa.CallInstruction, depth int) []event {
	call := site.Common()
	if b, ok := call.Value.(*ssa.Builtin); ok {
		if b.Name() == "close" {
			return []event{o.event(false, call.Args[0], site)}
		}
		return nil
	}
	callee := call.StaticCallee()
	if callee == nil || callee.Pkg != o.pkg || callee.Synthetic != "" || depth == 0 {
		return nil
	}
	var found []event
	for _, e := range o.summary(callee, depth-1) {
		for i, p := range callee.Params {
			if e.on.Root == ssa.Value(p) && i < len(call.Args) {
				e.on, e.instr, e.pos, e.later = e.on.In(lockset.Resolve(call.Args[i])), site, site.Pos(), false
				found = append(found, e)
			}
		}
	}
	return found
}

// summary is what fn does on every way to the channels that it is given.
func (o *order) summary(fn *ssa.Function, depth int) []event {
	if s, ok := o.summaries[fn]; ok {
		return s
	}
	o.summaries[fn] = nil // should fn call itself
	var found []event
	for _, b := range fn.Blocks {
		if !onEveryWay(b) {
			continue
		}
		for _, instr := range b.Instrs {
			for _, e := range o.events(instr, depth) {
				if _, ok := e.on.Root.(*ssa.Parameter); !ok {
					continue
				}
				if sel, ok := e.instr.(*ssa.Select); ok && (!sel.Blocking || len(sel.States) > 1) {
					continue
				}
				if e.field == nil || !o.reassigned[e.field] {
					found = append(found, e)
				}
			}
		}
	}
	o.summaries[fn] = found
	return found
}

// onEveryWay reports whether each return of b's function comes after b.
func onEveryWay(b *ssa.BasicBlock) bool {
	for _, other := range b.Parent().Blocks {
		switch other.Instrs[len(other.Instrs)-1].(type) {
		case *ssa.Return, *ssa.Panic:
			if !b.Dominates(other) {
				return false
			}
		}
	}
	return true
}

// report reports what fn does to a channel that it has closed. A way around a
// loop is taken only if every round closes the channel and nothing in a round ends the
// loop: else what ended the last round may be why it is closed.
func (o *order) report(r *reporter, fn *ssa.Function) {
	asked := branch.Asked(fn)
	for _, b := range fn.Blocks {
		for i, instr := range b.Instrs {
			for _, e := range o.events(instr, maxDepth) {
				if e.sends || !e.on.Known() || e.later {
					continue
				}
				o.follow(r, e, b, i+1, branch.At(instr, asked), asked)
			}
		}
	}
}

// maxBlocks is how many blocks are walked behind one close.
const maxBlocks = 500

// follow walks on from the close c.
func (o *order) follow(r *reporter, c event, b *ssa.BasicBlock, i int, env branch.Env, asked map[string]int) {
	type way struct {
		b   *ssa.BasicBlock
		i   int
		env branch.Env
	}
	seen := map[string]bool{}
	work := []way{{b, i, env}}
	for steps := 0; len(work) > 0 && steps < maxBlocks; steps++ {
		w := work[0]
		work = work[1:]
		if !o.block(r, c, w.b, w.i, w.env) {
			continue
		}
		last := w.b.Instrs[len(w.b.Instrs)-1]
		for side, next := range w.b.Succs {
			if next.Dominates(w.b) && !(c.fixed() && inEachRound(c.instr, next)) {
				continue
			}
			env := w.env.Clone()
			if cond, ok := last.(*ssa.If); ok {
				outcome, known := env.Decide(cond.Cond)
				if known && outcome != (side == 0) {
					continue
				}
				env.Assume(cond.Cond, side == 0, asked)
			}
			env.Enter(w.b, next)
			if k := fmt.Sprint(next.Index, env); !seen[k] {
				seen[k] = true
				work = append(work, way{next, 0, env})
			}
		}
	}
}

// inEachRound reports whether instr happens in each round of the loop that begins at
// head, of which there is not just one.
func inEachRound(instr ssa.Instruction, head *ssa.BasicBlock) bool {
	for _, p := range head.Preds {
		if head.Dominates(p) && !instr.Block().Dominates(p) {
			return false
		}
	}
	for _, l := range unserved.LoopsAround(instr) {
		inside := l[head]
		for b := range l {
			inside = inside && head.Dominates(b)
		}
		if inside && unserved.Ranges(l) && unserved.Trips(l) != 1 {
			return true
		}
	}
	return false
}

// fixed reports whether the channel that c closes is one value, which no round of a
// loop and no assignment changes.
func (c event) fixed() bool {
	switch c.on.Root.(type) {
	case *ssa.MakeChan, *ssa.Parameter:
		return c.field == nil && !c.on.HasElement()
	}
	return false
}

// deferred reports closes of the channel of c that were deferred before c on every way
// to it, so that they come when the function returns.
func (o *order) deferred(r *reporter, c event) {
	if !c.fixed() {
		return
	}
	for _, b := range c.instr.Parent().Blocks {
		for _, instr := range b.Instrs {
			d, ok := instr.(*ssa.Defer)
			if !ok || !b.Dominates(c.instr.Block()) || b == c.instr.Block() && !unserved.Reaches(d, c.instr) {
				continue
			}
			for _, e := range o.events(d, maxDepth) {
				if e.on.Same(c.on) {
					r.afterClose(c, e)
				}
			}
		}
	}
}

// block walks b from instruction i on, and reports whether the channel that c
// closes is still the same one at its end.
func (o *order) block(r *reporter, c event, b *ssa.BasicBlock, i int, env branch.Env) bool {
	for _, instr := range b.Instrs[i:] {
		if c.on.Assigns(instr) {
			return false
		}
		if st, ok := instr.(*ssa.Store); ok {
			env.Stored(st.Addr)
		}
		if _, ok := instr.(*ssa.RunDefers); ok {
			o.deferred(r, c)
		}
		call, called := instr.(*ssa.Call)
		if called && unserved.Ends(call) {
			return false
		}
		for _, e := range o.events(instr, maxDepth) {
			if e.on.Same(c.on) {
				r.afterClose(c, e)
				return false
			}
		}
		if called && o.mayAssign(c, call) {
			return false
		}
	}
	return true
}

// mayAssign reports whether call may put another channel where c's was.
func (o *order) mayAssign(c event, call *ssa.Call) bool {
	if _, ok := call.Call.Value.(*ssa.Builtin); ok {
		return false
	}
	if c.field != nil {
		return c.field.Exported() || o.reassigned[c.field]
	}
	_, local := c.on.Root.(*ssa.MakeChan)
	_, given := c.on.Root.(*ssa.Parameter)
	return !local && !given
}

func (r *reporter) afterClose(c, e event) {
	name := c.on.String()
	if name == "the lock" {
		name = "the channel"
	}
	what := "this send panics"
	if !e.sends {
		what = "this close panics"
		if e.later {
			what = "the deferred close panics"
		}
	}
	at := c.instr.Pos()
	r.report(analysis.Diagnostic{
		Pos:     e.pos,
		Message: fmt.Sprintf("%s: `%s` is closed already, at %s", what, name, lockset.Position(r.pass, at)),
		Related: []analysis.RelatedInformation{{Pos: at, Message: "closed here"}},
	})
}

// closedByReceiver reports a close on a way on which others still send.
func (r *reporter) closedByReceiver(c *chanflow.Chan, l *unserved.Loss) {
	at := l.Exit.Pos()
	for _, o := range c.Of(chanflow.Close) {
		if o.Thread == l.Receiver {
			at = o.Pos()
		}
	}
	r.report(analysis.Diagnostic{
		Pos: at,
		Message: fmt.Sprintf("`%s` is closed by the goroutine that receives from it, while the goroutine started at %s may still send, at %s, which then panics: let the sender close it",
			c.Name, lockset.Position(r.pass, started(l.Send)), lockset.Position(r.pass, l.Send.Pos())),
		Related: []analysis.RelatedInformation{{Pos: l.Send.Pos(), Message: "sent here"}},
	})
}

func started(o chanflow.Op) token.Pos {
	if o.Thread.Start != nil {
		return o.Thread.Start.Pos()
	}
	return o.Thread.Fn.Pos()
}
