// Package trace is one execution of a concurrent program, step by step, and
// the pictures of it. The model checker (model) and the controlled scheduler
// (schedtest) both report a failure as a [Trace]; this package renders it as
// text, as JSON, as an HTML page, and for Graphviz.
//
// A trace has lanes (threads or goroutines), steps in the order in which they
// were executed, and edges between steps:
//
//	t := &trace.Trace{
//		Headline: "data race on data",
//		Lanes:    []trace.Lane{{Name: "main"}, {Name: "thread 1"}},
//		Steps: []trace.Step{
//			{Lane: 0, Op: "go"},
//			{Lane: 1, Op: "data.WithMut", Pos: trace.Pos{File: "publish_test.go", Line: 6}},
//			{Lane: 0, Op: "data.With", Pos: trace.Pos{File: "publish_test.go", Line: 7}, Flags: trace.Failing},
//		},
//		Edges: []trace.Edge{{From: 0, To: 1, Kind: trace.Spawn}},
//	}
//	t.WriteText(os.Stderr)
//
// Strings in a trace come from the program under test and are untrusted:
// every renderer escapes them, and shortens those that would break a layout.
package trace

import (
	"fmt"
	"slices"
)

// A Trace is one execution. Lanes and steps are named by their index.
type Trace struct {
	Headline string `json:"headline"`         // what happened, in one line
	Detail   string `json:"detail,omitempty"` // why, and what would mend it; may have several lines
	Replay   string `json:"replay,omitempty"` // the flag or seed that runs this execution again
	Lanes    []Lane `json:"lanes"`
	Steps    []Step `json:"steps"`
	Edges    []Edge `json:"edges"`
}

// A Lane is one thread or goroutine.
type Lane struct {
	Name    string `json:"name"`             // as the report calls it: `goroutine 7`, `thread 1 "writer"`
	Created Pos    `json:"created,omitzero"` // where it was started
	End     string `json:"end,omitempty"`    // how it ended: `blocked on mu.Lock`, `panicked`

	WaitsFor string `json:"waitsFor,omitempty"` // the object that it waits for at the end of the trace
	HeldBy   []int  `json:"heldBy,omitempty"`   // the lanes that hold it
	Program  string `json:"program,omitempty"`  // what it runs, if that is a few lines of its own, as in a litmus test
}

// A Step is one operation of one lane.
type Step struct {
	Lane  int    `json:"lane"`
	Pos   Pos    `json:"pos,omitzero"`
	Op    string `json:"op"`              // as in the source: `ready.Store(true) Relaxed`
	Value string `json:"value,omitempty"` // what it read or returned
	Note  string `json:"note,omitempty"`  // anything else worth a few words
	Flags Flags  `json:"flags,omitempty"`

	Object string `json:"object,omitempty"` // what it is done to, the same name for the same object
	Effect Effect `json:"effect,omitempty"` // what it does to Object, once the step is done
}

// Effect is what a step does to its object, as far as who holds it goes.
type Effect string

const (
	Acquire       Effect = "acquire"
	AcquireShared Effect = "acquire-shared"
	Release       Effect = "release"
	ReleaseShared Effect = "release-shared"
	Send          Effect = "send"
	Receive       Effect = "receive"
	Close         Effect = "close"
)

var effects = []Effect{"", Acquire, AcquireShared, Release, ReleaseShared, Send, Receive, Close}

// A Pos is a place in the source. The zero Pos is unknown.
type Pos struct {
	File string `json:"file"` // the full path or a relative one; renderers shorten it
	Line int    `json:"line"` // from 1
	Func string `json:"func,omitempty"`
}

// An Edge leads from an earlier step to the later one that it made possible
// or that observed it. In a model of weak memory a load may read from a store
// that comes later in the list; From may therefore exceed To.
type Edge struct {
	From int  `json:"from"`
	To   int  `json:"to"`
	Kind Kind `json:"kind"`
}

// Kind says what an edge means.
type Kind uint8

