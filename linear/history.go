package linear

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/fearless-go/fearless/internal/engine"
)

var flagHTML = flag.String("linear.html", "", "draw a history that is not linearizable as a page in `folder`")

// A History is the operations on one object, made by Do. Several goroutines may
// use it.
type History[O, R any] struct {
	log *log
}

// A log is a History without its types.
type log struct {
	t      testing.TB
	rules  *rules
	thread *engine.Thread // of a model: one of the execution; else nil
	serial uint64         // of the execution

	mu    sync.Mutex // not used where goroutines take turns
	ops   []*operation
	steps int64    // calls and returns, where goroutines take turns
	names []uint64 // numbers of the goroutines, by their place here
}

// An operation is one that was called.
type operation struct {
	thread  int
	op      any
	result  any
	pending bool // it has not returned

	call, back             int64 // when
	callMoment, backMoment engine.Moment
}

// New returns an empty History of an object with that specification. The history
// is judged at the end of the test, which fails if it is wrong; in a function that
// package model explores, where New must be called inside of it, at the end of each
// execution, which then fails. What cannot be decided fails, too.
func New[S, O, R any](t testing.TB, spec Spec[S, O, R]) *History[O, R] {
	t.Helper()
	l := &log{t: t, rules: spec.rules()}
	if takeTurns {
		l.ops, l.names = make([]*operation, 0, 1024), make([]uint64, 0, 64)
	}
	if thread := engine.Current(); thread != nil {
		l.thread, l.serial = thread, thread.Serial()
		thread.AtEnd(l.judge)
	} else {
		t.Cleanup(func() {
			t.Helper()
			if err := l.judge(); err != nil {
				t.Errorf("%v", err)
			}
		})
	}
	return &History[O, R]{l}
}

// Do calls f, which makes the operation and returns its result, and returns that.
// If f panics the operation counts as one that may or may not have taken effect.
func (h *History[O, R]) Do(op O, f func() R) R {
	o := h.log.call(op)
	r := f()
	h.log.returned(o, r)
	return r
}

// Check judges the history as it is now: nil, a *Violation or an *UndecidedError.
// It also draws it, if -linear.html says so.
func (h *History[O, R]) Check() error { return h.log.judge() }

func (l *log) call(op any) *operation {
	o := &operation{op: op, pending: true}
	switch t := engine.Current(); {
	case l.thread != nil && (t == nil || t.Serial() != l.serial):
		panic(&UseError{"a History that was made in an execution of a model is used outside of it: make it inside of the checked function"})
	case l.thread == nil && t != nil:
		panic(&UseError{"a History that was made outside of a model is used in one: make it inside of the checked function, so that each execution has its own"})
	case l.thread != nil:
		l.steps++
		o.call, o.callMoment = l.steps, t.Moment()
		o.thread = o.callMoment.Thread()
		l.ops = append(l.ops, o)
	default:
		l.note(o)
	}
	return o
}

func (l *log) returned(o *operation, result any) {
	if l.thread == nil {
		l.noteReturn(o, result)
		return
	}
	l.steps++
	o.result, o.pending = result, false
	o.back, o.backMoment = l.steps, engine.Current().Moment()
}

// judge finds the first part of the history that is wrong, or undecided.
func (l *log) judge() error {
	if l.thread == nil && !takeTurns {
		l.mu.Lock()
		defer l.mu.Unlock()
	}
	parts, order := make(map[any][]*operation), []any(nil)
	for _, o := range l.ops {
		key := l.rules.part(o.op)
		if parts[key] == nil {
			order = append(order, key)
		}
		parts[key] = append(parts[key], o)
	}
	var undecided error
	for _, key := range order {
		err := l.judgePart(parts[key])
		var violation *Violation
		if errors.As(err, &violation) {
			return l.draw(parts[key], err)
		}
		if undecided == nil {
			undecided = err
		}
	}
	return undecided
}

func (l *log) judgePart(ops []*operation) error {
	if l.thread == nil {
		return l.ask(ops)
	}
	before := func(a, b *operation) bool {
		if a.pending {
			return false
		}
		if a.thread == b.thread {
			return a.back < b.call
		}
		return a.backMoment.Before(b.callMoment)
	}
	return l.search(ops, before, "what happens before what")
}

// draw writes the page of a history that is wrong, and says where.
func (l *log) draw(ops []*operation, err error) error {
	if *flagHTML == "" {
		return err
	}
	name := filepath.Join(*flagHTML, strings.NewReplacer("/", "_", "\\", "_", " ", "_", ":", "_").Replace(l.t.Name())+".html")
	file, failed := os.Create(name)
	if failed == nil {
		failed = errors.Join(l.visualize(ops, file), file.Close())
	}
	if failed != nil {
		return fmt.Errorf("%w\nno page: %w", err, failed)
	}
	return fmt.Errorf("%w\npicture: %s", err, name)
}
