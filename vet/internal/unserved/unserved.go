package unserved

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/fearless-go/fearless/vet/internal/branch"
	"github.com/fearless-go/fearless/vet/internal/chanflow"
)

// Find returns how the one goroutine that receives from c can end, close it
// or wait for a sender before it has received what is sent, or nil. chans are
// all channels of the function.
func Find(c *chanflow.Chan, chans []*chanflow.Chan) *Loss {
	if c.ReceivedElsewhere || c.Size < 0 {
		return nil
	}
	t := receiver(c)
	if t == nil || t.Parent != nil && StartedOften(c, t) {
		return nil
	}
	w := &walk{c: c, t: t, asked: branch.Asked(t.Fn), ops: opsOf(t, chans), at: map[ssa.Instruction]*event{}}
	senders := w.senders()
	if len(senders) == 0 {
		return nil
	}
	if w.answered(senders) {
		return nil
	}
	w.receives()
	total := 0
	for _, s := range senders {
		total += w.sentBy(s)
	}
	if int64(total) <= c.Size {
		return nil
	}
	w.total = total
	w.single = len(senders) == 1 && !StartedOften(c, senders[0])
	var l *Loss
	if t.Parent == nil {
		if !w.starts(senders) {
			return nil
		}
		begun := w.event(c.At).sent // by the function that makes and returns c
		l = w.run(c.At.Block(), slices.Index(c.At.Block().Instrs, c.At)+1, begun)
	} else {
		l = w.run(t.Fn.Blocks[0], 0, total)
	}
	if l == nil {
		return nil
	}
	l.Receiver, l.Total = t, total
	for _, o := range c.Of(chanflow.Send) {
		if o.Bare() && (l.Waits == nil || o.Thread == l.Waits) {
			l.Send = o
			return l
		}
	}
	return nil
}

// receiver is the one goroutine that receives from c, which sends nothing. If
// nobody does, it is the one that made c.
func receiver(c *chanflow.Chan) *chanflow.Thread {
	t := c.Threads[0]
	for i, o := range c.Of(chanflow.Recv) {
		if i > 0 && o.Thread != t {
			return nil
		}
		t = o.Thread
	}
	for _, o := range c.Of(chanflow.Send) {
		if o.Thread == t {
			return nil
		}
	}
	return t
}

// opsOf are the operations, on any of chans, in t's own function.
func opsOf(t *chanflow.Thread, chans []*chanflow.Chan) map[opKey]use {
	ops := map[opKey]use{}
	for _, c := range chans {
		for _, o := range c.Ops {
			if o.Thread.Start == t.Start && len(o.Calls) == 0 {
				ops[opKey{o.Instr, o.State}] = use{c, o}
			}
		}
	}
	return ops
}

// senders are the goroutines besides w.t that may wait for a send to c.
func (w *walk) senders() []*chanflow.Thread {
	var found []*chanflow.Thread
	for _, o := range w.c.Of(chanflow.Send) {
		if o.Bare() && !slices.Contains(found, o.Thread) {
			found = append(found, o.Thread)
		}
	}
	return found
}

func (w *walk) sentBy(t *chanflow.Thread) int {
	if wins(w.c, t) {
		return min(sends(w.c, t), many)
	}
	return min(sends(w.c, t)*started(w.c, t), many)
}

// event returns the event at instr.
func (w *walk) event(instr ssa.Instruction) *event {
	if w.at[instr] == nil {
		w.at[instr] = &event{}
	}
	return w.at[instr]
}

// receives notes the receives in functions that w.t calls, which are not
// walked, and the loops around those that are; and where w.t closes c.
func (w *walk) receives() {
	for _, o := range w.c.Of(chanflow.Close) {
		if o.Thread == w.t {
			w.event(o.At()).closes = true
		}
	}
	for _, o := range w.c.Of(chanflow.Recv) {
		if len(o.Calls) > 0 || o.Deferred() {
			w.event(o.At()).drains = true
		}
		w.loops = append(w.loops, LoopsAround(o.At())...)
	}
}

