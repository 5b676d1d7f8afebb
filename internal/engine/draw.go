package engine

import (
	"fmt"
	"slices"

	"github.com/fearless-go/fearless/internal/trace"
)

// Draw returns the first complete executions of main, at most n, each with where
// its steps stand, and stops at what fails. It is an exploration of its own, so
// that nothing it does can change what another one has found: each execution runs
// twice in it, the second time recorded.
func Draw(main func(), o Options, n int) []*trace.Trace {
	o.MaxExecutions, o.Parallel, o.drawn = n, 1, new([]*trace.Trace)
	o.Estimate, o.Forecast, o.Keep, o.Resume, o.Parts, o.Seen = nil, false, false, nil, false, nil
	ExploreProgram(main, o, func(*Runs) bool { return true })
	return *o.drawn
}

// draw runs the execution that has just been completed again, and keeps its trace.
func (e *Engine) draw(outcome string) {
	x := e.x
	restore, observed := x.Keep(), slices.Clone(e.observed)
	e.recording = newRecorder(0)
	e.picture.Record()
	e.run()
	if e.finish() {
		headline := fmt.Sprintf("execution %d", len(*e.opts.drawn)+1)
		if outcome != "" {
			headline += ": " + outcome
		}
		*e.opts.drawn = append(*e.opts.drawn, e.shown().Trace(headline))
	} else {
		e.unwind()
	}
	restore()
	e.observed = observed
	e.recording = nil
	e.picture.Forget()
}
