package engine

import (
	"sync"

	"github.com/fearless-go/fearless/internal/engine/explore"
	"github.com/fearless-go/fearless/internal/engine/graph"
	"github.com/fearless-go/fearless/internal/trace"
)

// Stats is how far an exploration has come.
type Stats struct {
	Executions int // complete
	Blocked    int // runs that could not be completed
	// Left is what is still to be explored, for Options.Resume, when done has
	// ended the exploration and Options.Keep asked for it.
	Left []byte
	// Outcomes is what the executions before a failure had, if several engines
	// looked for it: they also met some that come after it.
	Outcomes map[string]int
	// Parts is where the runs lie in the walk, if Options.Parts asked for it.
	Parts []Part
	// Loops is whether the engine learned of a busy loop what decides in which
	// order executions come: another one would learn something else.
	Loops bool
}

// A Found is the first failure of an exploration and the execution that shows it.
type Found struct {
	*Failure
	Trace *trace.Trace
	Cause any // the value of the panic, if it was one
	// Replay is the execution as a word, for Options.Replay.
	Replay string
	// Cycle, of a limit, is a livelock that was found behind it; nil: none was.
	Cycle *Cycle
	at    explore.Rank
}

// At is where the failure lies in the walk, for CompareRanks.
func (f *Found) At() []int32 { return f.at }

// Runs are some runs of an engine.
type Runs struct {
	Complete, Blocked int
	Outcomes          map[string]int // how many complete ones had each outcome, if any: what Observe got
	Panicked          int            // complete ones in which a thread panicked and another one has its panic from a join
	Over              float64        // an estimate of how much of the whole exploration is over, 0 to 1
}

func (r *Runs) complete(outcome string) {
	r.Complete++
	if outcome == "" {
		return
	}
	if r.Outcomes == nil {
		r.Outcomes = make(map[string]int)
	}
	r.Outcomes[outcome]++
}

// ExploreProgram explores main. It calls done after every few runs, and after the
// last ones, until done returns false. One call of done is under way at a time.
func ExploreProgram(main func(), o Options, done func(*Runs) bool) (Stats, *Found) {
	stats, found := exploreAll(main, o, done)
	if found != nil && found.Kind == Limit && o.drawn == nil && o.Mutate == nil {
		found.Cycle = findLivelock(main, o, func() bool { return done(&Runs{}) })
	}
	return stats, found
}

func exploreAll(main func(), o Options, done func(*Runs) bool) (Stats, *Found) {
	p := &pool{main: main, opts: o, done: done, quota: quota{most: int64(o.MaxExecutions)}}
	p.idle.L, p.full.L = &p.mu, &p.mu
	start := new(graph.Graph)
	start.Grow(0)
	start.AddThread(0, -1)
	if o.Replay != "" {
		g, err := graph.ReadWord(o.Replay)
		if err != nil {
			return Stats{}, &Found{Failure: &Failure{Kind: BadInput, Message: "replay: " + err.Error()}}
		}
		start = g
	}
	p.tasks = []*explore.Task{explore.FirstTask(start)}
	if o.Resume != nil {
		var err error
		if p.tasks, err = explore.ReadTasks(o.Resume); err != nil {
			return Stats{}, &Found{Failure: &Failure{Kind: BadInput, Message: err.Error()}}
		}
	} else if o.Shards > 1 {
		p.split()
	}
	for _, t := range p.tasks {
		p.whole += t.Share()
	}
	p.whole += p.part
	var wg sync.WaitGroup
	for range max(o.Parallel, 1) {
		wg.Go(p.work)
	}
	wg.Wait()
	p.forecast.close()
	found := p.found.Load()
	p.stats.Loops = p.told.n.Load() > 0
	if o.Parts {
		p.stats.Parts = exportParts(p.parts)
	}
	switch {
	case found == nil || o.Parallel <= 1:
	case p.told.n.Load() > 0:
		return p.alone(found)
	default:
		p.countBefore(found.at)
	}
	if o.Keep && found == nil {
		p.stats.Left = explore.WriteTasks(p.tasks)
	}
	return p.stats, found
}
