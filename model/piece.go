package model

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"sync"
	"testing"
	"time"

	"github.com/fearless-go/fearless/internal/engine"
	"github.com/fearless-go/fearless/internal/pieces"
)

// piece.go is how several processes share an exploration. "fearless cluster" runs
// the test binary with a job, in three ways:
//
//   - each check explores for a moment, and tells what is left ("cut");
//   - one check explores what another process has left, until it is told to stop,
//     and tells what is left then ("piece");
//   - each check reports what all the others have found ("whole"), as if it had
//     explored everything itself. One of which nothing is known explores.
//
// Each way is told in a file of a folder, one for each check.

// base is where this binary lies in this process: places go to others as distances from it.
var base = int64(reflect.ValueOf(refused).Pointer())

func toPiece(s *engine.Seen) pieces.Seen {
	p := pieces.Seen{Threads: s.Threads, Shared: s.Shared, MoreWaits: s.MoreWaits, Several: s.Several, Frees: s.Frees, Cuts: s.Cuts,
		Raw: moved[uintptr, int64](s.Raw, -base)}
	for _, w := range s.Waits {
		var callers [][]int64
		for _, pcs := range w {
			callers = append(callers, moved[uintptr, int64](pcs, -base))
		}
		p.Waits = append(p.Waits, callers)
	}
	return p
}

func fromPiece(p pieces.Seen) *engine.Seen {
	s := &engine.Seen{Threads: p.Threads, Shared: p.Shared, MoreWaits: p.MoreWaits, Several: p.Several, Frees: p.Frees, Cuts: p.Cuts,
		Raw: moved[int64, uintptr](p.Raw, base)}
	for _, w := range p.Waits {
		var callers [][]uintptr
		for _, pcs := range w {
			callers = append(callers, moved[int64, uintptr](pcs, base))
		}
		s.Waits = append(s.Waits, callers)
	}
	return s
}

func moved[From, To int64 | uintptr](list []From, by int64) []To {
	var out []To
	for _, v := range list {
		out = append(out, To(int64(v)+by))
	}
	return out
}

// job is the job of this process.
var job = sync.OnceValues(func() (*pieces.Job, error) {
	data, err := os.ReadFile(*flagPiece)
	if err != nil {
		return nil, fmt.Errorf("model: the job of -model.piece: %w", err)
	}
	var j pieces.Job
	if err := json.Unmarshal(data, &j); err != nil {
		return nil, fmt.Errorf("model: the job %s: %w", *flagPiece, err)
	}
	switch j.Mode {
	case pieces.Cut, pieces.One, pieces.Whole:
		return &j, nil
	}
	return nil, fmt.Errorf("model: the job %s: mode %q is unknown: the fearless that wrote it is of another version", *flagPiece, j.Mode)
})

// stopped ends when the process is told to stop.
var stopped = sync.OnceValue(func() context.Context {
	ctx, stop := context.WithCancel(context.Background())
	go func() {
		if j, err := job(); err == nil {
			awaitFile(filepath.Join(j.Dir, "stop"), stop)
		}
	}()
	return ctx
})

// explorePiece explores a part of the check, as the job says. It reports false if
// the check is to report as always.
func explorePiece(t testing.TB, key string, f func(), opts []Option) bool {
	t.Helper()
	j, err := job()
	if err != nil {
		t.Error(err)
		return true
	}
	if j.Mode == pieces.Whole {
		return false
	}
	if j.Mode == pieces.One && j.Check != key {
		return true
	}
	c, wrong := configure(f, opts)
	if wrong != nil || c.sequential() {
		return true // its report says so
	}
	r := pieces.Result{Check: key}
	var seen engine.Seen
	c.piece = &r
	c.engine.Seen, c.engine.Resume, c.engine.Keep, c.engine.Parts, c.engine.Parallel = &seen, j.Left, true, true, 1
	ctx := stopped()
	if j.Mode == pieces.Cut {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, j.For)
		defer cancel()
	}
	c.ctx = ctx
	whole := c.watched(f)
	if whole.Failure != nil && (r.Failure == nil || r.Failure.Replay == "") {
		return true // it was given up, or cannot be repeated: who explores it in whole says so
	}
	r.Seen = toPiece(&seen)
	if err := writeJSON(j.File(key), &r); err != nil {
		t.Error(err)
	}
	return true
}

// sequential reports whether the exploration cannot be shared: it is a sample, or
// ends after a number of executions or a time that the test asks for.
func (c *config) sequential() bool {
	return c.engine.Random || c.engine.Replay != "" || c.engine.Shards > 1 || c.maxExecutions > 0 || c.maxDuration > 0 ||
		c.ctx != nil && c.ctx != interrupted()
}

// explorePart is explore for a part of an exploration.
func (c *config) explorePart(f func(), w *watch) Report {
	start := time.Now()
	stats, found := engine.ExploreProgram(f, c.engine, func(some *engine.Runs) bool {
		w.executions.Add(int64(some.Complete))
		w.blocked.Add(int64(some.Blocked))
		return c.ctx.Err() == nil
	})
	p := c.piece
	p.Elapsed, p.Left, p.Parts, p.Loops = time.Since(start), stats.Left, stats.Parts, stats.Loops
	if found == nil {
		return Report{}
	}
	p.Left = nil
	found = decided(found)
	p.Failure = &pieces.Failure{At: found.At(), Kind: found.Kind, Message: found.Failure.Error(), Replay: found.Replay}
	return Report{Failure: &Failure{Kind: found.Kind, Message: found.Failure.Error()}}
}

// exploreShared is Explore for a check that others may have explored.
func exploreShared(t testing.TB, key string, f func(), opts []Option) Report {
	t.Helper()
	if *flagPiece == "" {
		return Explore(f, opts...)
	}
	j, err := job()
	if err != nil {
		return refused(BadOption, err.Error())
	}
	var p pieces.Result
	data, err := os.ReadFile(j.File(key))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return Explore(f, opts...)
	case err == nil:
		err = json.Unmarshal(data, &p)
	}
	if err != nil || p.Check != key {
		return refused(BadOption, fmt.Sprintf("model: what others found of %s cannot be read: %v; start the run again", key, err))
	}
	r := reportOf(&p)
	if p.Failure == nil {
		if p.Lost > 0 {
			t.Logf("model: %d pieces of the exploration were given up: what is in them is not known", p.Lost)
		}
		seen := fromPiece(p.Seen)
		return Explore(f, append(opts, func(c *config) { c.result, c.seen = r, seen })...)
	}
	if p.Loops {
		// What an engine has learned of busy loops decides in which order executions
		// come, so which is the first to fail only one engine can say.
		return Explore(f, opts...)
	}
	// The execution is run again, for its trace.
	again := Explore(f, append(opts, Replay(p.Failure.Replay))...)
	if again.Failure == nil || again.Failure.Kind != p.Failure.Kind {
		return Explore(f, opts...) // it does not repeat here: look for what does
	}
	again.Executions, again.Blocked, again.Outcomes, again.Elapsed = r.Executions, r.Blocked, r.Outcomes, r.Elapsed
	return again
}

// reportOf is what the parts come to.
func reportOf(p *pieces.Result) *Report {
	all := p.Sum()
	return &Report{Executions: all.Executions, Blocked: all.Blocked, Panicked: all.Panicked, Outcomes: all.Outcomes, Elapsed: p.Elapsed,
		Exhaustive: p.Failure == nil && p.Left == nil && p.Lost == 0}
}

func writeJSON(name string, v any) error {
	data, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return os.WriteFile(name, data, 0o666)
}
