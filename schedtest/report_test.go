package schedtest_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/fearless-go/fearless/internal/long"
	"github.com/fearless-go/fearless/schedtest"
)

// reportOf runs one test and returns its finding and the printed report.
func reportOf(t *testing.T, test string) (*schedtest.Finding, string) {
	t.Helper()
	opts := module(t, map[string]string{"m_test.go": test})
	opts.Schedules = 500
	report := run(t, opts)
	if len(report.Results) != 1 || report.Results[0].Finding == nil {
		t.Fatalf("%+v, want one failing test", report.Results)
	}
	var b bytes.Buffer
	if err := report.WriteText(&b, false); err != nil {
		t.Fatal(err)
	}
	return report.Results[0].Finding, b.String()
}

func TestAReportTellsOfAPauseThatNeverEndsLong(t *testing.T) {
	t.Parallel()
	long.Only(t, "it builds modules")
	f, text := reportOf(t, `package m

import (
	"sync"
	"sync/atomic"
	"testing"
)

func TestX(t *testing.T) {
	var p atomic.Pointer[int]
	var wg sync.WaitGroup
	x := 1
	wg.Go(func() { p.Store(&x) })
	wg.Go(func() { _ = *p.Load() })
	wg.Wait()
}
`)
	if f.Kind != schedtest.Panic || !strings.HasPrefix(f.Message, "runtime error: invalid memory address") {
		t.Errorf("%s: %s", f.Kind, f.Message)
	}
	// The new goroutine runs before its creator goes on, and ends the process.
	if !strings.Contains(text, "paused at m_test.go:14 before what follows wg.Go") {
		t.Errorf("the report does not tell why it fails:\n%s", text)
	}
}

func TestAReportNamesTheFailureOfAFuzzSeedLong(t *testing.T) {
	t.Parallel()
	long.Only(t, "it builds modules")
	f, _ := reportOf(t, `package m

import (
	"sync"
	"sync/atomic"
	"testing"
)

func FuzzX(f *testing.F) {
	f.Add(2)
	f.Fuzz(func(t *testing.T, n int) {
		var x atomic.Int32
		var wg sync.WaitGroup
		for range n {
			wg.Go(func() { x.Store(x.Load() + 1) })
		}
		wg.Wait()
		if int(x.Load()) != n {
			t.Error("an update is lost")
		}
	})
}
`)
	if f.Kind != schedtest.TestFailure || f.Message != "m_test.go:19: an update is lost" {
		t.Errorf("%s: %s", f.Kind, f.Message)
	}
}

func TestAReportNamesAPlaceOutsideOfTheCodeUnderTestLong(t *testing.T) {
	t.Parallel()
	long.Only(t, "it builds modules")
	_, text := reportOf(t, `package m

import (
	"sync"
	"testing"
)

func TestX(t *testing.T) {
	var mu sync.Mutex
	c := sync.NewCond(&mu)
	n := 0
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			mu.Lock()
			defer mu.Unlock()
			if n == 0 {
				c.Wait()
			}
			if n == 0 {
				t.Error("empty")
				return
			}
			n--
		})
	}
	for range 2 {
		mu.Lock()
		n++
		c.Broadcast()
		mu.Unlock()
	}
	wg.Wait()
}
`)
	if strings.Contains(text, "fearless_") {
		t.Errorf("the report names a file of ours:\n%s", text)
	}
}
