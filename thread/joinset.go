package thread

import (
	"context"
	"errors"
	"iter"
	"time"

	"github.com/fearless-go/fearless/internal/park"
	"github.com/fearless-go/fearless/internal/watch"
)

// A JoinSet starts threads and gives out their results as they come. The zero
// JoinSet is empty and ready. All methods may be called by several threads at
// once; a result is given to one of them. A JoinSet must not be copied after
// first use.
//
// Threads whose results nobody asks for run on, as those of a JoinHandle that is
// dropped. The end of a thread synchronizes before the return of the call that
// gives out its result. It is tokio's JoinSet; Rust's std has none.
type JoinSet[T any] struct {
	_     noCopy
	scope ScopeHandle // what its threads know of it
	lock  park.SpinLock
	// Guarded by lock:
	running int
	done    setList[T] // those whose results nobody has asked for
	waiting setList[T] // who waits for one
}

// A setList is a list of threads that have ended, or of goroutines that wait for one.
type setList[T any] struct{ first, last *setEntry[T] }

type setEntry[T any] struct {
	next   *setEntry[T]
	handle *JoinHandle[T] // of one who waits: nil until it is given one
	parker park.Parker
	queued bool
}

// ErrNoThreads is the error of a JoinNext of a JoinSet of which all threads were joined.
var ErrNoThreads = errors.New("thread: the JoinSet has no threads left to join")

// Spawn starts a thread of the set that runs f. It panics with a *LimitError if
// the limit of SetLimit is reached.
func (s *JoinSet[T]) Spawn(f func() T) *Thread {
	t, err := s.spawn(&JoinHandle[T]{f: f})
	if err != nil {
		panic(err)
	}
	return t
}

// SpawnWith is Spawn for a thread as b says, with the errors of the function SpawnWith.
func (s *JoinSet[T]) SpawnWith(b Builder, f func() T) (*Thread, error) {
	if err := b.check(); err != nil {
		return nil, err
	}
	h := &JoinHandle[T]{f: f, builder: &b}
	h.thread.name = b.Name
	return s.spawn(h)
}

func (s *JoinSet[T]) spawn(h *JoinHandle[T]) (*Thread, error) {
	s.lock.Lock()
	if s.scope.set == nil { // its threads read that without the lock
		s.scope.set = (*joinSet[T])(s)
	}
	s.running++
	s.lock.Unlock()
	h.scope = &s.scope
	if err := h.start(); err != nil {
		s.count(nil)
		return nil, err
	}
	return &h.thread, nil
}

// Len returns how many threads of the set were not joined yet.
func (s *JoinSet[T]) Len() int {
	s.lock.Lock()
	defer s.lock.Unlock()
	n := s.running
	for e := s.done.first; e != nil; e = e.next {
		n++
	}
	return n
}

// JoinNext waits until a thread of the set has ended that was not joined, and
// returns what its Join would. The error is ErrNoThreads if all were joined.
func (s *JoinSet[T]) JoinNext() (T, error) { return s.joinNext(park.Limit{}) }

// TryJoinNext is JoinNext if a thread has ended; otherwise its error is ErrRunning.
func (s *JoinSet[T]) TryJoinNext() (T, error) {
	v, err := s.joinNext(park.Timeout(0))
	if err == ErrTimeout {
		err = ErrRunning
	}
	return v, err
}

// JoinNextTimeout is JoinNext that waits for at most d; then the error is ErrTimeout.
func (s *JoinSet[T]) JoinNextTimeout(d time.Duration) (T, error) {
	return s.joinNext(park.Timeout(d))
}

// JoinNextContext is JoinNext that waits until ctx is done; then the error is ctx.Err().
func (s *JoinSet[T]) JoinNextContext(ctx context.Context) (T, error) {
	return s.joinNext(park.Context(ctx))
}

// Results returns an iterator over the results of all threads, as they come,
// which ends when all were joined. The loop may start more.
func (s *JoinSet[T]) Results() iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for {
			h, err := s.next(park.Limit{})
			if err != nil || !yield(h.Join()) {
				return
			}
		}
	}
}

func (s *JoinSet[T]) joinNext(l park.Limit) (T, error) {
	h, err := s.next(l)
	if err != nil {
		var none T
		return none, err
	}
	return h.Join() // all that is left of the thread is to announce its end
}

// next returns a thread that has ended, or ErrNoThreads, or l's error.
func (s *JoinSet[T]) next(l park.Limit) (*JoinHandle[T], error) {
	w := new(setEntry[T])
	s.lock.Lock()
	e := s.done.pop()
	if e == nil && s.running > 0 {
		if err := l.Reached(); err != nil {
			s.lock.Unlock()
			return nil, err
		}
		s.waiting.push(w)
	}
	none := e == nil && !w.queued
	s.lock.Unlock()
	switch {
	case none:
		return nil, ErrNoThreads
	case e != nil:
		return e.handle, nil
	}
	defer watch.End(watch.Begin(s.scope.crew.object(), watch.Any, l.IsSet()))
	w.parker.Arm(l)
	reason := park.ForEnd.Now()
	if !w.parker.WaitFor(reason) {
		s.lock.Lock()
		waited := w.queued
		if waited {
			s.waiting.remove(w)
		}
		s.lock.Unlock()
		if waited {
			w.parker.Disarm()
			return nil, l.Err()
		}
		w.parker.WaitFor(reason) // it was given something, whose token may still be on the way
	}
	w.parker.Disarm()
	if w.handle == nil {
		return nil, ErrNoThreads
	}
	return w.handle, nil
}

// A joinSet is a JoinSet as its threads see it.
type joinSet[T any] JoinSet[T]

func (s *joinSet[T]) ended(h any) { (*JoinSet[T])(s).count(h.(*JoinHandle[T])) }

// count counts a thread that has ended, or that did not start if h is nil.
func (s *JoinSet[T]) count(h *JoinHandle[T]) {
	ended := &setEntry[T]{handle: h}
	var woken *setEntry[T] // a list of those whose wait this ends
	s.lock.Lock()
	s.running--
	if h != nil {
		if w := s.waiting.pop(); w != nil {
			w.handle, woken = h, w
		} else {
			s.done.push(ended)
		}
	}
	if s.running == 0 {
		for w := s.waiting.pop(); w != nil; w = s.waiting.pop() {
			w.next, woken = woken, w
		}
	}
	s.lock.Unlock()
	for w := woken; w != nil; {
		next := w.next // w is gone with its token
		w.parker.Unpark()
		w = next
	}
}

func (l *setList[T]) push(e *setEntry[T]) {
	e.queued = true
	if l.last == nil {
		l.first = e
	} else {
		l.last.next = e
	}
	l.last = e
}

func (l *setList[T]) pop() *setEntry[T] {
	e := l.first
	if e != nil {
		l.remove(e)
	}
	return e
}

func (l *setList[T]) remove(e *setEntry[T]) {
	var before *setEntry[T]
	for p := l.first; p != e; p = p.next {
		before = p
	}
	if before == nil {
		l.first = e.next
	} else {
		before.next = e.next
	}
	if l.last == e {
		l.last = before
	}
	e.next, e.queued = nil, false
}
