package model

import (
	"fmt"
	"runtime/debug"
	"time"

	"github.com/fearless-go/fearless/internal/engine"
)

const (
	defaultEvents  = 5000
	defaultThreads = 64
	defaultWalks   = 10000
)

// Explore runs f in every execution that the memory model allows, until all
// are done or one fails. It must not be called from inside a model.
func Explore(f func(), opts ...Option) Report {
	c := config{engine: engine.Options{MaxEvents: defaultEvents, MaxThread: defaultThreads, Parallel: 1}}
	for _, o := range opts {
		o(&c)
	}
	switch {
	case !Enabled:
		return refused("model: this is no model build: run it by \"fearless model\", or with go test -tags fearless_model")
	case c.err != nil:
		return refused(c.err.Error())
	case engine.Current() != nil:
		return refused("model: Explore inside of a model: call it from a test")
	}
	if c.engine.Random {
		c.engine.Parallel = 1
		if c.maxExecutions == 0 && c.maxDuration == 0 {
			c.maxExecutions = defaultWalks
		}
	}
	return c.explore(f)
}

func refused(why string) Report {
	return Report{Failure: &Failure{Kind: NotInModelBuild, Message: why}}
}

// gcPercent is how much garbage an exploration may make between collections: an
// execution leaves little behind, and most of the time would go into looking.
const gcPercent = 1000

func (c *config) explore(f func()) Report {
	defer debug.SetGCPercent(debug.SetGCPercent(gcPercent))
	r := Report{Outcomes: make(map[string]int), Exhaustive: !c.engine.Random}
	start := time.Now()
	last := start
	runs, completed, blocked := 0, 0, 0
	done := func(complete bool, outcome []any) bool {
		runs++
		if complete {
			completed++
			if len(outcome) > 0 {
				r.Outcomes[fmt.Sprint(outcome...)]++
			}
		} else {
			blocked++
		}
		if runs&63 == 0 && (c.progress != nil || c.maxDuration > 0) {
			now := time.Now()
			if c.progress != nil && now.Sub(last) >= 100*time.Millisecond {
				last = now
				c.progress(Progress{completed, blocked, now.Sub(start)})
			}
			if c.maxDuration > 0 && now.Sub(start) > c.maxDuration {
				r.Exhaustive = false
				return false
			}
		}
		if c.maxExecutions > 0 && completed >= c.maxExecutions {
			r.Exhaustive = false
			return false
		}
		return true
	}
	stats, found := engine.ExploreProgram(f, c.engine, done)
	r.Executions, r.Blocked, r.Elapsed = stats.Executions, stats.Blocked, time.Since(start)
	if found != nil {
		r.Exhaustive = false
		r.Failure = &Failure{Kind: found.Kind, Message: found.Failure.Error(), Value: found.Cause, Replay: found.Replay, trace: found.Trace}
		if found.Trace != nil && found.Replay != "" {
			found.Trace.Replay = "-model.replay=" + found.Replay
		}
	}
	return r
}
