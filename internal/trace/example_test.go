package trace_test

import (
	"os"

	"github.com/fearless-go/fearless/internal/trace"
)

func Example() {
	at := func(line int) trace.Pos { return trace.Pos{File: "/src/publish/publish_test.go", Line: line} }
	t := &trace.Trace{
		Headline: "data race on data (publish_test.go:5)",
		Detail:   "ready.Store is Relaxed, so it does not synchronize with ready.Load.\nRelease would.",
		Replay:   "-model.replay=v1:0.2.1",
		Lanes:    []trace.Lane{{Name: "thread 0"}, {Name: "thread 1", Created: at(6)}},
		Steps: []trace.Step{
			{Lane: 0, Pos: at(6), Op: "thread.Go"},
			{Lane: 1, Pos: at(6), Op: "data.WithMut", Flags: trace.Failing},
			{Lane: 1, Pos: at(6), Op: "ready.Store(true) Relaxed"},
			{Lane: 0, Pos: at(7), Op: "ready.Load Acquire", Value: "true"},
			{Lane: 0, Pos: at(7), Op: "data.With", Flags: trace.Failing},
		},
		Edges: []trace.Edge{
			{From: 0, To: 1, Kind: trace.Spawn},
			{From: 2, To: 3, Kind: trace.ReadsFrom},
		},
	}
	t.WriteText(os.Stdout)
	// Output:
	// data race on data (publish_test.go:5)
	//     ready.Store is Relaxed, so it does not synchronize with ready.Load.
	//     Release would.
	//
	//   1  thread 0  publish_test.go:6  thread.Go
	// > 2  thread 1  publish_test.go:6  data.WithMut               <- 1 spawn
	//   3  thread 1  publish_test.go:6  ready.Store(true) Relaxed
	//   4  thread 0  publish_test.go:7  ready.Load Acquire = true  <- 3 reads-from
	// > 5  thread 0  publish_test.go:7  data.With
	//
	//   thread 1  created at publish_test.go:6
	//
	// replay: -model.replay=v1:0.2.1
}
