package model

import (
	"fmt"
	"maps"
	"sync"
	"sync/atomic"
	"time"

	"github.com/fearless-go/fearless/internal/engine"
)

// A watch is how far an exploration has come, for the goroutine that watches it:
// a program that blocks on a channel, or calculates for ever, blocks the engine
// with it, and nothing else could say so.
type watch struct {
	executions, blocked atomic.Int64
}

// leftBehind is the goroutines of explorations that were given up: nothing can
// end them.
var leftBehind goroutines

type goroutines struct {
	mu sync.Mutex
	m  map[uint64]bool
}

func (g *goroutines) list() map[uint64]bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return maps.Clone(g.m)
}

func (g *goroutines) add(id uint64) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.m == nil {
		g.m = make(map[uint64]bool)
	}
	g.m[id] = true
}

// How often the watch looks at an exploration that tells of no progress, and how
// often in a row it has to find a thread outside of the engine, blocked or at
// work, to give it up. Tests look more often.
var (
	lookEvery    = time.Second
	looksBlocked = 3
	looksAtWork  = 30
)

// watched explores f and gives it up if it does not come back.
func (c *config) watched(f func()) Report {
	defer letGarbageBe()()
	var w watch
	result := make(chan Report, 1)
	start := time.Now()
	go func() { result <- c.explore(f, &w) }()
	look := time.NewTicker(lookEvery)
	defer look.Stop()
	seen, looks := int64(-1), 0
	for {
		select {
		case r := <-result:
			return r
		case <-look.C:
		}
		if n := w.executions.Load() + w.blocked.Load(); n != seen {
			seen, looks = n, 0
			continue
		}
		goroutine, where, blocked := engine.Outside(leftBehind.list())
		if looks++; where == "" {
			looks = 0
		}
		why := ""
		switch {
		case looks >= looksBlocked && blocked:
			why = fmt.Sprintf("a thread blocks on something that the model does not know: %s; use packages thread, lock and atomic, not channels, package sync or time", where)
		case looks >= looksAtWork:
			why = fmt.Sprintf("a thread does not come to its end, nor to an operation that the model knows: %s", where)
		default:
			continue
		}
		leftBehind.add(goroutine)
		return Report{
			Executions: int(w.executions.Load()), Blocked: int(w.blocked.Load()), Elapsed: time.Since(start),
			Failure: &Failure{Kind: Unsupported, Message: engine.Unsupported.String() + ": " + why},
		}
	}
}
