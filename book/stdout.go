package book

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"

	"github.com/fearless-go/fearless/atomic"
	"github.com/fearless-go/fearless/cell"
	"github.com/fearless-go/fearless/lock"
	"github.com/fearless-go/fearless/thread"
)

// A Stdout is an output that threads share, like Rust's std::io::Stdout. Each
// Write happens at once, so that a line written by one call is never mixed with
// another thread's; [Stdout.Lock] holds the output for several. What follows
// the last newline stays in a buffer until the line is complete, [Stdout.Flush]
// or [Stdout.Close]. What a thread wrote before it unlocks synchronizes before
// what the next one writes.
//
// A Stdout must not be copied. Make one with [NewStdout].
//
//fearless:unsafe send,sync whoever uses held has found itself to be the owner, or has just locked mutex
type Stdout struct {
	terminal bool
	mutex    *lock.Mutex[lineWriter]
	// owner is the thread that holds mutex, zero if there is none. Only the
	// owner itself can find its own number here, and that is all anyone asks.
	owner atomic.Uint64
	held  cell.UnsafeCell[held] // the owner's alone
}

// held is what the owner of a Stdout knows of its lock.
type held struct {
	guard lock.Guard[lineWriter]
	depth int // how often it has locked
}

// lineWriter hands whole lines to w.
type lineWriter struct {
	w       io.Writer
	partial []byte
	err     error // the first error of w, after which nothing is written
	closed  bool
	ended   func() error // not nil when the program that writes has to end
	failed  func(error)  // told of err
}

// NewStdout returns a Stdout that writes to w.
func NewStdout(w io.Writer) *Stdout {
	return &Stdout{mutex: lock.NewMutex(lineWriter{w: w})}
}

// NewTerminal returns a Stdout that writes to w, a terminal, on which a
// [Progress] is a bar that moves.
func NewTerminal(w io.Writer) *Stdout {
	s := NewStdout(w)
	s.terminal = true
	return s
}

// Lock blocks until no other thread holds the output and takes it for the
// calling thread, which may take it several times and then gives it back by as
// many Unlocks. Nobody else's output gets between.
func (s *Stdout) Lock() *StdoutLock {
	h := s.held.Get()
	if me := uint64(thread.Current().ID()); s.owner.Load(atomic.Relaxed) != me {
		// A thread that panicked while it held the output has left at worst
		// half a line: no reason to poison the others' output.
		h.guard, _ = s.mutex.LockResult()
		s.owner.Store(me, atomic.Relaxed)
	}
	h.depth++
	return &StdoutLock{s: s}
}

func (s *Stdout) unlock() {
	h := s.held.Get()
	if h.depth--; h.depth == 0 {
		guard := h.guard
		s.owner.Store(0, atomic.Relaxed)
		guard.Unlock()
	}
}

// Write writes p at once, or up to its last newline if it has one. After Close
// it drops p and returns [os.ErrClosed].
func (s *Stdout) Write(p []byte) (int, error) {
	l := s.Lock()
	defer l.Unlock()
	return l.Write(p)
}

// Flush writes what has been written of an incomplete line.
func (s *Stdout) Flush() error {
	l := s.Lock()
	defer l.Unlock()
	return l.writer().flush()
}

// Close flushes, and lets nothing more through. It returns the first error that
// writing has met, also when called again.
func (s *Stdout) Close() error {
	l := s.Lock()
	defer l.Unlock()
	w := l.writer()
	w.closed = true
	return w.flush()
}

// serve ties s to a program that runs: from the end of ctx on nothing is written,
// and the first error of writing goes to failed.
func (s *Stdout) serve(ctx context.Context, failed func(error)) {
	l := s.Lock()
	defer l.Unlock()
	w := l.writer()
	w.ended, w.failed = ctx.Err, failed
}

// A StdoutLock is the output while one thread holds it. Only that thread may use
// it; after Unlock its methods panic with [ErrUnlocked].
type StdoutLock struct {
	s *Stdout
}

// Write is [Stdout.Write].
func (l *StdoutLock) Write(p []byte) (int, error) {
	w := l.writer()
	if w.closed || w.ended != nil && w.ended() != nil {
		return 0, os.ErrClosed
	}
	return w.write(p)
}

// Unlock gives the output back, and l with it.
func (l *StdoutLock) Unlock() {
	s := l.locked()
	l.s = nil
	s.unlock()
}

// ErrUnlocked is what the methods of a [StdoutLock] panic with after its Unlock.
var ErrUnlocked = errors.New("book: StdoutLock used after Unlock: lock the Stdout again")

func (l *StdoutLock) locked() *Stdout {
	if l.s == nil {
		panic(ErrUnlocked)
	}
	return l.s
}

func (l *StdoutLock) writer() *lineWriter { return l.locked().held.Get().guard.Ptr() }

func (w *lineWriter) write(p []byte) (int, error) {
	w.partial = append(w.partial, p...)
	if end := bytes.LastIndexByte(w.partial, '\n') + 1; end > 0 {
		w.send(w.partial[:end])
		w.partial = append(w.partial[:0], w.partial[end:]...)
	}
	if w.err != nil {
		return 0, w.err
	}
	return len(p), nil
}

func (w *lineWriter) flush() error {
	w.send(w.partial)
	w.partial = w.partial[:0]
	return w.err
}

func (w *lineWriter) send(p []byte) {
	if w.err == nil && len(p) > 0 && (w.ended == nil || w.ended() == nil) {
		if _, w.err = w.w.Write(p); w.err != nil && w.failed != nil {
			w.failed(w.err)
		}
	}
}
