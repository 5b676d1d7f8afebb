package model_test

import (
	"testing"
	"unsafe"

	"github.com/fearless-go/fearless/atomic"
)

// words is more than a line of a cache in a model build, and less without.
type words struct{ head, tail, size atomic.Uint64 }

// padded is written as model's documentation says: it compiles in both builds.
type padded struct {
	words
	_ [(64 - unsafe.Sizeof(words{})%64) % 64]byte
}

func TestPadOfBothBuilds(t *testing.T) {
	if n := unsafe.Sizeof(padded{}); n%64 != 0 {
		t.Errorf("%d bytes", n)
	}
}
