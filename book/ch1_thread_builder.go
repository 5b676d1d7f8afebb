package book

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"

	"github.com/fearless-go/fearless/thread"
)

// ThreadBuilder asks for a thread with a name and a stack of its own. A Builder
// may ask for what cannot be had, so SpawnWith returns an error, where Spawn
// takes it for granted that a thread can start.
func ThreadBuilder(_ context.Context, _ io.Reader, out *Stdout) {
	named := unwrap(thread.SpawnWith(thread.Builder{Name: "worker", StackSize: 64 << 10}, func() string {
		return "I am " + thread.Current().Name()
	}))
	fmt.Fprintln(out, unwrap(named.Join()))

	_, err := thread.SpawnWith(thread.Builder{Name: "giant", StackSize: math.MaxInt}, func() int { return 0 }) //fearless:ignore join no thread starts
	var refused *thread.BuilderError
	fmt.Fprintln(out, "a stack that no memory can hold is refused:", errors.As(err, &refused))
}
