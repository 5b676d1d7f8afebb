package arc

import (
	"fmt"

	"github.com/fearless-go/fearless/internal/ownership"
)

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

func (e *UseAfterDropError) Error() string {
	switch {
	case e.Zero:
		return fmt.Sprintf("arc: %s of a zero %s, which owns nothing; make it with arc.New or Clone", e.Op, e.Type)
	case e.Made == "":
		return fmt.Sprintf("arc: %s of a dropped %s; Clone it for every owner, and Drop each once (build with -race or -tags fearless_debug to see where it was dropped)", e.Op, e.Type)
	case e.Dropped == "":
		return fmt.Sprintf("arc: %s of a dropped %s (made at %s); Clone it for every owner, and Drop each once", e.Op, e.Type, e.Made)
	}
	return fmt.Sprintf("arc: %s of a %s that was dropped at %s (made at %s); Clone it for every owner, and Drop each once", e.Op, e.Type, e.Dropped, e.Made)
}

func misused(m ownership.Misuse) {
	e := UseAfterDropError(m)
	panic(&e)
}
