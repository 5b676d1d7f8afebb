package model

import (
	"github.com/fearless-go/fearless/internal/engine"
	"github.com/fearless-go/fearless/internal/ownership"
)

// Owners that a model makes have to be dropped in it.
func init() {
	if Enabled {
		ownership.Watch(func(o *ownership.Owner) {
			if t := engine.Current(); t != nil {
				t.Owns(o)
			}
		})
	}
}
