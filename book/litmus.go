package book

import (
	"context"

	"github.com/fearless-go/fearless/litmus"
)

// explored runs a litmus test, a few lines of C, in all executions that C11
// allows: what this machine does is only some of them.
func explored(ctx context.Context, test string) *litmus.Result {
	programs := unwrap(litmus.Parse("test", []byte(test)))
	return unwrap(litmus.Run(ctx, programs[0], litmus.RC11, litmus.Limits{}))
}
