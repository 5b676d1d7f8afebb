package thread

import (
	"context"
	"errors"
	"time"

	"github.com/fearless-go/fearless/internal/nilpanic"
	"github.com/fearless-go/fearless/internal/park"
	"github.com/fearless-go/fearless/internal/watch"
)

var (
	// ErrJoined is the error of a Join of a thread that was joined before,
	// or is being joined by somebody else.
	ErrJoined = errors.New("thread: already joined: keep the result of the first Join")

	// ErrGoexit is the error of a Join of a thread that ended by runtime.Goexit,
	// which testing's FailNow and SkipNow call.
	ErrGoexit = errors.New("thread: ended by runtime.Goexit without a result")

	// ErrTimeout is the error of a JoinTimeout whose time ran out. It is
	// lock.ErrTimeout as well.
	ErrTimeout = park.ErrTimeout
)

// A JoinHandle belongs to one spawned thread and waits for its result. Handles
// are made by Spawn, Go and SpawnWith. Whoever drops one detaches the thread,
// which then ends unobserved, except for the panic hook.
type JoinHandle[T any] struct {
	_       noCopy
	thread  Thread
	f       func() T
	plain   func()   // in place of f, for a thread without a result
	builder *Builder // nil for the zero one
	scope   *ScopeHandle

	value T
	err   error

	ending   ending
	taken    claim // by the Join that has, or is about to have, the result
	returned bool
}

// Join waits until the thread has ended and returns its result. The error is a
// *PanicError if the thread panicked, ErrGoexit if it called runtime.Goexit, and
// ErrJoined at the second Join.
func (h *JoinHandle[T]) Join() (T, error) { return h.join(park.Limit{}) }

// TryJoin is Join if the thread has ended; otherwise its error is ErrRunning.
func (h *JoinHandle[T]) TryJoin() (T, error) {
	if !h.IsFinished() {
		var none T
		return none, ErrRunning
	}
	return h.Join()
}

// ErrRunning is the error of a TryJoin of a thread that has not ended.
var ErrRunning = errors.New("thread: still running: use Join to wait for it")

// JoinTimeout is Join that waits for at most d. If the time runs out it returns
// ErrTimeout, and the thread can be joined later.
func (h *JoinHandle[T]) JoinTimeout(d time.Duration) (T, error) { return h.join(park.Timeout(d)) }

// JoinContext is Join that waits until ctx is done. It then returns ctx.Err(),
// and the thread can be joined later.
func (h *JoinHandle[T]) JoinContext(ctx context.Context) (T, error) {
	return h.join(park.Context(ctx))
}

// IsFinished reports whether the thread has ended, so that Join will not block.
func (h *JoinHandle[T]) IsFinished() bool { return h.ending.reached() }

// Thread returns the handle's thread, to unpark it or to ask its name.
func (h *JoinHandle[T]) Thread() *Thread { return &h.thread }

// Done returns a channel that is closed when the thread has ended, for use in
// a select. It does not join.
func (h *JoinHandle[T]) Done() <-chan struct{} { return h.ending.channel() }

func (h *JoinHandle[T]) join(l park.Limit) (result T, err error) {
	if !h.taken.take() {
		return result, ErrJoined
	}
	waiting := uint64(0)
	if watch.On() && !h.ending.reached() {
		waiting = watch.Begin(watch.Object{Kind: watch.Join, At: uintptr(h.thread.number.Load())}, watch.Alone, l.IsSet())
	}
	err = h.ending.wait(l)
	watch.End(waiting)
	if err != nil {
		h.taken.giveBack()
		return result, err
	}
	h.thread.joined()
	var none T
	result, h.value = h.value, none // a kept handle must not keep the result
	return result, h.err
}

func (h *JoinHandle[T]) start() error {
	if err := start(&h.thread, h); err != nil {
		return err
	}
	h.ending.belongs(&h.thread)
	if h.scope != nil && h.scope.set == nil {
		h.thread.scoped()
	}
	return nil
}

// run is the thread.
func (h *JoinHandle[T]) run() {
	defer h.end()
	enter(&h.thread)
	if h.scope != nil && watch.On() {
		watch.Took(h.scope.crew.object(), watch.Reader)
	}
	if h.builder != nil {
		h.builder.apply()
	}
	// What the function captured is garbage once it has returned.
	if plain := h.plain; plain != nil {
		h.plain = nil
		plain()
	} else {
		f := h.f
		h.f = nil
		h.value = f()
	}
	h.returned = true
}

// end is deferred by run, so that it sees how the function ended.
func (h *JoinHandle[T]) end() {
	if !h.returned {
		if value := recover(); value != nil || nilpanic.Enabled && nilpanic.Ended() {
			if abandoned(value) {
				return
			}
			h.panicked(value)
		} else {
			h.err = ErrGoexit
			if h.scope != nil {
				h.scope.failed(ErrGoexit, nil, &h.taken)
			}
		}
	}
	if h.thread.locals != nil {
		h.dropLocals()
		return
	}
	h.finish()
}

// dropLocals is finish of a thread that has values of Locals to drop first.
func (h *JoinHandle[T]) dropLocals() {
	l := h.thread.locals
	l.dropped = true
	if len(l.all) == 0 {
		h.finish()
		return
	}
	// Deferred, because a Drop method may call runtime.Goexit.
	defer func() {
		if value := recover(); value != nil {
			if abandoned(value) {
				return
			}
			panic(value)
		}
		h.dropLocals()
	}()
	last := l.all[len(l.all)-1]
	l.all = l.all[:len(l.all)-1]
	last.dropFor(&h.thread)
}

// finish is what is left to do when the function of the thread has ended.
func (h *JoinHandle[T]) finish() {
	scope := h.scope
	if scope != nil && watch.On() {
		watch.Released(scope.crew.object(), watch.Reader)
	}
	leave(&h.thread)
	if scope != nil && scope.set != nil {
		scope.set.ended(h) // before the announcement, which is the last in the model
		scope = nil
	}
	h.ending.announce()
	if scope != nil {
		scope.crew.ended()
	}
}

func (h *JoinHandle[T]) panicked(value any) {
	err := newPanicError(value, &h.thread)
	h.err = err
	reportPanic(err)
	crash := h.builder != nil && h.builder.Crash
	if h.scope != nil {
		crash = crash || h.scope.Crash
		h.scope.failed(err, err, &h.taken)
	}
	if crash {
		panic(value)
	}
}
