//go:build !fearless_model

package watch

import "github.com/fearless-go/fearless/internal/word"

// possible is whether this build can be watched.
const possible = true

// On reports whether the watch is on.
func On() bool { return on.Load() }

func setVacant(watched bool) { word.SetVacant(watched) }
