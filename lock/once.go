package lock

import (
	"context"
	"time"
	"unsafe"

	"github.com/fearless-go/fearless/internal/park"
	"github.com/fearless-go/fearless/internal/watch"
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

// A OnceState tells the function of DoForceState what came before it.
type OnceState struct{ poisoned bool }

// IsPoisoned reports whether the function before this one panicked. It is Rust's
// OnceState::is_poisoned.
func (s OnceState) IsPoisoned() bool { return s.poisoned }

// DoForceState is DoForce for a function that is told whether another has
// panicked before it, and may have to mend what that left. It is Rust's call_once_force.
func (o *Once) DoForceState(f func(s OnceState)) {
	if o.core.isComplete() {
		return
	}
	_ = o.core.run("Once", true, oncePoisoned, func(poisoned bool) error { // it has no error but f's, which is nil
		f(OnceState{poisoned})
		return nil
	})
}

// It is not inlined so that its callers can be.
//
//go:noinline
func (o *Once) do(f func(), force bool) {
	_ = o.core.run("Once", force, oncePoisoned, func(bool) error { // it has no error but f's, which is nil
		f()
		return nil
	})
}

// IsCompleted reports whether a function has been run and has returned.
func (o *Once) IsCompleted() bool { return o.core.isComplete() }

// IsPoisoned reports whether the last function panicked.
func (o *Once) IsPoisoned() bool { return o.core.isPoisoned() }

// Wait waits until a function has been run and has returned; it runs none itself.
func (o *Once) Wait() { _ = o.core.wait("Once", false, park.Limit{}) } // without a limit it cannot fail

// TryWait is IsCompleted as an error: nil or ErrWouldBlock.
func (o *Once) TryWait() error {
	if !o.IsCompleted() {
		return ErrWouldBlock
	}
	return nil
}

// WaitTimeout is Wait for at most d; then it returns ErrTimeout.
func (o *Once) WaitTimeout(d time.Duration) error { return o.core.wait("Once", false, park.Timeout(d)) }

// WaitContext is Wait until ctx is done; then it returns ctx.Err().
func (o *Once) WaitContext(ctx context.Context) error {
	return o.core.wait("Once", false, park.Context(ctx))
}

// WaitForce is Wait that a poisoned Once keeps waiting, for a DoForce that
// mends it. It is Rust's wait_force.
func (o *Once) WaitForce() { _ = o.core.wait("Once", true, park.Limit{}) } // without a limit it cannot fail

// WaitForceTimeout is WaitForce for at most d; then it returns ErrTimeout.
func (o *Once) WaitForceTimeout(d time.Duration) error {
	return o.core.wait("Once", true, park.Timeout(d))
}

// WaitForceContext is WaitForce until ctx is done; then it returns ctx.Err().
func (o *Once) WaitForceContext(ctx context.Context) error {
	return o.core.wait("Once", true, park.Context(ctx))
}

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
func (c *onceCore) run(typ string, force bool, afterPanic uint32, f func(poisoned bool) error) error {
	// Taken before the lock: a thread's first Current allocates.
	me := thread.Current()
	for {
		c.queue.Lock()
		switch state := c.state.Load(word.Relaxed); state {
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
			return c.runHere(afterPanic, state == oncePoisoned, f)
		}
		if c.runner == me {
			c.queue.Unlock()
			panic(&ReentrantError{typ})
		}
		w := newWaiter(park.Limit{})
		c.awaitChange(w, false)
		w.free()
	}
}

func (c *onceCore) object() watch.Object {
	return watch.Object{Kind: watch.Once, At: uintptr(unsafe.Pointer(c))}
}

// runHere runs f in the state onceRunning.
func (c *onceCore) runHere(afterPanic uint32, poisoned bool, f func(bool) error) error {
	next := afterPanic
	watched := watch.On()
	if watched {
		watch.Took(c.object(), watch.Alone)
	}
	defer func() {
		if watched {
			watch.Released(c.object(), watch.Alone)
		}
		c.queue.Lock()
		c.runner = nil
		c.state.Store(next, word.Release)
		list := c.queue.takeAll()
		c.queue.Unlock()
		wakeAll(list)
	}()
	err := f(poisoned)
	next = onceComplete
	if err != nil {
		next = onceIncomplete
	}
	return err
}

// wait returns nil when the state is complete, or l's error. It panics if that is
// poisoned, unless force is set.
func (c *onceCore) wait(typ string, force bool, l park.Limit) error {
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
		switch state := c.state.Load(word.Relaxed); {
		case state == onceComplete:
			c.queue.Unlock()
			return nil
		case state == oncePoisoned && !force:
			c.queue.Unlock()
			panic(&PoisonError{typ})
		}
		if !c.awaitChange(w, l.IsSet()) {
			return l.Err()
		}
	}
}

// awaitChange waits until a run ends, and reports whether one did before w's
// limit. It is called with the queue locked, and unlocks it.
func (c *onceCore) awaitChange(w *waiter, limited bool) bool {
	c.queue.pushBack(w)
	c.queue.Unlock()
	defer watch.End(watch.Begin(c.object(), watch.Alone, limited))
	if c.queue.await(w) {
		return true
	}
	c.queue.Unlock()
	return false
}
