package schedtest_test

import (
	"strings"
	"testing"

	"github.com/fearless-go/fearless/internal/long"
	"github.com/fearless-go/fearless/schedtest"
)

// What a goroutine does that waits for a far timer is not known, but that it is there is.
func TestAGoroutineThatIsLeftAsleepIsNamedLong(t *testing.T) {
	t.Parallel()
	long.Only(t, "it builds modules")
	opts := module(t, map[string]string{"m_test.go": `package m

import (
	"testing"
	"time"
)

func TestTicker(t *testing.T) {
	go func() {
		for range time.Tick(time.Minute) {
		}
	}()
}
func TestSleeps(t *testing.T) {
	go func() {
		for {
			time.Sleep(time.Hour)
		}
	}()
}
func TestSelect(t *testing.T) {
	c := make(chan int)
	for range 2 {
		go func() {
			for {
				select {
				case <-c:
					return
				case <-time.After(time.Minute):
				}
			}
		}()
	}
}
func TestEnds(t *testing.T)  { go func() { time.Sleep(5 * time.Second) }() }
func TestTimer(t *testing.T) { time.After(time.Hour) }
func TestWaits(t *testing.T) {
	done := make(chan bool)
	go func() { time.Sleep(time.Hour); close(done) }()
	<-done
}
`})
	want := map[string]string{"TestTicker": "m_test.go:10", "TestSleeps": "m_test.go:17", "TestSelect": "m_test.go:26"}
	for _, r := range run(t, opts).Results {
		notes := strings.Join(r.Notes, "\n")
		at := want[r.Test]
		if r.Verdict != schedtest.Passed || (at == "") != (notes == "") || !strings.HasSuffix(notes, at) {
			t.Errorf("%s is %s with the notes %q, want a goroutine at %q", r.Test, r.Verdict, notes, at)
		}
		if got := strings.HasPrefix(notes, "2 goroutines are left"); got != (r.Test == "TestSelect") {
			t.Errorf("%s: %s", r.Test, notes)
		}
	}
}
