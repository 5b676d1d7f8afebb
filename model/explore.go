package model

import (
	"fmt"
	"maps"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strings"
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
	c, wrong := configure(f, opts)
	if wrong != nil {
		return *wrong
	}
	if c.engine.Random {
		c.engine.Parallel = 1
		if c.maxExecutions == 0 && c.maxDuration == 0 {
			c.maxExecutions = defaultWalks
		}
	}
	if c.engine.Random || c.engine.Replay != "" {
		c.checkpoint, c.engine.Shards = "", 0
	}
	var stack [64]uintptr
	n := runtime.Callers(2, stack[:])
	var seen engine.Seen
	c.engine.Seen = &seen
	r := c.result
	if r == nil {
		explored := c.watched(f)
		r = &explored
	}
	r.sample = c.engine.Random || c.engine.Replay != "" || c.engine.Shards > 1
	if r.Failure != nil && r.Failure.Kind == Unsupported {
		seen = engine.Seen{} // the engine may still be at work with the thread that does not come back
	}
	if r.Failure == nil || r.Failure.Kind != BadOption && r.Failure.Kind != FileError {
		if c.seen != nil {
			seen = *c.seen
		}
		r.Unseen = unseen(f, r, &seen, stack[:n])
		r.Exhaustive = r.Exhaustive && !slices.ContainsFunc(r.Unseen, func(u Unseen) bool { return u.Kind.undecides() })
	}
	return *r
}

// configure returns what opts ask for, or a report of what is wrong with it.
func configure(f func(), opts []Option) (*config, *Report) {
	c := &config{engine: engine.Options{MaxEvents: defaultEvents, MaxThread: defaultThreads, Parallel: 1}}
	wrong := func(k Kind, why string) (*config, *Report) {
		r := refused(k, why)
		return nil, &r
	}
	for _, o := range opts {
		if o == nil {
			return wrong(BadOption, "model: an Option is nil: leave it out")
		}
		o(c)
	}
	switch {
	case !Enabled:
		return wrong(NotInModelBuild, "model: this is no model build: run it by \"fearless model\", or with go test -tags fearless_model")
	case f == nil:
		return wrong(BadOption, "model: there is no function to explore: it is nil")
	case c.err != nil:
		return wrong(BadOption, c.err.Error())
	case engine.Current() != nil:
		return wrong(BadOption, "model: Explore inside of a model: call it from a test")
	}
	if fn := runtime.FuncForPC(reflect.ValueOf(f).Pointer()); fn != nil {
		// The name of a literal is another wherever what makes it is inlined.
		file, line := fn.FileLine(fn.Entry())
		c.of = strings.TrimSpace(fmt.Sprintf("%s %s:%d", c.name, filepath.Base(file), line))
	}
	return c, nil
}

// over is which part of an exploration that many executions are, or 0 if that is
// not known. It may be less than before, when there turn out to be more.
func (c *config) over(executions int, e Estimate) float64 {
	if c.engine.Random || e.High == 0 || e.Mean == 0 {
		return 0
	}
	const most = 0.99 // it is not over, whatever the estimate says
	return min(float64(executions)*float64(max(c.engine.Shards, 1))/e.Mean, most)
}

func refused(k Kind, why string) Report {
	return Report{Failure: &Failure{Kind: k, Message: why}}
}

// saveEvery is how often a checkpoint is written while the exploration goes on.
var saveEvery = time.Minute

