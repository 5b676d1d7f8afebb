package explore

import (
	"fmt"

	"github.com/fearless-go/fearless/internal/engine/graph"
)

// FailureKind says what an exploration found.
type FailureKind uint8

// The kinds of failures.
const (
	Panicked FailureKind = iota + 1
	Deadlock
	DataRace
	Leak             // a thread was never joined, or an owner never dropped
	Limit            // a bound was reached
	Nondeterministic // two runs of the same execution differ
	Unsupported      // the program uses what the model lacks
	Disabled         // nothing was explored: this is no model build
	Foreign          // a goroutine of no model touched a modelled object
	NotLinearizable  // a history is none of its specification
	BadInput         // what the exploration was given cannot be used: nothing was explored
	UseAfterFree     // an object was used, and its memory given back before that, or with nothing that orders the two
	FileFailed       // the file of a checkpoint cannot be read or written
	Livelock         // threads go round for ever under a fair scheduler
)

var failureNames = [...]string{"", "panic", "deadlock", "data race", "leak", "limit", "nondeterminism", "not supported", "not explored", "foreign goroutine", "not linearizable", "bad option", "use after free", "file", "livelock"}

func (k FailureKind) String() string { return failureNames[k] }

// A Failure is the first thing that went wrong.
type Failure struct {
	Kind    FailureKind
	Message string
}

// Error is the kind and the message.
func (f *Failure) Error() string { return f.Kind.String() + ": " + f.Message }

// Fail records the first failure.
func (x *Explorer) Fail(k FailureKind, format string, args ...any) {
	if x.Failure == nil {
		x.Failure = &Failure{Kind: k, Message: fmt.Sprintf(format, args...)}
	}
}

// Diverged reports that thread t did something else than when the graph was made.
func (x *Explorer) Diverged(t int32, e *graph.Event, did string) {
	x.Fail(Nondeterministic, "thread %d does %s where it did %s before in the same execution: the program depends on something that the model does not control, such as time, random numbers, map order, or memory that outlives an execution",
		t, did, x.Describe(e))
}

func (x *Explorer) limit() {
	x.Fail(Limit, "an execution has more than %d events: raise the bound (model.Bound, or the flag -bound), or bound the program's loops; a loop that waits calls atomic.SpinLoop, and then a round of it that only reads, or writes what it found, is not repeated", x.MaxEvents)
	x.Full = true
}

// Describe names what e does, for messages.
func (x *Explorer) Describe(e *graph.Event) string {
	switch e.Kind {
	case graph.Read:
		switch {
		case e.Has(graph.Await):
			return "an await on " + x.G.Name(e.Loc)
		case e.Has(graph.Update):
			return "an update of " + x.G.Name(e.Loc)
		}
		return "a load of " + x.G.Name(e.Loc)
	case graph.Write:
		return fmt.Sprintf("a store of %d to %s", int64(e.Val), x.G.Name(e.Loc))
	case graph.Fence:
		return "a fence"
	case graph.Spawn:
		return fmt.Sprintf("the start of thread %d", e.Aux)
	case graph.Join:
		return fmt.Sprintf("a join of thread %d", e.Aux)
	default:
		return fmt.Sprintf("a choice of %d", e.Aux)
	}
}

// WaitFor notes that thread t waits until w has been executed.
func (x *Explorer) WaitFor(t, w int32) {
	for len(x.Wake) <= int(t) {
		x.Wake = append(x.Wake, -1)
	}
	x.Wake[t] = w
}
