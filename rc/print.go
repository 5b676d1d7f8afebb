package rc

import (
	"encoding/json"
	"fmt"

	"github.com/fearless-go/fearless/internal/show"
)

// Format prints the value with any verb, and Rc{<dropped>} if r owns none.
func (r Rc[T]) Format(f fmt.State, verb rune) {
	if !r.h.Owns() {
		show.State(f, "Rc", "dropped")
		return
	}
	show.Inner(f, verb, r.Ptr())
}

// Format prints Weak{..}.
func (Weak[T]) Format(f fmt.State, _ rune) { fmt.Fprint(f, "Weak{..}") }

// MarshalJSON returns the value in JSON. It panics as Ptr does.
func (r Rc[T]) MarshalJSON() ([]byte, error) { return json.Marshal(r.Ptr()) }
