package lock

import (
	"context"
	"time"
	"unsafe"

	"github.com/fearless-go/fearless/internal/park"
	"github.com/fearless-go/fearless/internal/watch"
	"github.com/fearless-go/fearless/internal/word"
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
// A Do or a Wait inside the function of a Do panics with a [*ReentrantError], where
// sync.Once waits for itself forever; a Wait with a limit returns at its limit.
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

// onceRuns are the runs of a onceCore until one is complete, and who waits for them.
// All is guarded by the queue's lock.
type onceRuns struct {
	queue  queue
	state  onceState
	runner runner // who runs the function, if anyone
}

// onceDone stands for any runs that are complete. Nobody looks into it.
var onceDone onceRuns

type onceState uint8

const (
	onceIncomplete onceState = iota
	onceRunning
	onceComplete
	oncePoisoned
)

// locked returns the runs, locked, or nil if they are complete.
func (c *onceCore) locked() *onceRuns {
	r := c.runs()
	if r == nil {
		return nil
	}
	r.queue.Lock()
	if r.state == onceComplete {
		r.queue.Unlock()
		return nil
	}
	return r
}

// stateNow returns the state of this instant.
func (c *onceCore) stateNow() onceState {
	if c.isFresh() {
		return onceIncomplete
	}
	r := c.locked()
	if r == nil {
		return onceComplete
	}
	defer r.queue.Unlock()
	return r.state
}

func (c *onceCore) isPoisoned() bool { return c.stateNow() == oncePoisoned }

// run runs f unless it, or another, has returned nil before; it waits for
// another that is running. It returns f's error. After a panic the state is
// afterPanic.
func (c *onceCore) run(typ string, force bool, afterPanic onceState, f func(poisoned bool) error) error {
	me := currentRunner()
	for {
		r := c.locked()
		if r == nil {
			return nil
		}
		switch state := r.state; state {
		case oncePoisoned:
			if !force {
				r.queue.Unlock()
				panic(&PoisonError{typ})
			}
			fallthrough
		case onceIncomplete:
			r.state = onceRunning
			r.runner = me
			r.queue.Unlock()
			return c.runHere(r, afterPanic, state == oncePoisoned, f)
		}
		if r.runner == me {
			r.queue.Unlock()
			panic(&ReentrantError{typ})
		}
		w := newWaiter(park.Limit{})
		c.awaitChange(r, w, false)
		w.free()
	}
}

func (c *onceCore) object() watch.Object {
	return watch.Object{Kind: watch.Once, At: uintptr(unsafe.Pointer(c))}
}

// runHere runs f in the state onceRunning.
func (c *onceCore) runHere(r *onceRuns, afterPanic onceState, poisoned bool, f func(bool) error) error {
	next := afterPanic
	watched := watch.On()
	if watched {
		watch.Took(c.object(), watch.Alone)
	}
	defer func() {
		if watched {
			watch.Released(c.object(), watch.Alone)
		}
		r.queue.Lock()
		var nobody runner
		r.runner = nobody
		r.state = next
		if next == onceComplete {
			c.done.Store(&onceDone, word.Release)
		}
		list := r.queue.takeAll()
		r.queue.Unlock()
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
	me := currentRunner()
	for {
		r := c.locked()
		switch {
		case r == nil:
			return nil
		case r.state == oncePoisoned && !force:
			r.queue.Unlock()
			panic(&PoisonError{typ})
		case !l.IsSet() && r.runner == me:
			r.queue.Unlock()
			panic(&ReentrantError{typ})
		}
		if !c.awaitChange(r, w, l.IsSet()) {
			return l.Err()
		}
	}
}

// awaitChange waits until a run ends, and reports whether one did before w's
// limit. It is called with the queue locked, and unlocks it.
func (c *onceCore) awaitChange(r *onceRuns, w *waiter, limited bool) bool {
	r.queue.pushBack(w)
	r.queue.Unlock()
	defer watch.End(watch.Begin(c.object(), watch.Alone, limited))
	if r.queue.await(w) {
		return true
	}
	r.queue.Unlock()
	return false
}
