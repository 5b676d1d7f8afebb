package book

import (
	"context"
	"fmt"
	"io"

	"github.com/fearless-go/fearless/thread"
)

var staticNumbers = [...]int{1, 2, 3} // nobody changes it, so nobody has to lock it

// Statics shares a variable of the package between threads. It was there before
// main and will be there after it: no thread can outlive it.
func Statics(_ context.Context, _ io.Reader, out *Stdout) {
	read := func() { fmt.Fprintln(out, staticNumbers) }
	t1 := thread.Go(read)
	t2 := thread.Go(read)
	unwrap(t1.Join())
	unwrap(t2.Join())
}
