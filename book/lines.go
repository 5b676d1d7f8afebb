package book

import (
	"bufio"
	"context"
	"io"
	"iter"
	"strings"

	"github.com/fearless-go/fearless/thread"
)

// lines yields the lines of in, without their ends, until in or ctx ends. A
// read that blocks cannot be called back, so a thread of its own reads, and only
// when a line is asked for: behind the last that was, in is the caller's again,
// but for what a bufio.Reader has read ahead. Only after the end of ctx the thread
// may still be in a read.
func lines(ctx context.Context, in io.Reader) iter.Seq[string] {
	return func(yield func(string) bool) {
		wanted, found := make(chan thread.Void), make(chan string)
		defer close(wanted)
		thread.Go(func() { //fearless:ignore join it may be in a read that nobody can end
			defer close(found)
			r := bufio.NewReader(in)
			for range wanted {
				line, err := r.ReadString('\n')
				if err != nil && line == "" {
					return
				}
				select {
				case found <- strings.TrimRight(line, "\r\n"):
				case <-ctx.Done():
				}
			}
		})
		for {
			select {
			case wanted <- thread.Void{}:
			case <-ctx.Done():
				return
			}
			select {
			case line, ok := <-found:
				if !ok || !yield(line) {
					return
				}
			case <-ctx.Done():
				return
			}
		}
	}
}
