package proven

import (
	"context"
	"testing"
)

func TestAwait(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	go cancel()
	v, err := Await(ctx, func() int { return 7 })
	if (v == 7) != (err == nil) {
		t.Errorf("got %d, %v", v, err)
	}
}
