package channel

import (
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/fearless-go/fearless/vet/internal/closed"
	"github.com/fearless-go/fearless/vet/internal/exact"
)

// broken reports the operations of closed programs that panic in some
// execution. Where nothing orders the two sides, rule share says so.
func (r *reporter) broken(programs *closed.Result) {
	for _, fn := range programs.Programs {
		result := programs.Explored[fn]
		if r.toldIn(fn) {
			continue // most likely of the same mistake
		}
		for _, b := range result.Broken {
			races := slices.ContainsFunc(result.Races, func(x exact.Race) bool { return x.A.Instr == b.Instr || x.B.Instr == b.Instr })
			if b.Guessed && !result.Complete || races || recovers(b.Instr.Parent()) {
				continue
			}
			r.report(analysis.Diagnostic{Pos: b.Instr.Pos(), Category: exact.Confidence(b.Guessed), Message: map[exact.Why]string{
				exact.SentToClosed:     "this send can panic: the channel may be closed by then",
				exact.ClosedTwice:      "this close can panic: the channel may be closed by then",
				exact.CountedBelowZero: "this can panic: the counter of the WaitGroup may be 0 by then",
			}[b.Why]})
		}
	}
}

// toldIn reports whether there is a finding in fn already.
func (r *reporter) toldIn(fn *ssa.Function) bool {
	syntax := fn.Syntax()
	if syntax == nil {
		return false
	}
	for pos := range r.at {
		if syntax.Pos() <= pos && pos < syntax.End() {
			return true
		}
	}
	return false
}
