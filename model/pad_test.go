package model_test

import (
	"testing"
	"unsafe"

	"github.com/fearless-go/fearless/atomic"
)

// padded is written as model's documentation says: it compiles in both builds.
type padded struct {
	words [3]atomic.Uint64 // more than a line of a cache in a model build, and less without
	_     [(64 - unsafe.Sizeof([3]atomic.Uint64{})%64) % 64]byte
}

func TestPadOfBothBuilds(t *testing.T) {
	var p padded
	if n := unsafe.Sizeof(p); n%64 != 0 || len(p.words) != 3 {
		t.Errorf("%d bytes", n)
	}
}
