package schedtest_test

import (
	"runtime"
	"strings"
	"testing"

	"github.com/fearless-go/fearless/internal/long"
	"github.com/fearless-go/fearless/schedtest"
)

// The goroutine leak profile, an experiment of Go 1.26, shows what has not ended yet.
func TestTheGoroutineLeakProfileIsNoProofLong(t *testing.T) {
	long.Only(t, "it builds the standard library once more, with the experiment")
	if strings.HasPrefix(runtime.Version(), "go1.26") {
		t.Setenv("GOEXPERIMENT", "goroutineleakprofile")
	}
	opts := module(t, map[string]string{"m_test.go": `package m

import (
	"bytes"
	"runtime/pprof"
	"testing"
)

func shows(t *testing.T, how int) {
	c := make(chan int)
	go func() { <-c }()
	var b bytes.Buffer
	if err := pprof.Lookup("goroutineleak").WriteTo(&b, how); err != nil {
		t.Fatal(err)
	}
	c <- 1
}

func TestLeaks(t *testing.T)  { shows(t, 1) }
func TestStacks(t *testing.T) { shows(t, 2) }
`})
	results := prove(t, opts).Results
	if len(results) != 2 {
		t.Errorf("%d tests ran", len(results))
	}
	for _, r := range results {
		if r.Verdict != schedtest.Undecided && r.Verdict != schedtest.Unsuitable {
			t.Errorf("%s is %s: %s", r.Test, r.Verdict, r.Reason)
		}
	}
}
