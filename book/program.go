package book

import (
	"context"
	"fmt"
	"io"
	"runtime/debug"
)

// A Program is one of the book's, with what a reader wants to know before it runs.
type Program struct {
	Name   string // as in the book's companion repository: ch1-08-mutex
	Title  string // a few words
	Shows  string // one or two sentences: what to see in the output
	Source string // the text of its Go file
	// Main is the program. It returns soon after the context ends.
	Main func(ctx context.Context, in io.Reader, out *Stdout)
	// ReadsInput tells that the program reads its input and waits for it.
	ReadsInput bool
	// Passage tells that the book has this as a passage of its text, not as
	// one of the 25 programs of the companion repository.
	Passage bool
}

// A CrashError is what [Run] returns for a program whose main function panicked.
type CrashError struct {
	Program string
	Value   any    // what was passed to panic
	Stack   []byte // where, as runtime/debug.Stack writes it
}

func (e *CrashError) Error() string {
	return fmt.Sprintf("%s panicked: %v", e.Program, e.Value)
}

// Unwrap returns the panic's value if that is an error.
func (e *CrashError) Unwrap() error {
	err, _ := e.Value.(error)
	return err
}

// Run runs p in the calling goroutine, which is the program's main thread, and
// closes out when it ends: as the end of main is the end of a process, nothing
// that a thread of p writes later is seen. When ctx ends, or out cannot be
// written, no more is written and p hastens to its end.
//
// The error is a [*CrashError] if p panicked, otherwise the first error of
// writing to out, otherwise the cause of ctx's end if that came first.
func Run(ctx context.Context, p Program, in io.Reader, out *Stdout) (err error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	out.serve(ctx, cancel)
	defer func() {
		if value := recover(); value != nil {
			err = &CrashError{Program: p.Name, Value: value, Stack: debug.Stack()}
		}
	}()
	defer out.Close()
	p.Main(ctx, in, out)
	if err := out.Close(); err != nil {
		return err
	}
	return context.Cause(ctx)
}
