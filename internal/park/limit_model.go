//go:build fearless_model

package park

import (
	"context"

	"github.com/fearless-go/fearless/internal/engine"
)

// spuriously is the limit of a wait that ends for no reason: at any moment,
// and without an error.
const spuriously = byContext + 1

// Reached returns the error of a limit that leaves no time to wait at all, and
// otherwise nil. Of a context both are explored, if the context can be done.
func (l Limit) Reached() error {
	switch {
	case l.kind == byTime && l.timeout <= 0:
		return ErrTimeout
	case l.kind == byContext:
		t := engine.Current()
		if t == nil {
			return l.ctx.Err()
		}
		if l.Bounded() && t.Over(l.Over()) {
			return l.Err()
		}
	}
	return nil
}

// Err returns the error of a limit that was reached while waiting.
func (l Limit) Err() error {
	switch {
	case l.kind == spuriously:
		return nil
	case l.kind != byContext:
		return ErrTimeout
	case l.ctx.Err() == nil:
		return context.DeadlineExceeded // in the model it may be reached at any moment
	}
	return l.ctx.Err()
}

// Bounded reports whether the limit can be reached.
func (l Limit) Bounded() bool {
	return l.kind != forever && (l.kind != byContext || l.ctx.Done() != nil)
}

// Over returns what reports whether the limit is reached in the run under way;
// nil means at any moment. A context is, once some thread has canceled it.
func (l Limit) Over() func() bool {
	if l.kind != byContext {
		return nil
	}
	if _, ok := l.ctx.Deadline(); ok {
		return nil
	}
	return func() bool { return l.ctx.Err() != nil }
}

// OrSpuriously returns l, or a limit that ends the wait for no reason, where
// the options of the exploration ask for that. Both are explored.
func (l Limit) OrSpuriously() Limit {
	if t := engine.Current(); t != nil && t.SpuriousWakes() && t.WakesSpuriously() {
		return Limit{kind: spuriously}
	}
	return l
}
