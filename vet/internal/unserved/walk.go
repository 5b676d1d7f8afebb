package unserved

import (
	"fmt"
	"go/token"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/fearless-go/fearless/vet/internal/api"
	"github.com/fearless-go/fearless/vet/internal/branch"
	"github.com/fearless-go/fearless/vet/internal/chanflow"
	"github.com/fearless-go/fearless/vet/internal/goroutine"
	"github.com/fearless-go/fearless/vet/internal/lockset"
)

// maxSteps is how many blocks are walked for one channel. A channel for which
// that is not enough is not reported.
const maxSteps = 5_000

// maxAhead is how many sends more than receives are told apart: a loop that
// starts senders may go round any number of times.
const maxAhead = 4

// A walk looks for a way through the function of the one goroutine that
// receives from c, on which it receives less than is sent.
//
// On a way, the operations on channels that are known must be possible
// together: a receive from another channel means that its sender has got that
// far. A loop that receives, and ends by counting, has received all. Where
// that cannot be told, the way is given up.
type walk struct {
	c      *chanflow.Chan
	t      *chanflow.Thread // that receives
	at     map[ssa.Instruction]*event
	ops    map[opKey]use
	loops  []map[*ssa.BasicBlock]bool // that receive
	total  int                        // the most that is sent
	single bool                       // all is sent by one goroutine, in a loop
	asked  map[string]int
	seen   map[string]bool
	work   []*way
}

// An event is what an instruction means for c.
type event struct {
	sent   int              // how many sends it brings about
	waits  *chanflow.Thread // the goroutine of which this waits for the end
	drains bool             // it may receive any number
	closes bool             // it closes c, now or when the function ends
}

type opKey struct {
	instr ssa.Instruction
	state int
}

// A use is an operation on a channel that is known, by the goroutine that is walked.
type use struct {
	c  *chanflow.Chan
	op chanflow.Op
}

// A way is a part of the function up to an instruction.
type way struct {
	b         *ssa.BasicBlock
	i         int
	sent, got int
	env       branch.Env
	closes    bool      // when the function ends
	because   token.Pos // the last choice of a select, or condition
}

// A Loss is where a way ends with less received than sent.
type Loss struct {
	// Exit is the return, the making of another channel, the close or the
	// join with which it ends.
	Exit   ssa.Instruction
	Closes bool             // Exit is a close, or a return that runs a deferred one
	Waits  *chanflow.Thread // the goroutine that Exit joins, or nil
	// Because is the last choice on the way, if there was one.
	Because token.Pos
	// Send is what nobody receives, and Receiver the goroutine that would.
	Send     chanflow.Op
	Receiver *chanflow.Thread
	// Total is how many sends there are at most; 1,000 stands for any number.
	Total int
}

func (w *walk) run(b *ssa.BasicBlock, i, sent int) *Loss {
	w.seen = map[string]bool{}
	w.work = []*way{{b: b, i: i, sent: sent, env: branch.New()}}
	for steps := 0; len(w.work) > 0; steps++ {
		if steps > maxSteps {
			return nil
		}
		next := w.work[0]
		w.work = w.work[1:]
		if l := w.block(next); l != nil {
			return l
		}
	}
	return nil
}

// fork adds a way from s on, with changes.
func (w *walk) fork(s *way, change func(*way)) {
	n := *s
	n.env = s.env.Clone()
	change(&n)
	if ahead := int(w.c.Size) + n.got + maxAhead; n.sent < many {
		n.sent = min(n.sent, ahead)
	}
	k := fmt.Sprint(n.b.Index, ",", n.i, ",", n.sent, ",", n.got, ",", n.closes, ",", n.env)
	if !w.seen[k] {
		w.seen[k] = true
		w.work = append(w.work, &n)
	}
}

// lost reports whether less is received so far than is sent.
func (w *walk) lost(s *way) bool { return int64(s.sent)-w.c.Size > int64(s.got) }

