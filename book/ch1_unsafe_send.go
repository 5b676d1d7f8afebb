package book

import (
	"context"
	"fmt"
	"io"

	"github.com/fearless-go/fearless/marker"
	"github.com/fearless-go/fearless/thread"
)

// A handle is a number that some other library has given out. It keeps its
// handles to one thread, so the type is marked: fearless vet does not let it go
// to another.
type handle struct {
	number int
	_      marker.NoSend
}

// A movable is a handle of which its author knows better.
//
//fearless:unsafe send whoever opens one hands it over at once and keeps no copy
type movable struct{ handle }

// UnsafeSend moves a value to another thread that is not made to be moved. In
// Rust an unsafe impl of Send promises that this is right; here a comment with
// a reason does. Nothing checks the promise.
func UnsafeSend(_ context.Context, _ io.Reader, out *Stdout) {
	h := movable{handle{number: 7}}
	t := thread.Go(func() { fmt.Fprintln(out, "used in another thread:", h.number) })
	unwrap(t.Join())
}
