package book

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/fearless-go/fearless/thread"
)

// UnparksDoNotAddUp unparks a thread twice before it parks. One token is all that is
// kept: the first Park takes it and returns at once, the second sleeps.
func UnparksDoNotAddUp(ctx context.Context, _ io.Reader, out *Stdout) {
	unparked := make(chan thread.Void)

	t := thread.Go(func() {
		<-unparked
		for _, which := range []string{"first", "second"} {
			limit, cancel := context.WithTimeout(ctx, paced(ctx, time.Second))
			defer cancel()
			if err := thread.ParkContext(limit); err == nil {
				fmt.Fprintf(out, "the %s Park found the token\n", which)
			} else {
				fmt.Fprintf(out, "the %s Park found none and slept until its time was up\n", which)
			}
		}
	})
	t.Thread().Unpark()
	t.Thread().Unpark()
	close(unparked)
	unwrap(t.Join())
}
