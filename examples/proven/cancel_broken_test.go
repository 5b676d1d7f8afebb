//go:build broken

package proven

import (
	"context"
	"testing"
)

// Without room for the result the goroutine is left behind.
func TestAwaitBroken(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	go cancel()
	result := make(chan int)
	go func() { result <- 7 }()
	select {
	case <-result:
	case <-ctx.Done():
	}
}
