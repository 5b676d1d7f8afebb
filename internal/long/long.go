// Package long keeps the tests that take long out of "go test ./...", which has to
// end in three minutes on two cores with nothing built. FEARLESS_LONG=1 runs them:
//
//	FEARLESS_LONG=1 go test -run Long ./...
//
// as .ci/run does. The names of such tests end in Long, so that nothing is run twice
// and nothing is forgotten.
package long

import (
	"os"
	"strings"
	"testing"
)

// Set reports whether the tests that take long are to run.
func Set() bool { return os.Getenv("FEARLESS_LONG") != "" }

// Only skips a test unless those that take long are to run. Why says what takes its
// time.
func Only(t testing.TB, why string) {
	t.Helper()
	if test, _, _ := strings.Cut(t.Name(), "/"); !strings.HasSuffix(test, "Long") {
		t.Fatalf("the name of %s must end in Long, or .ci/run does not run it", test)
	}
	if !Set() {
		t.Skip("it takes long: " + why + "; FEARLESS_LONG=1 runs it")
	}
}
