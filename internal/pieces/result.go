package pieces

import (
	"slices"
	"time"

	"github.com/fearless-go/fearless/internal/engine"
)

// A Result is what came of one piece of a check or, when added up, of several.
type Result struct {
	Check   string        `json:"check"`
	Left    []byte        `json:"left,omitempty"` // still to be explored
	Parts   []engine.Part `json:"parts,omitempty"`
	Elapsed time.Duration `json:"elapsedNanoseconds"`
	Seen    Seen          `json:"seen"`
	Failure *Failure      `json:"failure,omitempty"` // the first in the walk of one engine
	Lost    int           `json:"lost,omitempty"`    // pieces of which nothing is known
	// Loops is whether how many executions come before a failure is not known: an
	// engine has learned of busy loops, or Parts were joined.
	Loops bool `json:"loops,omitempty"`
}

// A Failure is what a piece found first.
type Failure struct {
	At      []int32            `json:"at"` // in the walk of one engine
	Kind    engine.FailureKind `json:"kind"`
	Message string             `json:"message"`
	Replay  string             `json:"replay"` // the execution; "" if it cannot be repeated
}

// mostParts is how many parts a sum keeps apart, so that its size has a bound.
const mostParts = 1 << 16

// Add adds what came of another piece of the same check. The order in which
// pieces are added does not matter.
func (r *Result) Add(o *Result) {
	r.Elapsed += o.Elapsed
	r.Lost += o.Lost
	r.Loops = r.Loops || o.Loops
	r.Seen.add(&o.Seen)
	r.Parts = append(r.Parts, o.Parts...)
	if o.Failure != nil && (r.Failure == nil || engine.CompareRanks(o.Failure.At, r.Failure.At) < 0) {
		r.Failure = o.Failure
	}
	if r.Failure != nil && !r.Loops {
		// One engine would not have come to what lies behind the failure. A part that
		// the failure lies in ended there.
		r.Parts = slices.DeleteFunc(r.Parts, func(p engine.Part) bool { return engine.CompareRanks(p.At, r.Failure.At) > 0 })
	}
	if len(r.Parts) > mostParts {
		r.Parts, r.Loops = []engine.Part{r.Sum()}, true
	}
}

// Sum is all parts as one.
func (r *Result) Sum() engine.Part {
	all := engine.Part{Outcomes: map[string]int{}}
	for _, p := range r.Parts {
		all.Executions += p.Executions
		all.Blocked += p.Blocked
		all.Panicked += p.Panicked
		for o, n := range p.Outcomes {
			all.Outcomes[o] += n
		}
	}
	return all
}

// Pointless reports whether nothing can matter that lies at that place of the walk
// or behind it: a failure that comes before is known.
func (r *Result) Pointless(first []int32) bool {
	return r.Failure != nil && engine.CompareRanks(first, r.Failure.At) > 0
}
