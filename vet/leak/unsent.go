package leak

import (
	"fmt"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/fearless-go/fearless/vet/internal/chanflow"
	"github.com/fearless-go/fearless/vet/internal/lockset"
	"github.com/fearless-go/fearless/vet/internal/unserved"
)

// unsent reports receives from c that wait for good because nobody closes it,
// or because the one goroutine that serves it can end without.
func (r *reporter) unsent(c *chanflow.Chan) {
	if c.SentElsewhere {
		return
	}
	if len(c.Of(chanflow.Close)) == 0 && len(c.Of(chanflow.Send)) > 0 {
		for _, o := range c.Of(chanflow.Recv) {
			r.neverClosed(c, o)
		}
	}
	for _, o := range c.Of(chanflow.Recv) {
		r.sometimesClosed(c, o)
	}
	r.skipped(c)
}

// sometimesClosed reports o if it is a loop in a goroutine that goes on until c
// is closed, and the function that made c, which alone closes it, returns on
// some way without that. All closes have to come behind the start of the
// goroutine: where the two hang on one condition, the loop ends when it began.
func (r *reporter) sometimesClosed(c *chanflow.Chan, o chanflow.Op) {
	closes := c.Of(chanflow.Close)
	maker := c.Threads[0]
	if len(closes) == 0 || !o.Range() || !endsOnlyByClose(o.Instr) || o.Thread.Parent != maker || len(o.Thread.Calls) > 0 || program(maker.Fn) {
		return
	}
	start := o.Thread.Start.(ssa.Instruction)
	at := map[*ssa.BasicBlock]bool{}
	for _, x := range closes {
		if x.Deferred() || x.Thread != maker || len(x.Calls) > 0 || x.Instr.Block() == start.Block() || !start.Block().Dominates(x.Instr.Block()) {
			return
		}
		at[x.Instr.Block()] = true
	}
	ret := reaching(start.Block(), at)
	if ret == nil {
		return
	}
	r.report(analysis.Diagnostic{
		Pos: o.Pos(),
		Message: fmt.Sprintf("this loop can wait for good: %s can end at %s without closing `%s`",
			funcName(maker.Fn), lockset.Position(r.pass, position(ret)), c.Name),
		Related: []analysis.RelatedInformation{{Pos: position(ret), Message: "ends here"}},
	})
}

// neverClosed reports o if it is a loop that goes on until c is closed, which
// nobody does.
func (r *reporter) neverClosed(c *chanflow.Chan, o chanflow.Op) {
	if !o.Range() || !endsOnlyByClose(o.Instr) {
		return
	}
	if o.Thread.Parent != nil && (program(c.Threads[0].Fn) || !returns(c.Threads[0].Fn)) {
		return // it runs as long as the program does
	}
	r.report(analysis.Diagnostic{
		Pos:     o.Pos(),
		Message: fmt.Sprintf("this loop never ends: nobody closes `%s`, so that it waits for good when all is received", c.Name),
		Related: []analysis.RelatedInformation{{Pos: c.Make.Pos(), Message: "made here"}},
	})
}

// endsOnlyByClose reports whether the range loop that recv belongs to has no
// other way out.
func endsOnlyByClose(recv ssa.Instruction) bool {
	header := recv.Block()
	for _, l := range unserved.LoopsAround(recv) {
		if !l[header] {
			continue
		}
		for b := range l {
			switch b.Instrs[len(b.Instrs)-1].(type) {
			case *ssa.Return, *ssa.Panic:
				return false
			}
			for _, instr := range b.Instrs {
				if call, ok := instr.(*ssa.Call); ok && unserved.Ends(call) {
					return false
				}
			}
			for _, next := range b.Succs {
				if b != header && !l[next] {
					return false
				}
			}
		}
	}
	return true
}

// returns reports whether fn can end.
func returns(fn *ssa.Function) bool {
	for _, b := range fn.Blocks {
		if _, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok && (b.Index == 0 || len(b.Preds) > 0) {
			return true
		}
	}
	return false
}

// skipped reports an end of the one goroutine that serves c which it reaches
// without a send or close, while the function that made c receives in any case.
func (r *reporter) skipped(c *chanflow.Chan) {
	var server *chanflow.Thread
	at := map[*ssa.BasicBlock]bool{}
	for _, o := range c.Ops {
		if o.Kind == chanflow.Recv {
			continue
		}
		if o.Deferred() || o.Thread.Parent != c.Threads[0] || server != nil && o.Thread != server || unserved.InLoop(o.At(), nil) {
			return
		}
		server = o.Thread
		at[o.At().Block()] = true
	}
	if server == nil || unserved.StartedOften(c, server) || len(server.Calls) > 0 || hasDefers(server.Fn) {
		return
	}
	start := server.Start.(ssa.Instruction)
	recv := unconditional(c, start)
	if recv == nil {
		return
	}
	ret := past(server.Fn, at)
	if ret == nil {
		return
	}
	r.report(analysis.Diagnostic{
		Pos: position(ret),
		Message: fmt.Sprintf("the goroutine started at %s ends here without sending to `%s`, and the receive at %s waits for good",
			lockset.Position(r.pass, start.Pos()), c.Name, lockset.Position(r.pass, recv.Pos())),
		Related: []analysis.RelatedInformation{{Pos: recv.Pos(), Message: "waits here"}},
	})
}

// hasDefers reports whether fn defers anything, which may send.
func hasDefers(fn *ssa.Function) bool {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if _, ok := instr.(*ssa.Defer); ok {
				return true
			}
		}
	}
	return false
}

// unconditional returns a receive from c that waits for nothing else and that
// is on every way on from start, or nil.
func unconditional(c *chanflow.Chan, start ssa.Instruction) *chanflow.Op {
	for _, o := range c.Of(chanflow.Recv) {
		if o.Thread != c.Threads[0] || len(o.Calls) > 0 || !o.Bare() || o.Range() || unserved.InLoop(o.Instr, c.At) {
			continue
		}
		if start.Block() == o.Instr.Block() && unserved.Reaches(start, o.Instr) {
			return &o
		}
		if start.Block() != o.Instr.Block() && reaching(start.Block(), map[*ssa.BasicBlock]bool{o.Instr.Block(): true}) == nil {
			return &o
		}
	}
	return nil
}

// past returns a return of fn that is reached without any of the blocks, or nil.
func past(fn *ssa.Function, blocks map[*ssa.BasicBlock]bool) ssa.Instruction {
	if blocks[fn.Blocks[0]] {
		return nil
	}
	return reaching(fn.Blocks[0], blocks)
}

// reaching is past from the end of the block from on.
func reaching(from *ssa.BasicBlock, blocks map[*ssa.BasicBlock]bool) ssa.Instruction {
	seen := map[*ssa.BasicBlock]bool{from: true}
	work := []*ssa.BasicBlock{from}
	for len(work) > 0 {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		stopped := false
		for _, instr := range b.Instrs {
			if call, ok := instr.(*ssa.Call); ok && unserved.Ends(call) {
				stopped = true
			}
		}
		if stopped {
			continue
		}
		if ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok {
			return ret
		}
		for _, next := range b.Succs {
			if !seen[next] && !blocks[next] {
				seen[next] = true
				work = append(work, next)
			}
		}
	}
	return nil
}
