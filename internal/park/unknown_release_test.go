//go:build go1.28

package park_test

import (
	"runtime"
	"testing"
)

// TestKnownRelease fails on a release that the fast parker was not checked
// with, so that somebody does: see parker_linkname.go. Users get the portable
// one meanwhile.
func TestKnownRelease(t *testing.T) {
	t.Fatalf("%s: check gopark, goready and their numbers, then raise the build tags", runtime.Version())
}
