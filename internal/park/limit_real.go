//go:build !fearless_model

package park

// Reached returns the error of a limit that leaves no time to wait at all, and
// otherwise nil.
func (l Limit) Reached() error {
	switch {
	case l.kind == byTime && l.timeout <= 0:
		return ErrTimeout
	case l.kind == byContext:
		return l.ctx.Err()
	}
	return nil
}

// Err returns the error of a limit that was reached while waiting.
func (l Limit) Err() error {
	if l.kind == byContext {
		return l.ctx.Err()
	}
	return ErrTimeout
}

// Bounded and Over are the model's.
func (Limit) Bounded() bool     { return false }
func (Limit) Over() func() bool { return nil }

// OrSpuriously returns l: nothing wakes here that was not woken.
func (l Limit) OrSpuriously() Limit { return l }
