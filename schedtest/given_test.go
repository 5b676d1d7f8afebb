package schedtest_test

import (
	"strings"
	"testing"

	"github.com/fearless-go/fearless/internal/long"
	"github.com/fearless-go/fearless/schedtest"
)

// What a proof takes as given stands in its words.
func TestAProofNamesWhatIsGiven(t *testing.T) {
	t.Parallel()
	opts := module(t, map[string]string{"m_test.go": `package m

import (
	"math/rand"
	"runtime"
	"testing"
)

var drawn = rand.Intn(1000)

func TestDrawn(t *testing.T) {
	if drawn > 1000 {
		t.Fatal("impossible")
	}
}
func TestProcs(t *testing.T) {
	if runtime.GOMAXPROCS(0) == 77 {
		t.Fatal("another machine")
	}
}
`})
	opts.CPU = 3
	for _, r := range prove(t, opts).Results {
		if r.Verdict != schedtest.Proven || len(r.Proof.Limits) != 0 || !strings.Contains(r.Proof.Bound, "given the random numbers that package init or TestMain has drawn (at m_test.go:9)") {
			t.Errorf("%s is %s (%s): %+v", r.Test, r.Verdict, r.Reason, r.Proof)
		}
		if got, want := strings.Contains(r.Proof.Bound, "GOMAXPROCS 3 (at m_test.go:17)"), r.Test == "TestProcs"; got != want {
			t.Errorf("%s: %s", r.Test, r.Proof.Bound)
		}
	}
}

// Of more places than are kept, the one that matters may be the last.
func TestAProofNamesWhatIsGivenBehindManyPlaces(t *testing.T) {
	t.Parallel()
	opts := module(t, map[string]string{"m_test.go": `package m

import (
	"context"
	"testing"
	"time"
)

var began time.Time

func init() { // in context, the clock is looked at by the distribution
	for range 2 {
` + strings.Repeat("\t\twithTimeout(context.WithTimeout(context.Background(), time.Hour))\n", 70) + `	}
	began = time.Now()
}

func withTimeout(_ context.Context, cancel func()) { cancel() }

func TestBegan(t *testing.T) {
	if began.Nanosecond() == 77 {
		t.Fatal("another run")
	}
}
`})
	for _, r := range prove(t, opts).Results {
		if !strings.Contains(r.Proof.Bound, "given the time at which package init or TestMain has looked at the clock") {
			t.Errorf("%s is %s (%s): %+v", r.Test, r.Verdict, r.Reason, r.Proof)
		}
	}
}

// A timer that fires while the goroutine stands that looks for it is a switch of the
// seed, as often as it fires there.
func TestATimerThatIsLookedForReplays(t *testing.T) {
	t.Parallel()
	opts := module(t, map[string]string{"m_test.go": `package m

import (
	"testing"
	"time"
)

func TestPoll(t *testing.T) {
	tm := time.NewTimer(time.Millisecond)
	select {
	case <-tm.C:
		t.Fatal("fired")
	default:
	}
	tm.Stop()
}
func TestTwoTicks(t *testing.T) {
	tk := time.NewTicker(time.Millisecond)
	defer tk.Stop()
	<-tk.C
	select {
	case <-tk.C:
		t.Fatal("two")
	default:
	}
}
func TestThreeTimers(t *testing.T) { // two of them fire in one place, not three
	a, b, c := time.NewTimer(time.Millisecond), time.NewTimer(2*time.Millisecond), time.NewTimer(3*time.Millisecond)
	fired := 0
	for _, tm := range []*time.Timer{c, b, a} {
		select {
		case <-tm.C:
			fired++
		default:
		}
	}
	if fired == 2 {
		t.Fatal("two")
	}
}
`})
	report := prove(t, opts)
	for _, r := range report.Results {
		f := r.Finding
		if r.Verdict != schedtest.Failed || f == nil || !f.Exact || len(r.Notes) > 0 {
			t.Errorf("%s is %s %v: %+v", r.Test, r.Verdict, r.Notes, f)
			continue
		}
		again := opts
		again.Run, again.Replay = "^"+r.Test+"$", f.Seed
		back, err := schedtest.Run(t.Context(), again)
		if err != nil {
			t.Fatal(err)
		}
		if back.Results[0].Finding == nil || back.Results[0].Finding.Message != f.Message {
			t.Errorf("%s of %s: %+v", f.Seed, r.Test, back.Results[0].Finding)
		}
	}
	var text strings.Builder
	if err := report.WriteText(&text, false); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(text.String(), "before <-tm.C; the clock ran step") {
		t.Errorf("the report does not say that the clock is at fault:\n%s", &text)
	}
}

// A limit of the explorer is named, too.
func TestAProofOfTooManyCountersSaysSoLong(t *testing.T) {
	t.Parallel()
	long.Only(t, "it builds modules")
	opts := module(t, map[string]string{"m_test.go": `package m

import (
	"sync"
	"testing"
)

func TestTwenty(t *testing.T) {
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {})
	}
	wg.Wait()
}
`})
	if r := prove(t, opts).Results[0]; r.Verdict != schedtest.Undecided || !strings.Contains(r.Reason, "so many goroutines count a WaitGroup") {
		t.Errorf("%s: %s", r.Verdict, r.Reason)
	}
}
