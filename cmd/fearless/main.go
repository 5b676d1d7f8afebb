// Command fearless is the front door of the fearless tools; "fearless help" lists them.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"github.com/fearless-go/fearless/vet/check"
)

func main() {
	// "fearless vet" has the go command call this executable for each package.
	if check.IsToolCall(os.Args[1:]) {
		check.Tool()
	}
	// Without this a closed pipe kills the process in the middle of a line;
	// with it the write fails, and the failure is reported like any other.
	signal.Ignore(syscall.SIGPIPE)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}