// block follows s to the end of its block.
func (w *walk) block(s *way) *Loss {
	for ; s.i < len(s.b.Instrs); s.i++ {
		instr := s.b.Instrs[s.i]
		if e := w.at[instr]; e != nil {
			if e.drains {
				return nil
			}
			s.sent = min(s.sent+e.sent, w.total)
			if _, later := instr.(*ssa.Defer); e.closes && later {
				s.closes = true
			} else if e.closes {
				if w.lost(s) {
					return &Loss{Exit: instr, Closes: true, Because: s.because}
				}
				return nil
			}
			if e.waits != nil {
				if w.lost(s) {
					return &Loss{Exit: instr, Waits: e.waits, Because: s.because}
				}
				return nil
			}
		}
		if instr == w.c.At {
			if w.lost(s) {
				return &Loss{Exit: instr, Because: s.because}
			}
			return nil
		}
		switch x := instr.(type) {
		case *ssa.Store:
			s.env.Stored(x.Addr)
		case *ssa.Call:
			if Ends(x) || goroutine.IsJoin(&x.Call) {
				return nil
			}
		case *ssa.UnOp:
			if u, ok := w.ops[opKey{x, -1}]; ok && !w.receive(s, u, x) {
				return nil
			}
		case *ssa.Select:
			w.choose(s, x)
			return nil
		case *ssa.Return:
			if w.lost(s) {
				return &Loss{Exit: x, Closes: s.closes, Because: s.because}
			}
			return nil
		case *ssa.Panic:
			return nil
		case *ssa.If:
			w.branch(s, x)
			return nil
		case *ssa.Jump:
			w.enter(s, s.b.Succs[0])
			return nil
		}
	}
	return nil
}

// receive goes past a receive that is no case of a select, if s can.
func (w *walk) receive(s *way, u use, recv *ssa.UnOp) bool {
	if u.c != w.c {
		return w.possible(u)
	}
	if s.sent <= s.got {
		return false
	}
	s.got++
	if recv.CommaOk {
		for _, ref := range *recv.Referrers() {
			if x, ok := ref.(*ssa.Extract); ok && x.Index == 1 {
				s.env.Set(x, "true:bool")
			}
		}
	}
	return true
}

// choose goes on with each case of sel.
func (w *walk) choose(s *way, sel *ssa.Select) {
	for i := range sel.States {
		u, known := w.ops[opKey{sel, i}]
		if known && u.c != w.c && u.op.Kind == chanflow.Recv && !w.possible(u) {
			continue
		}
		if known && u.c == w.c && s.sent <= s.got {
			continue
		}
		w.fork(s, func(n *way) {
			n.i++
			n.chose(sel, i)
			n.because = sel.States[i].Pos
			if known && u.c == w.c {
				n.got++
			}
		})
	}
	if !sel.Blocking {
		w.fork(s, func(n *way) {
			n.i++
			n.chose(sel, -1)
			n.because = sel.Pos()
		})
	}
}

// chose notes that sel has taken a case.
func (s *way) chose(sel *ssa.Select, state int) {
	for _, ref := range *sel.Referrers() {
		if x, ok := ref.(*ssa.Extract); ok && x.Index == 0 {
			s.env.Set(x, fmt.Sprintf("%d:int", state))
		}
	}
}

func (w *walk) branch(s *way, cond *ssa.If) {
	outcome, known := s.env.Decide(cond.Cond)
	for i, next := range s.b.Succs {
		side := i == 0
		if known && side != outcome || w.receivedAll(s.b, next, cond.Cond) {
			continue
		}
		w.fork(s, func(n *way) {
			if !known {
				n.env.Assume(cond.Cond, side, w.asked)
				if pos := cond.Cond.Pos(); pos.IsValid() {
					n.because = pos
				}
			}
			n.env.Enter(s.b, next)
			n.b, n.i = next, 0
		})
	}
}

func (w *walk) enter(s *way, next *ssa.BasicBlock) {
	w.fork(s, func(n *way) {
		n.env.Enter(s.b, next)
		n.b, n.i = next, 0
	})
}

// receivedAll reports whether the way from b to next leaves a loop that
// receives by a condition that may stand for "all is received": one that
// counts, or one on what was received, where one goroutine sends it all and
// may say so that it was the last.
func (w *walk) receivedAll(b, next *ssa.BasicBlock, cond ssa.Value) bool {
	for _, l := range w.loops {
		if l[b] && !l[next] && (counts(cond) || w.single && w.ofReceived(cond, 6)) {
			return true
		}
	}
	return false
}

// counts reports whether cond compares integers, other than the case of a
// select, or asks whether a range has a next element.
func counts(cond ssa.Value) bool {
	switch x := cond.(type) {
	case *ssa.BinOp:
		_, chosen := isChoice(x.X)
		return isInteger(x.X.Type()) && !chosen
	case *ssa.Extract:
		_, next := x.Tuple.(*ssa.Next)
		return next
	}
	return false
}