const (
	ReadsFrom        Kind = iota + 1 // To read the value that From wrote
	SynchronizesWith                 // what came before From is visible after To
	Spawn                            // From started the lane of To
	Join                             // To waited for the end of the lane of From
	Wake                             // From ended the wait of To
	Coherence                        // To wrote the same variable next after From
	FromRead                         // From read a value that To then overwrote: From came first
)

var kindNames = [...]string{"", "reads-from", "synchronizes-with", "spawn", "join", "wake", "coherence", "from-read"}

func (k Kind) valid() bool { return k > 0 && int(k) < len(kindNames) }

// String returns the name that the JSON form uses, such as "reads-from".
func (k Kind) String() string {
	if !k.valid() {
		return fmt.Sprintf("Kind(%d)", uint8(k))
	}
	return kindNames[k]
}

// Flags mark a step.
type Flags uint8

const (
	// Preempted: the lane stood before this step and could have gone on, but
	// the scheduler ran others first.
	Preempted Flags = 1 << iota
	// Blocked: the step could not finish when the lane came to it. If it
	// finished later a Wake edge ends here.
	Blocked
	// Failing: the step, or one of the steps, at which the failure showed.
	Failing
)

var flagNames = [...]string{"preempted", "blocked", "failing"}

const allFlags = Preempted | Blocked | Failing

// names returns the names of the flags that are set, as in the JSON form.
func (f Flags) names() []string {
	names := []string{}
	for i, name := range flagNames {
		if f&(1<<i) != 0 {
			names = append(names, name)
		}
	}
	return names
}

// An InvalidError reports a trace that contradicts itself, or a file that
// does not hold one.
type InvalidError struct {
	Where string // such as "edge 3"
	Err   error
}

func (e *InvalidError) Error() string { return "trace: " + e.Where + ": " + e.Err.Error() }
func (e *InvalidError) Unwrap() error { return e.Err }

func invalid(where string, n int, format string, args ...any) error {
	return &InvalidError{Where: fmt.Sprintf("%s %d", where, n), Err: fmt.Errorf(format, args...)}
}

// Check returns an *InvalidError if an index, a kind or a flag is out of
// range. Every renderer calls it first.
func (t *Trace) Check() error {
	for i, s := range t.Steps {
		if s.Lane < 0 || s.Lane >= len(t.Lanes) {
			return invalid("step", i, "lane %d does not exist; there are %d lanes", s.Lane, len(t.Lanes))
		}
		if !slices.Contains(effects, s.Effect) {
			return invalid("step", i, "unknown effect %q; want one of %q", s.Effect, effects[1:])
		}
		if s.Flags&^allFlags != 0 {
			return invalid("step", i, "unknown flags %#x", uint8(s.Flags&^allFlags))
		}
	}
	for i, l := range t.Lanes {
		for _, by := range l.HeldBy {
			if by < 0 || by >= len(t.Lanes) {
				return invalid("lane", i, "lane %d does not exist; there are %d lanes", by, len(t.Lanes))
			}
		}
	}
	for i, e := range t.Edges {
		for _, end := range []int{e.From, e.To} {
			if end < 0 || end >= len(t.Steps) {
				return invalid("edge", i, "step %d does not exist; there are %d steps", end, len(t.Steps))
			}
		}
		if !e.Kind.valid() {
			return invalid("edge", i, "unknown kind %d", uint8(e.Kind))
		}
	}
	return nil
}

// laneName returns the name of lane i, which may have been left empty.
func (t *Trace) laneName(i int) string {
	if name := t.Lanes[i].Name; name != "" {
		return clean(name)
	}
	return fmt.Sprintf("lane %d", i)
}

// incoming returns, for each step, the edges that end at it.
func (t *Trace) incoming() [][]Edge {
	in := make([][]Edge, len(t.Steps))
	for _, e := range t.Edges {
		in[e.To] = append(in[e.To], e)
	}
	return in
}