// starts notes where w.t starts the senders and where it waits for them. It
// reports false if that is not all in its own function.
func (w *walk) starts(senders []*chanflow.Thread) bool {
	for _, s := range senders {
		at := starter(s, w.t)
		if at == nil {
			return false
		}
		n := sends(w.c, s)
		if startedWithin(w.c, s, w.t) || w.c.Size > 0 {
			// Around a loop of w.t's own function, too: the walk may go
			// round it more often than there are rounds.
			n = w.sentBy(s)
		}
		if fed, known := w.feeds(s); !known {
			return false
		} else if fed != nil {
			for _, f := range fed {
				w.event(f).sent += 1
			}
			continue
		}
		w.event(at).sent += n
	}
	for _, b := range w.t.Fn.Blocks {
		for _, instr := range b.Instrs {
			if call, ok := instr.(*ssa.Call); ok {
				if s := joined(&call.Call, senders, w.c); s != nil {
					w.event(instr).waits = s
				}
			}
		}
	}
	return true
}

// startedWithin reports whether s is started often by what root starts once.
func startedWithin(c *chanflow.Chan, s, root *chanflow.Thread) bool {
	outer := s
	for outer.Parent != root {
		outer = outer.Parent
	}
	for t := s; t != outer; t = t.Parent {
		if InLoop(t.Start, nil) {
			return true
		}
	}
	for _, call := range outer.Calls[min(1, len(outer.Calls)):] {
		if InLoop(call, c.At) {
			return true
		}
	}
	return len(outer.Calls) > 0 && InLoop(outer.Start, c.At)
}

// feeds returns the sends of w.t to another channel from which s receives
// before it sends to c, if it does: what s sends is an answer to these. It
// reports false if others send to that channel, or it cannot tell.
func (w *walk) feeds(s *chanflow.Thread) (fed []ssa.Instruction, known bool) {
	for _, u := range w.others() {
		asks := slices.ContainsFunc(u.Ops, func(o chanflow.Op) bool {
			return o.Kind == chanflow.Recv && o.Thread.Start == s.Start && slices.ContainsFunc(w.c.Of(chanflow.Send), func(send chanflow.Op) bool {
				return send.Thread == s && Reaches(o.At(), send.At())
			})
		})
		if !asks {
			continue
		}
		if fed != nil {
			return nil, false
		}
		for _, o := range u.Ops {
			if o.Kind == chanflow.Recv {
				continue
			}
			if o.Thread.Start != w.t.Start || len(o.Calls) > 0 {
				return nil, false
			}
			if o.Kind == chanflow.Send {
				fed = append(fed, o.Instr)
			}
		}
		if fed == nil {
			return nil, false
		}
	}
	return fed, true
}

// others are the channels besides c that w knows and of which all sends are seen.
func (w *walk) others() []*chanflow.Chan {
	var found []*chanflow.Chan
	for _, u := range w.ops {
		if u.c != w.c && !u.c.SentElsewhere && !slices.Contains(found, u.c) {
			found = append(found, u.c)
		}
	}
	return found
}

// LoopsAround are the blocks of each loop that instr is in.
func LoopsAround(instr ssa.Instruction) []map[*ssa.BasicBlock]bool {
	var found []map[*ssa.BasicBlock]bool
	for _, b := range instr.Parent().Blocks {
		for _, header := range b.Succs {
			if !header.Dominates(b) {
				continue
			}
			l := map[*ssa.BasicBlock]bool{header: true}
			work := []*ssa.BasicBlock{b}
			for len(work) > 0 {
				n := work[len(work)-1]
				work = work[:len(work)-1]
				if !l[n] {
					l[n] = true
					work = append(work, n.Preds...)
				}
			}
			if l[instr.Block()] {
				found = append(found, l)
			}
		}
	}
	return found
}

func isInteger(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsInteger != 0
}
