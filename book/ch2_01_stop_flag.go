package book

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/fearless-go/fearless/atomic"
	"github.com/fearless-go/fearless/thread"
)

// StopFlag reads commands, help and stop, while another thread works until the
// stop flag is set. The flag orders nothing else, so Relaxed is enough for it.
func StopFlag(ctx context.Context, in io.Reader, out *Stdout) {
	var stop atomic.Bool

	// A thread that does the work.
	rounds := 0
	background := thread.Go(func() {
		for !stop.Load(atomic.Relaxed) {
			someWork(ctx)
			rounds++
		}
	})

	// The main thread listens to the user.
commands:
	for line := range lines(ctx, in) {
		switch line {
		case "help":
			fmt.Fprintln(out, "commands: help, stop")
		case "stop":
			break commands
		default:
			fmt.Fprintf(out, "unknown command: %q\n", line)
		}
	}

	stop.Store(true, atomic.Relaxed)

	unwrap(background.Join()) // from here on rounds is ours
	fmt.Fprintf(out, "The background thread has stopped. Rounds of work: %d.\n", rounds)
}

func someWork(ctx context.Context) {
	sleep(ctx, 100*time.Millisecond)
}
