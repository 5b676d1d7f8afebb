package arc

import (
	"encoding/json"
	"fmt"

	"github.com/fearless-go/fearless/internal/show"
)

// Format prints the value with any verb, and Arc{<dropped>} if a owns none.
func (a Arc[T]) Format(f fmt.State, verb rune) {
	if !a.h.Owns() {
		show.State(f, "Arc", "dropped")
		return
	}
	show.Inner(f, verb, a.Ptr())
}

// Format prints Weak{..}.
func (Weak[T]) Format(f fmt.State, _ rune) { fmt.Fprint(f, "Weak{..}") }

// MarshalJSON returns the value in JSON. It panics as Ptr does.
func (a Arc[T]) MarshalJSON() ([]byte, error) { return json.Marshal(a.Ptr()) }
