//go:build !fearless_model

package thread

import "github.com/fearless-go/fearless/internal/word"

// A claim can be taken once.
type claim struct{ word word.Uint32 }

func (c *claim) take() bool    { return c.word.CompareAndSwap(0, 1, word.Relaxed, word.Relaxed) }
func (c *claim) giveBack()     { c.word.Store(0, word.Relaxed) }
func (c *claim) isTaken() bool { return c.word.Load(word.Relaxed) != 0 }
