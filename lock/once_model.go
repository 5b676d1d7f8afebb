//go:build fearless_model

package lock

import (
	"github.com/fearless-go/fearless/internal/word"
	"github.com/fearless-go/fearless/thread"
)

// onceCore is what Once, OnceLock and LazyLock have in common. In the model the runs
// stand in it, and done is nil or &onceDone. Nothing is lost by that, as with
// inflated: a thread gets the runs only by Acquire from the one compare-exchange
// that set them, and from then on until they are complete all get the same.
type onceCore struct {
	done word.Pointer[onceRuns]
	own  onceRuns
}

// A runner is who runs the function of a Once. In the model a thread begins again on
// other goroutines, so their numbers say nothing.
type runner *thread.Thread

func currentRunner() runner { return thread.Current() }

func (c *onceCore) isComplete() bool { return c.done.Load(word.Acquire) == &onceDone }

func (c *onceCore) runs() *onceRuns { return &c.own }

func (c *onceCore) isFresh() bool { return false }

func (c *onceCore) setComplete() {
	c.own.state = onceComplete
	c.done.Init(&onceDone)
}

func (c *onceCore) clear() {
	c.own.state = onceIncomplete
	c.done.Store(nil, word.Release)
}
