//go:build fearless_model

package park

import "github.com/fearless-go/fearless/internal/engine"

// Spot returns the number of the modelled thread.
func Spot() uint32 {
	if t := engine.Current(); t != nil {
		return uint32(t.Number())
	}
	return 0
}

// Spots is 2, so that threads meet as well as miss each other.
func Spots(int) int { return 2 }
