package book

import (
	"context"
	"fmt"
	"math"
	"time"
)

type speedKey struct{}

// WithSpeed returns a context in which programs sleep, and let work take, one
// speed-th of the book's time: with 20 a second is 50 ms, with 1, which is also
// the speed of any other context, it is a second. It panics with a
// [*SpeedError] unless speed is greater than zero.
//
// At any speed above 1 the two programs that count through all 2³² numbers
// leave out all but the last million.
func WithSpeed(ctx context.Context, speed float64) context.Context {
	if !(speed > 0) {
		panic(&SpeedError{speed})
	}
	return context.WithValue(ctx, speedKey{}, speed)
}

// A SpeedError is what [WithSpeed] panics with.
type SpeedError struct{ Speed float64 }

func (e *SpeedError) Error() string {
	return fmt.Sprintf("book: WithSpeed with the speed %v: use one greater than zero", e.Speed)
}

func speed(ctx context.Context) float64 {
	if speed, ok := ctx.Value(speedKey{}).(float64); ok {
		return speed
	}
	return 1
}

// paced returns what d takes at the speed of ctx.
func paced(ctx context.Context, d time.Duration) time.Duration {
	return time.Duration(min(float64(d)/speed(ctx), math.MaxInt64/2))
}

// sleep blocks the calling thread for d at the speed of ctx, or until ctx ends.
func sleep(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(paced(ctx, d))
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// skipped is how many of the 2³² numbers a program that counts through them
// leaves out: none at the book's own speed, all but the last million at any
// higher one.
func skipped(ctx context.Context) uint32 {
	if speed(ctx) <= 1 {
		return 0
	}
	return math.MaxUint32 - 1_000_000
}
