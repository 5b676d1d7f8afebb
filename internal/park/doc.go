// Package park is what a lock needs to wait: a parker for one goroutine, with
// a limit in time or by a context, the moment after which a waiter counts as
// starved, and the spinning that comes before a wait.
//
// A parker blocks durably in the sense of testing/synctest, whatever bubble
// the goroutines that wait and wake belong to.
//
// The Parker has three builds. The fast one hands the goroutine to the
// scheduler and back (gopark and goready by go:linkname), for the Go releases
// named in its build tag; a condition variable from package sync serves every
// other release, -race (whose instrumentation cannot run where gopark commits)
// and the tag fearless_portable. The model checker has its own.
//
// The fast one tells the runtime what it waits for, a [Reason], and is seen in the
// mutex and block profiles and by the goroutine leak profile as package sync is: see
// observed. The portable one always waits as a sync.Cond does.
package park

import (
	"context"
	"time"
)

// ErrTimeout is the error of a wait whose time ran out. Its Timeout method
// reports true, as net.Error has it.
var ErrTimeout error = timeoutError{}

type timeoutError struct{}

func (timeoutError) Error() string { return "fearless: timed out waiting" }
func (timeoutError) Timeout() bool { return true }

// A Limit bounds a wait. The zero Limit is none.
type Limit struct {
	timeout time.Duration
	ctx     context.Context
	kind    limitKind
}

type limitKind uint8

const (
	forever limitKind = iota
	byTime
	byContext
)

// Timeout is the limit d from now. It is reached at once if d is not positive.
func Timeout(d time.Duration) Limit { return Limit{timeout: d, kind: byTime} }

// Context is the limit that is reached when ctx is done.
func Context(ctx context.Context) Limit { return Limit{ctx: ctx, kind: byContext} }

// IsSet reports whether there is a limit.
func (l Limit) IsSet() bool { return l.kind != forever }