func isChoice(v ssa.Value) (*ssa.Select, bool) {
	x, ok := v.(*ssa.Extract)
	if !ok || x.Index != 0 {
		return nil, false
	}
	sel, ok := x.Tuple.(*ssa.Select)
	return sel, ok
}

// ofReceived reports whether v is made of what was received from c.
func (w *walk) ofReceived(v ssa.Value, depth int) bool {
	if depth == 0 {
		return false
	}
	instr, ok := v.(ssa.Instruction)
	if !ok {
		return false
	}
	switch x := v.(type) {
	case *ssa.UnOp:
		if u, ok := w.ops[opKey{x, -1}]; ok && u.c == w.c {
			return true
		}
	case *ssa.Select:
		return true
	case *ssa.Extract:
		if _, chosen := isChoice(x); chosen {
			return false
		}
	case *ssa.Alloc:
		for _, ref := range *x.Referrers() {
			if st, ok := ref.(*ssa.Store); ok && st.Addr == ssa.Value(x) && w.ofReceived(st.Val, depth-1) {
				return true
			}
		}
		return false
	}
	for _, op := range instr.Operands(nil) {
		if *op != nil && w.ofReceived(*op, depth-1) {
			return true
		}
	}
	return false
}

// possible reports whether a receive from another channel that is known can
// happen while a goroutine that sends to c waits.
func (w *walk) possible(u use) bool {
	if u.c.SentElsewhere {
		return true
	}
	for _, o := range u.c.Ops {
		if o.Kind == chanflow.Recv || o.Thread.Start == w.t.Start {
			continue
		}
		blocked := false
		for _, s := range w.c.Of(chanflow.Send) {
			if s.Thread.Start != o.Thread.Start {
				continue
			}
			blocked = true
			if StartedOften(w.c, s.Thread) || !o.Deferred() && Reaches(o.At(), s.At()) {
				return true
			}
		}
		if !blocked && !waitsForOthers(o.Thread.Fn) {
			return true
		}
	}
	return false
}

// waitsForOthers reports whether fn joins goroutines or receives: then what it
// sends may mean that others are over.
func waitsForOthers(fn *ssa.Function) bool {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			switch x := instr.(type) {
			case *ssa.UnOp:
				if x.Op == token.ARROW {
					return true
				}
			case *ssa.Select:
				return true
			case *ssa.Call:
				if goroutine.IsJoin(&x.Call) {
					return true
				}
			}
		}
	}
	return false
}

// Ends reports whether call ends the goroutine or the program.
func Ends(call *ssa.Call) bool {
	f := api.CalleeOf(&call.Call)
	switch f.Pkg {
	case "os":
		return f.Name == "Exit"
	case "runtime":
		return f.Name == "Goexit"
	case "log":
		return len(f.Name) > 4 && f.Name[:5] == "Fatal" || len(f.Name) > 4 && f.Name[:5] == "Panic"
	case "testing":
		return slices.Contains([]string{"Fatal", "Fatalf", "FailNow", "Skip", "Skipf", "SkipNow"}, f.Name)
	}
	return false
}

// joined returns the goroutine among senders that the call joins.
func joined(call *ssa.CallCommon, senders []*chanflow.Thread, c *chanflow.Chan) *chanflow.Thread {
	if !goroutine.IsJoin(call) {
		return nil
	}
	group := lockset.Resolve(api.Receiver(call))
	for _, t := range senders {
		if t.Group != nil && lockset.Resolve(t.Group).Same(group) {
			return t
		}
		for _, b := range t.Fn.Blocks {
			for _, instr := range b.Instrs {
				done, ok := instr.(ssa.CallInstruction)
				if !ok || api.CalleeOf(done.Common()) != (api.Func{Pkg: "sync", Recv: "WaitGroup", Name: "Done"}) {
					continue
				}
				if !lockset.Resolve(api.Receiver(done.Common())).Same(group) {
					continue
				}
				_, deferred := instr.(*ssa.Defer)
				for _, s := range c.Of(chanflow.Send) {
					if s.Thread == t && s.Bare() && (deferred || Reaches(s.At(), instr) && !Reaches(instr, s.At())) {
						return t
					}
				}
			}
		}
	}
	return nil
}
