package schedtest

import (
	"fmt"
	"strings"
	"time"

	"github.com/fearless-go/fearless/schedtest/pieces"
	"github.com/fearless-go/fearless/schedtest/strategy"
)

// A job is what one process does; its fields are those of fearlessJob in
// _goroot/testing/job.go.
type job struct {
	mode                    string // "list", "explore", "replay" or "try"
	test                    string
	kind                    strategy.Kind
	depth, length           uint32
	base, seed, from, count uint64
	warm, trace             bool
	earlier                 bool // the tests before it run first
	late                    time.Duration
	duration                time.Duration
	strict                  bool // a schedule is given up that is not over by then
	seeds                   []uint64
	tries                   [][]strategy.Switch
	choices                 []strategy.Switch // of all tries
	path                    string
	prove                   string // how the timer behaves in a proof, as Options.Time says; "" for none
	picks                   string // events of an execution of a proof
	bound                   int    // of a proof: one more than the preemptions of a schedule, or 0
	names                   pieces.Names
	pieces                  [][]uint32 // of a proof: what is to be explored
	ask                     string     // a file: once it is there, and least has passed, what is left of the pieces is given back
	least                   time.Duration
}

const kindPortfolio = 255

// file is the job's file, but for its last lines: see Process.run.
func (r *runner) file(j *job) string {
	var b strings.Builder
	p := func(key string, value any) { fmt.Fprintf(&b, "%s %v\n", key, value) }
	p("mode", j.mode)
	p("test", j.test)
	p("kind", uint8(j.kind))
	p("depth", j.depth)
	p("length", j.length)
	p("base", j.base)
	p("seed", j.seed)
	p("from", j.from)
	p("count", j.count)
	p("maxsteps", r.opts.MaxSteps)
	p("heap", 64<<20)
	if r.opts.CPU > 0 {
		p("procs", r.opts.CPU)
	}
	if j.late > 0 {
		p("late", j.late.Nanoseconds())
	}
	if j.warm {
		p("warm", 1)
	}
	if j.trace {
		p("trace", 1)
	}
	if j.strict {
		p("strict", 1)
	}
	if j.earlier {
		p("earlier", 1)
	}
	if j.prove != "" {
		p("prove", j.prove)
		p("user", strings.Join(r.globals.user, " "))
		named, unnamed, err := r.globals.spans()
		if err != nil {
			named = "unknown"
		}
		p("memory", named)
		p("unnamed", unnamed)
	}
	if j.bound > 0 {
		p("bound", j.bound)
	}
	if len(j.names) > 0 {
		b.WriteString("names")
		for _, n := range j.names {
			fmt.Fprintf(&b, " %d %d", n.Parent, n.K)
		}
		b.WriteByte('\n')
	}
	if j.ask != "" {
		p("ask", j.ask)
		p("least", j.least.Milliseconds())
	}
	for _, piece := range j.pieces {
		b.WriteString("piece")
		for _, n := range piece {
			fmt.Fprintf(&b, " %d", n)
		}
		b.WriteByte('\n')
	}
	if j.picks != "" {
		p("picks", j.picks)
	}
	if j.path != "" {
		p("path", j.path)
	}
	list := func(head string, list []strategy.Switch) {
		b.WriteString(head)
		for _, s := range list {
			fmt.Fprintf(&b, " %d %d %d", s.From, s.At, s.To)
		}
		b.WriteByte('\n')
	}
	for i, t := range j.tries {
		list(fmt.Sprint("try ", j.seeds[i]), t)
	}
	if len(j.choices) > 0 {
		list("choices", j.choices)
	}
	return b.String()
}
