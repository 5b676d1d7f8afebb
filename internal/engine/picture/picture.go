// Package picture shows an execution graph as a trace, for people: a step for each
// event, in words, with the names that the source has for things, and an edge for each
// relation.
//
// Begin with Picture, which is a graph and what a report knows of it besides, and its
// Trace. step.go has the words for an event, cycle.go those for a thread that goes round.
//
// A picture changes nothing of its graph. It is drawn when an execution has failed or is
// asked for, so nothing here need be fast.
package picture

import (
	"fmt"

	"github.com/fearless-go/fearless/internal/engine/graph"
	"github.com/fearless-go/fearless/internal/engine/source"
	"github.com/fearless-go/fearless/internal/trace"
)

// A Picture is an execution, and what a report of it knows besides the graph.
type Picture struct {
	G      *graph.Graph          // the execution
	names  []string              // of the threads
	Racing []Access              // accesses to plain variables that the failure is about
	Calls  map[Place]source.Call // where each event stands in the source; nil: not known
	Tokens map[int32]bool        // the locations that are tokens of threads, with calls
}

// A Place names an event by thread and index, the same in every run.
type Place struct{ Thr, Idx int32 }

// At is the place of event idx of thread thr.
func At(thr, idx int32) Place { return Place{thr, idx} }

// An Access is an access to a plain variable that a trace shows. It is no
// event of the graph.
type Access struct {
	Thr, Idx int32 // behind so many of the thread's events
	Pos      trace.Pos
	Op       string // what it does, in words
}

// ThreadName is what thread t is called in messages.
func (x *Picture) ThreadName(t int32) string {
	if int(t) < len(x.names) && x.names[t] != "" {
		return x.names[t]
	}
	return fmt.Sprintf("thread %d", t)
}

// Awaited is what a thread that awaits location l waits for.
func (x *Picture) Awaited(l int32) string {
	if l >= 0 && x.G.Loc[l].Ends {
		for i := range x.G.Ev {
			if e := &x.G.Ev[i]; e.Kind == graph.Spawn && e.Pos == l {
				return "the end of " + x.ThreadName(e.Aux)
			}
		}
	}
	return x.G.Name(l)
}

// Record makes the picture ready for where events stand.
func (x *Picture) Record() {
	x.Calls, x.Tokens = make(map[Place]source.Call), make(map[int32]bool)
}

// Forget forgets where they stand.
func (x *Picture) Forget() { x.Calls, x.Tokens = nil, nil }

// Rename gives thread t a name; "" takes it away.
func (x *Picture) Rename(t int32, name string) {
	if name == "" && int(t) >= len(x.names) {
		return
	}
	for len(x.names) <= int(t) {
		x.names = append(x.names, "")
	}
	x.names[t] = ""
	if name != "" {
		x.names[t] = fmt.Sprintf("thread %d %q", t, name)
	}
}
