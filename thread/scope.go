package thread

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"

	"github.com/fearless-go/fearless/internal/word"
)

// A ScopeHandle starts the threads of one Scope. It may be used by the scope's
// function and its threads, until the scope ends.
type ScopeHandle struct {
	_ noCopy

	// Crash lets a panic of a thread of this scope end the process at once,
	// as Builder.Crash does. Set it before the first thread is started.
	Crash bool

	crew     crew
	failures word.Pointer[scopeFailure]
	cancel   context.CancelCauseFunc
	set      interface{ ended(handle any) } // of the threads of a JoinSet
}

// A scopeFailure is the end of one thread that did not return, in a list.
type scopeFailure struct {
	panicked *PanicError // nil if it called runtime.Goexit
	taken    *claim      // whether a Join returned it
	next     *scopeFailure
}

// Scope calls f and returns when f and every thread started through its
// argument have ended, also when f panics or calls runtime.Goexit. If a thread
// panicked and was not joined, Scope then panics with a *ScopePanicError. If one
// called runtime.Goexit, as testing's FailNow does, and was not joined, Scope
// calls it too: what comes after Scope relies on the threads' work. A panic or a
// Goexit of f itself goes on instead.
//
// A thread that has ended is not remembered, so a scope may start any number
// of them. The end of every thread synchronizes before the return of Scope.
func Scope(f func(s *ScopeHandle)) {
	s := new(ScopeHandle)
	s.run(func() { f(s) })
}

// ScopeContext is Scope with a context for f and its threads, which is canceled
// as soon as a thread or f panics or calls runtime.Goexit, with that as its
// cause, and when the scope ends.
func ScopeContext(ctx context.Context, f func(ctx context.Context, s *ScopeHandle)) {
	s := new(ScopeHandle)
	ctx, s.cancel = context.WithCancelCause(ctx)
	defer s.cancel(nil)
	s.run(func() {
		returned := false
		defer func() {
			if !returned {
				s.cancel(errScopeFunction)
			}
		}()
		f(ctx, s)
		returned = true
	})
}

// errScopeFunction is why the context of a scope is canceled whose own
// function did not return.
var errScopeFunction = errors.New("thread: the scope's function panicked or called runtime.Goexit")

func (s *ScopeHandle) run(f func()) {
	func() {
		// Not recovered: a panic waits here for the threads and goes on.
		defer s.crew.wait()
		f()
	}()
	var unjoined []*PanicError
	exited := false
	// Relaxed is enough: the end of each thread came before the return of wait.
	for p := s.failures.Load(word.Relaxed); p != nil; p = p.next {
		switch {
		case p.taken.isTaken():
		case p.panicked != nil:
			unjoined = append(unjoined, p.panicked)
		default:
			exited = true
		}
	}
	if unjoined != nil {
		panic(&ScopePanicError{unjoined})
	}
	if exited {
		runtime.Goexit()
	}
}

// failed notes that a thread ended with err, which is panicked or else ErrGoexit.
func (s *ScopeHandle) failed(err error, panicked *PanicError, taken *claim) {
	if s.set != nil {
		return // its owner learns of it by JoinNext
	}
	p := &scopeFailure{panicked: panicked, taken: taken}
	p.next = s.failures.Load(word.Relaxed)
	for {
		found, ok := s.failures.CompareExchange(p.next, p, word.Relaxed, word.Relaxed)
		if ok {
			break
		}
		p.next = found
	}
	if s.cancel != nil {
		s.cancel(err)
	}
}

// Go starts a thread of the scope that runs f. It panics with a
// *ScopeEndedError if the scope has ended, and with a *LimitError if the limit
// of SetLimit is reached.
func (s *ScopeHandle) Go(f func()) *ScopedJoinHandle[Void] {
	h := &ScopedJoinHandle[Void]{JoinHandle[Void]{plain: f, scope: s}}
	if err := h.startScoped(); err != nil {
		panic(err)
	}
	return h
}

// A ScopedJoinHandle is the JoinHandle of a thread of a scope. Joining it is
// optional: the scope waits for the thread in any case. A panic that Join
// returned does not make the scope panic.
type ScopedJoinHandle[T any] struct{ JoinHandle[T] }

// SpawnScoped starts a thread of the scope s that runs f and returns a value.
// It panics as ScopeHandle.Go does.
func SpawnScoped[T any](s *ScopeHandle, f func() T) *ScopedJoinHandle[T] {
	h, err := spawnScoped(s, nil, f)
	if err != nil {
		panic(err)
	}
	return h
}

// SpawnScopedWith is SpawnScoped for a thread as b says, with the errors of SpawnWith.
func SpawnScopedWith[T any](b Builder, s *ScopeHandle, f func() T) (*ScopedJoinHandle[T], error) {
	if err := b.check(); err != nil {
		return nil, err
	}
	return spawnScoped(s, &b, f)
}

func spawnScoped[T any](s *ScopeHandle, b *Builder, f func() T) (*ScopedJoinHandle[T], error) {
	h := &ScopedJoinHandle[T]{JoinHandle[T]{f: f, builder: b, scope: s}}
	if b != nil {
		h.thread.name = b.Name
	}
	if err := h.startScoped(); err != nil {
		return nil, err
	}
	return h, nil
}

func (h *ScopedJoinHandle[T]) startScoped() error {
	if !h.scope.crew.begin(&h.ending) {
		panic(&ScopeEndedError{})
	}
	err := h.start()
	if err != nil {
		h.scope.crew.cancel(&h.ending)
	}
	return err
}

// A ScopePanicError is the value with which Scope panics when threads
// panicked that nobody joined.
type ScopePanicError struct {
	Panics []*PanicError // the last one first
}

// Error lists the panics.
func (e *ScopePanicError) Error() string {
	var all []string
	for _, p := range e.Panics {
		all = append(all, p.Error())
	}
	return fmt.Sprintf("thread: a scoped thread panicked and was not joined: %s", strings.Join(all, "; "))
}

// Unwrap returns the panics.
func (e *ScopePanicError) Unwrap() []error {
	var all []error
	for _, p := range e.Panics {
		all = append(all, p)
	}
	return all
}

// A ScopeEndedError is the value of the panic of a spawn in a scope that has ended.
type ScopeEndedError struct{}

// Error says how to mend it.
func (*ScopeEndedError) Error() string {
	return "thread: spawn in a scope that has ended: keep the ScopeHandle inside the function given to Scope"
}
