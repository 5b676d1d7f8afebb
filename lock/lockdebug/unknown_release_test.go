//go:build go1.28

package lockdebug_test

import (
	"runtime"
	"testing"
)

// TestKnownRelease fails on a release in which nobody has looked what the labels of
// a goroutine are. Users get none meanwhile.
func TestKnownRelease(t *testing.T) {
	t.Fatalf("%s: see that runtime.g.labels is what pprof.SetGoroutineLabels takes from a context, then raise the build tags", runtime.Version())
}
