package lock

import (
	"context"
	"time"

	"github.com/fearless-go/fearless/internal/park"
	"github.com/fearless-go/fearless/internal/word"
	"github.com/fearless-go/fearless/thread"
)

// A Once runs one initialization, once. The zero Once has not run any. A Once
// must not be copied after first use.
//
// In the terminology of the Go memory model, the return of the function that
// initialized synchronizes before the return of every Do, DoForce and Wait, and
// before an IsCompleted that reports true.
//
// If the function panics or calls runtime.Goexit, the Once is poisoned: Do and
// Wait then panic with a [*PoisonError], and DoForce runs its function again.
// A Do inside the function of a Do panics with a [*ReentrantError], where
// sync.Once waits for itself forever.
type Once struct {
	_    noCopy
	core onceCore
}

// Do runs f if nothing has been run yet, and otherwise waits until that has returned.
func (o *Once) Do(f func()) {
	if !o.core.isComplete() {
		o.do(f, false)
	}
}

// DoForce is Do that also runs f if the Once is poisoned.
func (o *Once) DoForce(f func()) {
	if !o.core.isComplete() {
		o.do(f, true)
	}
}

// It is not inlined so that its callers can be.
//
//go:noinline
func (o *Once) do(f func(), force bool) {
	_ = o.core.run("Once", force, oncePoisoned, func() error { // it has no error but f's, which is nil
		f()
		return nil
	})
}

// IsCompleted reports whether a function has been run and has returned.
func (o *Once) IsCompleted() bool { return o.core.isComplete() }

// IsPoisoned reports whether the last function panicked.
func (o *Once) IsPoisoned() bool { return o.core.isPoisoned() }

// Wait waits until a function has been run and has returned; it runs none itself.
func (o *Once) Wait() { _ = o.core.wait(park.Limit{}) } // without a limit it cannot fail

// TryWait is IsCompleted as an error: nil or ErrWouldBlock.
func (o *Once) TryWait() error {
	if !o.IsCompleted() {
		return ErrWouldBlock
	}
	return nil
}

// WaitTimeout is Wait for at most d; then it returns ErrTimeout.
func (o *Once) WaitTimeout(d time.Duration) error { return o.core.wait(park.Timeout(d)) }

// WaitContext is Wait until ctx is done; then it returns ctx.Err().
func (o *Once) WaitContext(ctx context.Context) error { return o.core.wait(park.Context(ctx)) }

// onceCore is what Once, OnceLock and LazyLock have in common.
type onceCore struct {
	state  word.Uint32
	queue  queue
	runner *thread.Thread // who runs the function; guarded by the queue's lock
}

const (
	onceIncomplete uint32 = iota
	onceRunning
	onceComplete
	oncePoisoned
)

func (c *onceCore) isComplete() bool { return c.state.Load(word.Acquire) == onceComplete }

func (c *onceCore) isPoisoned() bool { return c.state.Load(word.Acquire) == oncePoisoned }

// run runs f unless it, or another, has returned nil before; it waits for
// another that is running. It returns f's error. After a panic the state is
// afterPanic.
func (c *onceCore) run(typ string, force bool, afterPanic uint32, f func() error) error {
	// Taken before the lock: a thread's first Current allocates.
	me := thread.Current()
	for {
		c.queue.Lock()
		switch c.state.Load(word.Relaxed) {
		case onceComplete:
			c.queue.Unlock()
			return nil
		case oncePoisoned:
			if !force {
				c.queue.Unlock()
				panic(&PoisonError{typ})
			}
			fallthrough
		case onceIncomplete:
			c.state.Store(onceRunning, word.Relaxed)
			c.runner = me
			c.queue.Unlock()
			return c.runHere(afterPanic, f)
		}
		if c.runner == me {
			c.queue.Unlock()
			panic(&ReentrantError{typ})
		}
		w := newWaiter(park.Limit{})
		c.awaitChange(w)
		w.free()
	}
}

// runHere runs f in the state onceRunning.
func (c *onceCore) runHere(afterPanic uint32, f func() error) error {
	next := afterPanic
	defer func() {
		c.queue.Lock()
		c.runner = nil
		c.state.Store(next, word.Release)
		list := c.queue.takeAll()
		c.queue.Unlock()
		wakeAll(list)
	}()
	err := f()
	next = onceComplete
	if err != nil {
		next = onceIncomplete
	}
	return err
}

// wait returns nil when the state is complete, or l's error.
func (c *onceCore) wait(l park.Limit) error {
	if c.isComplete() {
		return nil
	}
	if err := l.Reached(); err != nil {
		return err
	}
	w := newWaiter(l)
	defer w.free()
	for {
		c.queue.Lock()
		switch c.state.Load(word.Relaxed) {
		case onceComplete:
			c.queue.Unlock()
			return nil
		case oncePoisoned:
			c.queue.Unlock()
			panic(&PoisonError{"Once"})
		}
		if !c.awaitChange(w) {
			return l.Err()
		}
	}
}

// awaitChange waits until a run ends, and reports whether one did before w's
// limit. It is called with the queue locked, and unlocks it.
func (c *onceCore) awaitChange(w *waiter) bool {
	c.queue.pushBack(w)
	c.queue.Unlock()
	if c.queue.await(w) {
		return true
	}
	c.queue.Unlock()
	return false
}
