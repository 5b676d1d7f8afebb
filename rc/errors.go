package rc

import "github.com/fearless-go/fearless/internal/ownership"

// A UseAfterDropError is what a method of an [Rc] or a [Weak] panics with
// that was dropped already, or of an Rc that New did not make.
type UseAfterDropError struct {
	Type string // such as Rc[int]
	Op   string // the method that was called

	// Made and Dropped are file:line of where the owner was made and dropped.
	// They are empty in a build that does not record them.
	Made, Dropped string
	// Zero is true if it is the zero Rc, which was never made.
	Zero bool
}

func (e *UseAfterDropError) Error() string { return ownership.Misuse(*e).Text("rc") }

func misused(m ownership.Misuse) {
	e := UseAfterDropError(m)
	panic(&e)
}