func (c *config) explore(f func(), w *watch) Report {
	if c.piece != nil {
		return c.explorePart(f, w)
	}
	r := Report{Outcomes: make(map[string]int), Exhaustive: !c.engine.Random}
	c.engine.Estimate = &r.Estimate
	c.engine.Forecast = c.progress != nil || c.maxExecutions > 0 || c.maxDuration > 0 || c.ctx != nil || c.checkpoint != ""
	if c.checkpoint != "" {
		session, err := c.readCheckpoint()
		if err != nil {
			return Report{Failure: fileFailure(err)}
		}
		c.engine.Keep = true
		if session != nil {
			c.engine.Resume = session.Left
			r.Executions, r.Blocked, r.Elapsed = session.Executions, session.Blocked, session.Elapsed
			r.Panicked = session.Panicked
			*c.engine.Seen = *fromPiece(session.Seen)
			for o, n := range session.Outcomes {
				r.Outcomes[o] = n
			}
		}
	}
	start := time.Now()
	last := start
	completed, blocked := 0, 0
	saved, pausing := start, false // when the checkpoint was written last; to write it again
	over := 0.0                    // how much is done
	done := func(some *engine.Runs) bool {
		completed += some.Complete
		blocked += some.Blocked
		r.Panicked += some.Panicked
		w.executions.Store(int64(r.Executions + completed))
		w.blocked.Store(int64(r.Blocked + blocked))
		for o, n := range some.Outcomes {
			r.Outcomes[o] += n
		}
		over = c.over(r.Executions+completed, r.Estimate)
		if c.progress != nil || c.maxDuration > 0 || c.ctx != nil || c.checkpoint != "" {
			if c.ctx != nil && c.ctx.Err() != nil {
				r.Exhaustive = false
				return false
			}
			now := time.Now()
			if c.progress != nil && now.Sub(last) >= 100*time.Millisecond {
				last = now
				c.progress(Progress{r.Executions + completed, r.Blocked + blocked, r.Elapsed + now.Sub(start), over, r.Estimate})
			}
			if c.maxDuration > 0 && now.Sub(start) > c.maxDuration {
				r.Exhaustive = false
				return false
			}
			if c.checkpoint != "" && now.Sub(saved) > saveEvery {
				pausing = true
				return false
			}
		}
		if c.maxExecutions > 0 && completed >= c.maxExecutions {
			r.Exhaustive = false
		}
		return true
	}
	c.engine.MaxExecutions = c.maxExecutions
	earlier := maps.Clone(r.Outcomes)
	stats, found := engine.ExploreProgram(f, c.engine, done)
	elapsed := r.Elapsed
	for {
		r.Executions += stats.Executions
		r.Blocked += stats.Blocked
		if stats.Outcomes != nil {
			for o, n := range earlier {
				stats.Outcomes[o] += n
			}
			r.Outcomes = stats.Outcomes
		}
		r.Elapsed = elapsed + time.Since(start)
		if !pausing || found != nil || stats.Left == nil {
			break
		}
		// Halfway, so that a crash loses little. Then it goes on from there.
		if err := c.writeCheckpoint(&r, stats.Left); err != nil {
			break // what is said below
		}
		if c.maxExecutions > 0 {
			if c.engine.MaxExecutions -= stats.Executions; c.engine.MaxExecutions <= 0 {
				break
			}
		}
		saved, pausing, completed, blocked = time.Now(), false, 0, 0
		c.engine.Resume = stats.Left
		earlier = maps.Clone(r.Outcomes)
		stats, found = engine.ExploreProgram(f, c.engine, done)
	}
	if found != nil {
		found = decided(found)
		r.Exhaustive, r.Panicked = false, 0
		r.Failure = &Failure{Kind: found.Kind, Message: found.Failure.Error(), Value: found.Cause, Replay: found.Replay, trace: found.Trace}
		if c.name != "" && found.Replay != "" {
			r.Failure.Replay = c.name + ":" + found.Replay
		}
		if found.Trace != nil && found.Replay != "" {
			found.Trace.Replay = "-model.replay=" + r.Failure.Replay
		}
	} else if c.checkpoint != "" {
		r.Exhaustive = stats.Left == nil
		if err := c.writeCheckpoint(&r, stats.Left); err != nil {
			r.Exhaustive = false
			r.Failure = fileFailure(err)
		}
	}
	if r.Exhaustive {
		r.Estimate = Estimate{}
	}
	return r
}
