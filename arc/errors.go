package arc

import "github.com/fearless-go/fearless/internal/ownership"

// A UseAfterDropError is what a method of an [Arc] or a [Weak] panics with
// that was dropped already, or of an Arc that New did not make.
type UseAfterDropError struct {
	Type string // such as Arc[int]
	Op   string // the method that was called

	// Made and Dropped are file:line of where the owner was made and dropped.
	// They are empty in a build that does not record them.
	Made, Dropped string
	// Zero is true if it is the zero Arc, which was never made.
	Zero bool
}

func (e *UseAfterDropError) Error() string { return ownership.Misuse(*e).Text("arc") }

func misused(m ownership.Misuse) {
	e := UseAfterDropError(m)
	panic(&e)
}
