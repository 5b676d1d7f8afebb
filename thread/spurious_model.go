//go:build fearless_model

package thread

import "github.com/fearless-go/fearless/internal/engine"

// wakesSpuriously reports whether a Park returns without a token. In the model
// it may, so that whoever does not check again is found out.
func (t *Thread) wakesSpuriously() bool {
	c := engine.Current()
	return c != nil && c.WakesSpuriously()
}
