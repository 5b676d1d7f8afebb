package model

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/fearless-go/fearless/internal/engine"
	"github.com/fearless-go/fearless/internal/trace"
)

// A Report is the result of Explore.
type Report struct {
	Executions int // complete, each one different unless Seed was given
	Blocked    int // runs that were not completed, because a busy thread kept reading an old value
	// Panicked is in how many of them a thread panicked and another one, which
	// joined it, got the panic as an error. That is no failure: the program may
	// look at the error. One that does not should.
	Panicked int
	// Outcomes says how many executions ended with which values given to
	// Observe, as fmt.Sprint has them.
	Outcomes map[string]int
	// Estimate is of how many executions there are in all, with Seed, or if the
	// exploration was ended before it was over; else it is zero.
	Estimate Estimate
	// Exhaustive is whether no execution is left. It is false, whatever was
	// explored, if Unseen has operations that the model does not reorder: of
	// package sync, of sync/atomic, of channels, or goroutines of no model, or
	// busy loops that may count their rounds.
	Exhaustive bool
	// Unseen is what the function does beyond the model; nil if nothing.
	Unseen  []Unseen
	Elapsed time.Duration
	Failure *Failure // nil if nothing was found

	sample bool // by Seed, Shard or Replay: not all executions were to be explored
}

// An Estimate is of the number of executions that an exhaustive exploration
// would have, from as many passes through the tree of executions as Walks says.
// Mean is right on average. Low and High are a range that has held the number in
// more than 90 of 100 cases, over the programs of our tests; yours may be of
// another kind. High is 0 while the passes differ too much for a range, or are
// too few: then there are at least Low executions, which is certain.
type Estimate = engine.Estimate

// Kind says what was found.
type Kind = engine.FailureKind

// The kinds of Failure.
const (
	Panic           = engine.Panicked         // an assertion or any other panic
	Deadlock        = engine.Deadlock         // no thread can go on
	DataRace        = engine.DataRace         // two accesses to plain memory that nothing orders
	Leak            = engine.Leak             // a thread that nobody joined
	Livelock        = engine.Livelock         // threads change the state for ever, and none of them comes further, though the scheduler is fair
	Limit           = engine.Limit            // a bound was reached
	Nondeterminism  = engine.Nondeterministic // the function did not repeat itself
	Unsupported     = engine.Unsupported      // the function uses what the model lacks
	Foreign         = engine.Foreign          // a goroutine that the model does not know
	NotLinearizable = engine.NotLinearizable  // a linear.History is none of its specification
	NotInModelBuild = engine.Disabled         // the tag fearless_model is missing
	UseAfterFree    = engine.UseAfterFree     // an object was used after Freed, or with nothing that orders the two
	BadOption       = engine.BadInput         // the function, an option, the word of a Replay or the content of a Checkpoint cannot be used
	FileError       = engine.FileFailed       // the file of a Checkpoint cannot be read or written; Unwrap has why
)

// A Failure is the first thing found wrong, and the execution that shows it.
type Failure struct {
	Kind    Kind
	Message string
	Value   any    // what the panic was called with
	Replay  string // the execution, for the option Replay and the flag -model.replay
	trace   *trace.Trace
}

// Error says what is wrong and where.
func (f *Failure) Error() string { return f.Message }

// Unwrap returns the panic's value if that is an error.
func (f *Failure) Unwrap() error {
	err, _ := f.Value.(error)
	return err
}

// WriteText writes the execution step by step: thread, operation, ordering, value.
func (f *Failure) WriteText(w io.Writer) error { return f.write(w, (*trace.Trace).WriteText) }

// WriteHTML writes a picture of the execution as a page: threads as lanes,
// reads-from and synchronizes-with as arrows.
func (f *Failure) WriteHTML(w io.Writer) error { return f.write(w, (*trace.Trace).WriteHTML) }

// WriteDot writes the picture for Graphviz.
func (f *Failure) WriteDot(w io.Writer) error { return f.write(w, (*trace.Trace).WriteDot) }

// WriteJSON writes the execution as data.
func (f *Failure) WriteJSON(w io.Writer) error { return f.write(w, (*trace.Trace).WriteJSON) }

func (f *Failure) write(w io.Writer, render func(*trace.Trace, io.Writer) error) error {
	if f.trace == nil {
		_, err := fmt.Fprintln(w, f.Message)
		return err
	}
	return render(f.trace, w)
}

// How many lines of a long execution a failed test prints, from its beginning and
// its end: nobody reads all of an execution that reached a bound.
const (
	firstLines = 100
	lastLines  = 50
)

// text is what a failed test prints.
func (f *Failure) text() string {
	var b strings.Builder
	_ = f.WriteText(&b) // a strings.Builder has no errors
	lines := strings.SplitAfter(b.String(), "\n")
	left := len(lines) - firstLines - lastLines
	if left <= 0 {
		return b.String()
	}
	return strings.Join(lines[:firstLines], "") +
		fmt.Sprintf("\n  ... %d lines are left out; a picture (-html) or -json has them\n\n", left) +
		strings.Join(lines[firstLines+left:], "")
}
