package model

import (
	"fmt"
	"path/filepath"

	"github.com/fearless-go/fearless/internal/engine"
)

// decided is what a limit comes to: the livelock that is behind it, if one was found
// and the source of its loops shows that they keep nothing of a round. Then the state is
// the same after each round, and there is no end. What a loop keeps may end it.
func decided(found *engine.Found) *engine.Found {
	c := found.Cycle
	if c == nil {
		return found
	}
	for _, round := range c.Rounds {
		why := ""
		switch k, err := finder.KeepsOfEffects(round); {
		case err != nil:
			why = err.Error()
		case k != nil:
			why = fmt.Sprintf("%s at %s:%d", k.What, filepath.Base(k.File), k.Line)
		default:
			continue
		}
		f := *found.Failure
		f.Message += fmt.Sprintf("; %s; but whether a loop among them ends by itself is not known: %s", c.Message, why)
		found.Failure = &f
		if found.Trace != nil {
			found.Trace.Headline = f.Error()
		}
		return found
	}
	c.Replay = found.Replay
	return c.Found
}
