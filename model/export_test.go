package model

import "github.com/fearless-go/fearless/internal/engine"

// Mutate changes the orderings of the library's own operations.
func Mutate(f func(file string, line int, o engine.Order) engine.Order) Option {
	return func(c *config) { c.engine.Mutate = f }
}
