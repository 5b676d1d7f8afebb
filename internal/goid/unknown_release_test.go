//go:build go1.28

package goid

import (
	"runtime"
	"testing"
)

// TestKnownRelease fails on a release in which nobody has looked where the g
// is. Users get the portable Key meanwhile.
func TestKnownRelease(t *testing.T) {
	t.Fatalf("%s: see that key_*.s find the g, then raise the build tags", runtime.Version())
}
