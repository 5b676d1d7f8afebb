package chanflow

import (
	"go/constant"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/fearless-go/fearless/vet/internal/lockset"
)

// A Chan is one channel, or all that are made at one place, with what is done
// to it.
type Chan struct {
	// Name is what the source calls it.
	Name string
	// Make is where it is made.
	Make *ssa.MakeChan
	// At is Make, or the call in the root function that makes the channel
	// and returns it.
	At ssa.Instruction
	// Size is the number of elements that it holds, or -1 if that is not known.
	Size int64
	// Ops are the operations that were found.
	Ops []Op
	// Threads are the goroutines that know of the channel; the first is the
	// one in which it is made.
	Threads []*Thread
	// SentElsewhere reports whether code that is not followed may send to
	// the channel or close it, ReceivedElsewhere whether it may receive.
	SentElsewhere, ReceivedElsewhere bool
}

// Kind is what an operation does.
type Kind uint8

// The kinds of operations.
const (
	Send Kind = iota
	Recv
	Close
)

// An Op is one operation on a channel.
type Op struct {
	Kind   Kind
	Instr  ssa.Instruction
	State  int     // the case of a select, or -1
	Thread *Thread // the goroutine that performs it; nil for the channels of a field
	// Calls lead from the function of the goroutine to that of Instr, the
	// outermost first.
	Calls []ssa.CallInstruction
}

// A Thread is the goroutine in which a channel is made, or one that gets it.
type Thread struct {
	Fn     *ssa.Function
	Parent *Thread
	// Start is the instruction that starts the goroutine, nil for the first.
	Start ssa.CallInstruction
	// Calls lead from Parent's function to that of Start.
	Calls []ssa.CallInstruction
	// Group is what the goroutine is started through, such as an errgroup, or nil.
	Group ssa.Value
}

// At is the instruction of the goroutine's own function in which o happens.
func (o Op) At() ssa.Instruction { return outermost(o.Calls, o.Instr) }

// At is the instruction of the parent's own function in which t is started.
func (t *Thread) At() ssa.Instruction { return outermost(t.Calls, t.Start) }

func outermost(calls []ssa.CallInstruction, instr ssa.Instruction) ssa.Instruction {
	if len(calls) > 0 {
		return calls[0]
	}
	return instr
}

// Bare reports whether o waits for this channel alone: it is no case of a
// select with others.
func (o Op) Bare() bool {
	sel, ok := o.Instr.(*ssa.Select)
	return o.Kind != Close && (!ok || sel.Blocking && len(sel.States) == 1)
}

// Range reports whether o is the receive of a range loop, which goes on until
// the channel is closed.
func (o Op) Range() bool {
	recv, ok := o.Instr.(*ssa.UnOp)
	return ok && recv.CommaOk && recv.Block().Comment == "rangechan.loop"
}

// Deferred reports whether o happens when a function returns.
func (o Op) Deferred() bool {
	if _, ok := o.Instr.(*ssa.Defer); ok {
		return true
	}
	for _, c := range o.Calls {
		if _, ok := c.(*ssa.Defer); ok {
			return true
		}
	}
	return false
}

// Pos is where o stands in the source.
func (o Op) Pos() token.Pos {
	if sel, ok := o.Instr.(*ssa.Select); ok && o.State >= 0 && sel.States[o.State].Pos.IsValid() {
		return sel.States[o.State].Pos
	}
	if pos := o.Instr.Pos(); pos.IsValid() {
		return pos
	}
	if v, ok := o.Instr.(*ssa.UnOp); ok { // range has no position of its own
		return v.X.Pos()
	}
	return token.NoPos
}

// Of returns the operations of one kind.
func (c *Chan) Of(kind Kind) []Op {
	var ops []Op
	for _, o := range c.Ops {
		if o.Kind == kind {
			ops = append(ops, o)
		}
	}
	return ops
}

func sizeOf(m *ssa.MakeChan) int64 {
	if c, ok := m.Size.(*ssa.Const); ok && c.Value != nil && c.Value.Kind() == constant.Int {
		if n, exact := constant.Int64Val(c.Value); exact {
			return n
		}
	}
	return -1
}

// nameOf returns what the source calls the value of m.
func nameOf(m *ssa.MakeChan) string {
	for _, ref := range *m.Referrers() {
		v, _ := ref.(ssa.Value)
		if t, ok := v.(*ssa.ChangeType); ok && t.Referrers() != nil {
			for _, ref := range *t.Referrers() {
				if st, ok := ref.(*ssa.Store); ok && st.Val == ssa.Value(t) {
					return variable(st.Addr)
				}
			}
		}
		if st, ok := ref.(*ssa.Store); ok && st.Val == ssa.Value(m) {
			if name := variable(st.Addr); name != "" {
				return name
			}
		}
	}
	if name := lockset.AssignedName(m); name != "" {
		return name
	}
	return "the channel"
}

func variable(addr ssa.Value) string {
	if a, ok := addr.(*ssa.Alloc); ok {
		return a.Comment
	}
	return ""
}

// direction reports whether code that holds a value of type t can send to the
// channel and receive from it. A value of another type, an interface say, may
// hold a channel of the type of v.
func direction(t types.Type) (sends, receives bool) {
	ch, ok := t.Underlying().(*types.Chan)
	if !ok {
		return true, true
	}
	return ch.Dir() != types.RecvOnly, ch.Dir() != types.SendOnly
}
