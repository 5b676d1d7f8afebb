package schedtest_test

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/fearless-go/fearless/internal/long"
	"github.com/fearless-go/fearless/schedtest"
)

// proofs are the options of a proof of the constructs.
func proofs() schedtest.Options {
	return schedtest.Options{Dir: filepath.Join("testdata", "prove"), Race: true, Duration: 10 * time.Minute, MaxExecutions: 300, NoMinimize: true}
}

func prove(t *testing.T, opts schedtest.Options) *schedtest.Report {
	t.Helper()
	report, err := schedtest.Prove(t.Context(), opts)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// verdictOf is the verdict that the name of a test of the constructs ends with.
func verdictOf(name string) schedtest.Verdict {
	for end, v := range map[string]schedtest.Verdict{
		"Proven": schedtest.Proven, "Passed": schedtest.Passed, "Fails": schedtest.Failed, "Undecided": schedtest.Undecided, "Unsuitable": schedtest.Unsuitable,
	} {
		if strings.HasSuffix(name, end) {
			return v
		}
	}
	return ""
}

func TestProveConstructsLong(t *testing.T) {
	t.Parallel()
	long.Only(t, "it builds the standard library once more, for the race detector")
	report := prove(t, proofs())
	for _, r := range report.Results {
		if want := verdictOf(r.Test); r.Verdict != want {
			t.Errorf("%s is %s (%s), want %s; %+v", r.Test, r.Verdict, r.Reason, want, r.Finding)
		}
		if r.Proof == nil {
			t.Errorf("%s has no proof", r.Test)
			continue
		}
		if r.Verdict == schedtest.Proven && (r.Proof.Executions == 0 || r.Proof.Done != 1 || len(r.Proof.Limits) > 0 || r.Reason != "") {
			t.Errorf("%s: %+v is no proof", r.Test, r.Proof)
		}
		if v := r.Verdict; (v == schedtest.Undecided || v == schedtest.Unsuitable) && r.Reason == "" {
			t.Errorf("%s is %s for no reason", r.Test, v)
		}
	}
	if len(report.Results) < 55 {
		t.Errorf("%d tests ran", len(report.Results))
	}
	if report.Verdict() != schedtest.Failed {
		t.Errorf("all in all %s", report.Verdict())
	}
}

// A test with k conflicting operations in each of two goroutines has as many
// schedules that differ as there are ways to merge them.
func TestProveRunsEachClassOnce(t *testing.T) {
	t.Parallel()
	opts := module(t, map[string]string{"m_test.go": `package m

import (
	"sync"
	"sync/atomic"
	"testing"
)

func adds(t *testing.T, k int) {
	var wg sync.WaitGroup
	var x atomic.Int64
	for range 2 {
		wg.Go(func() {
			for range k {
				x.Add(1)
			}
		})
	}
	wg.Wait()
	if x.Load() != int64(2*k) {
		t.Fatal("lost")
	}
}

func TestEmpty(t *testing.T) {}
func TestAdd1(t *testing.T) { adds(t, 1) }
func TestAdd2(t *testing.T) { adds(t, 2) }
func TestAdd3(t *testing.T) { adds(t, 3) }
func TestAdd4(t *testing.T) { adds(t, 4) }
func TestAdd5(t *testing.T) { adds(t, 5) }
func TestAdd6(t *testing.T) { adds(t, 6) }

func own(n, k int) {
	var wg sync.WaitGroup
	for range n {
		wg.Go(func() {
			mu := new(sync.Mutex)
			for range k {
				mu.Lock()
				mu.Unlock()
			}
		})
	}
	wg.Wait()
}

func TestOwn2(t *testing.T) { own(2, 1) }
func TestOwn3(t *testing.T) { own(3, 3) }
func TestOwn8(t *testing.T) { own(8, 60) } // one for more schedules than a float64 can count

func TestResults(t *testing.T) {
	a, b := make(chan int), make(chan int)
	go func() { a <- 1 }()
	go func() { b <- 1 }()
	<-a
	<-b
}

func TestFailedCompare(t *testing.T) { // a compare-and-swap that fails is a load
	var x atomic.Int32
	done := make(chan bool, 2)
	for range 2 {
		go func() { x.CompareAndSwap(5, 6); done <- true }()
	}
}
`})
	want := map[string]uint64{"TestEmpty": 1, "TestAdd1": 2, "TestAdd2": 6, "TestAdd3": 20, "TestAdd4": 70, "TestAdd5": 252, "TestAdd6": 924,
		"TestOwn2": 1, "TestOwn3": 1, "TestOwn8": 1, "TestResults": 4, "TestFailedCompare": 2}
	report := prove(t, opts)
	for _, r := range report.Results {
		if r.Verdict != schedtest.Proven || r.Proof.Executions != want[r.Test] || r.Proof.Blocked != 0 {
			t.Errorf("%s: %s, %s, %+v, want %d executions", r.Test, r.Verdict, r.Reason, r.Proof, want[r.Test])
		}
		if !strings.Contains(r.Proof.Bound, "assuming no data race") {
			t.Errorf("%s: the race detector did not look, and the verdict says only %q", r.Test, r.Proof.Bound)
		}
	}
	if _, err := json.Marshal(report); err != nil {
		t.Errorf("the report is no JSON: %v", err)
	}
}

// With -time ideal a timer fires only when nothing else can run.
func TestProveIdealTime(t *testing.T) {
	t.Parallel()
	opts := proofs()
	opts.Time = schedtest.TimeIdeal
	opts.Run = "^Test(Sleep|Timeout|AfterFunc|Clock|ContextTimeout)(Fails|Undecided)$"
	for _, r := range prove(t, opts).Results {
		if r.Verdict != schedtest.Proven {
			t.Errorf("%s: %s, %s", r.Test, r.Verdict, r.Reason)
		}
	}
}

func TestProofOfAFailureReplaysLong(t *testing.T) {
	t.Parallel()
	long.Only(t, "it builds the standard library once more, for the race detector")
	proofReplays(t, "^TestRWRecursiveFails$")
}

func TestProofsOfFailuresReplayLong(t *testing.T) {
	t.Parallel()
	long.Only(t, "two more of other kinds")
	proofReplays(t, "^Test(SelectLate|AfterFunc)Fails$")
}

func proofReplays(t *testing.T, tests string) {
	opts := proofs()
	opts.NoMinimize = false
	opts.Run = tests
	for _, r := range prove(t, opts).Results {
		if r.Finding == nil || !r.Finding.Exact {
			t.Errorf("%s: %+v", r.Test, r.Finding)
			continue
		}
		for _, seed := range []string{r.Finding.Seed, r.Finding.Original} {
			again := proofs()
			again.Replay, again.Run = seed, "^"+r.Test+"$"
			got := run(t, again)
			if len(got.Results) != 1 || got.Results[0].Finding == nil || got.Results[0].Finding.Kind != r.Finding.Kind {
				t.Errorf("%s: replay of %s: %+v", r.Test, seed, got.Results)
			}
		}
	}
}

func TestProofThatIsCutShortLong(t *testing.T) {
	t.Parallel()
	long.Only(t, "it builds the standard library once more, for the race detector")
	const test = `package m

import (
	"sync"
	"sync/atomic"
	"testing"
)

func TestX(t *testing.T) {
	var x atomic.Int64
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 20 {
				x.Add(1)
			}
		})
	}
	wg.Wait()
}
`
	opts := module(t, map[string]string{"m_test.go": test})
	opts.MaxExecutions = 50
	r := prove(t, opts).Results[0]
	if r.Verdict != schedtest.Undecided || r.Proof.Executions != 50 || !strings.Contains(r.Reason, "50 executions were not enough") {
		t.Errorf("%s, %s, %+v", r.Verdict, r.Reason, r.Proof)
	}
	opts.MaxExecutions, opts.Duration = 0, 300*time.Millisecond
	r = prove(t, opts).Results[0]
	if r.Verdict != schedtest.Undecided || !strings.Contains(r.Reason, "300ms were not enough") {
		t.Errorf("%s, %s, %+v", r.Verdict, r.Reason, r.Proof)
	}
	opts.Duration = time.Hour
	ctx, cancel := context.WithCancel(t.Context())
	opts.Progress = func(p schedtest.Progress) {
		if p.Phase == "prove" && p.Schedules > 10 {
			cancel()
		}
	}
	report, err := schedtest.Prove(ctx, opts)
	if err != nil || !report.Interrupted || report.Verdict() != schedtest.Undecided {
		t.Errorf("after an interrupt: %v, %+v", err, report)
	}
}

func TestProofOfWhatDoesNotRepeat(t *testing.T) {
	t.Parallel()
	opts := module(t, map[string]string{"m_test.go": `package m

import (
	"sync/atomic"
	"testing"
)

var runs = new(int)

func TestX(t *testing.T) {
	*runs++
	var x atomic.Int64
	done := make(chan bool)
	go func() {
		for range *runs {
			x.Add(1)
		}
		close(done)
	}()
	x.Add(1)
	<-done
}
`})
	if r := prove(t, opts).Results[0]; r.Verdict != schedtest.Unsuitable {
		t.Errorf("%s, %s, %+v", r.Verdict, r.Reason, r.Proof)
	}
}

func TestProveBadInput(t *testing.T) {
	t.Parallel()
	if _, err := schedtest.Prove(t.Context(), schedtest.Options{Time: "late"}); err == nil || !strings.Contains(err.Error(), `time "late"`) {
		t.Errorf("time late: %v", err)
	}
	opts := module(t, map[string]string{"m_test.go": "package m\nimport \"testing\"\nfunc init() { panic(\"early\") }\nfunc TestX(t *testing.T) {}\n"})
	report := prove(t, opts)
	if len(report.Results) != 1 || report.Results[0].Finding == nil || report.Results[0].Finding.Kind != schedtest.SetupFailure {
		t.Errorf("a panic in init: %+v", report.Results)
	}
}

func TestProofAsTextLong(t *testing.T) {
	t.Parallel()
	long.Only(t, "it builds the standard library once more, for the race detector")
	opts := proofs()
	opts.Run = "^Test(Once|Context)Proven$|^TestMapOrderUndecided$"
	report := prove(t, opts)
	var text, js bytes.Buffer
	if err := report.WriteText(&text, false); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"--- PROVEN: TestOnceProven (", "every order of synchronisation, any goroutine may be up to 10s late",
		"--- UNDECIDED: TestMapOrderUndecided", "ranges over a map: its order is sampled, not enumerated (at prove_test.go:"} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("no %q in\n%s", want, text.String())
		}
	}
	if err := report.WriteJSON(&js); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"verdict": "proven"`, `"executions": `, `"blocked": 0`, `"bound": "`, `"limits": [`} {
		if !strings.Contains(js.String(), want) {
			t.Errorf("no %s in\n%s", want, js.String())
		}
	}
}

// The explanation that the command prints is the file.
func TestExplanation(t *testing.T) {
	text, err := os.ReadFile("PROVE.md")
	if err != nil || schedtest.Explanation != string(text) {
		t.Errorf("it is not PROVE.md: %v", err)
	}
}

// Without symbols it is not known what executions leave to each other.
func TestProofWithoutSymbolsLong(t *testing.T) {
	t.Parallel()
	long.Only(t, "it links without symbols")
	opts := module(t, map[string]string{"m_test.go": "package m\nimport \"testing\"\nvar n int\nfunc TestX(t *testing.T) { n++ }\n"})
	opts.BuildFlags = []string{"-ldflags=-s"}
	if r := prove(t, opts).Results[0]; r.Verdict != schedtest.Undecided || !strings.Contains(r.Reason, "without symbols") {
		t.Errorf("%s: %s", r.Verdict, r.Reason)
	}
}

// Beyond a million objects or 64 MiB it is not known what executions leave to each other.
func TestProofWithMuchMemoryLong(t *testing.T) {
	t.Parallel()
	long.Only(t, "it needs memory and the time to compare it")
	opts := module(t, map[string]string{"bytes/m_test.go": `package m

import "testing"

var data = make([]byte, 65<<20)

func TestX(t *testing.T) {}
`, "objects/m_test.go": `package m

import "testing"

type node struct{ next *node }

var list *node

func init() {
	for range 1<<20 + 1 {
		list = &node{list}
	}
}

func TestX(t *testing.T) {}
`, "fits/m_test.go": `package m

import "testing"

type node struct{ next *node }

var (
	data = make([]byte, 30<<20)
	list *node
)

func init() {
	for range 1 << 18 {
		list = &node{list}
	}
}

func TestX(t *testing.T) {}
`})
	opts.Patterns = []string{"./..."}
	want := map[string]schedtest.Verdict{"bytes": schedtest.Undecided, "objects": schedtest.Undecided, "fits": schedtest.Proven}
	for _, r := range prove(t, opts).Results {
		name := r.Package[strings.LastIndexByte(r.Package, '/')+1:]
		if r.Verdict != want[name] || r.Verdict == schedtest.Undecided && !strings.Contains(r.Reason, "more than a million objects or 64 MiB") {
			t.Errorf("%s: %s: %s", name, r.Verdict, r.Reason)
		}
		delete(want, name)
	}
	if len(want) > 0 {
		t.Errorf("not run: %v", want)
	}
}

// A loop has no end of executions; a failure elsewhere, of which none of the last
// operations is a part, is found behind it.
func TestProofLooksBehindALoopLong(t *testing.T) {
	t.Parallel()
	long.Only(t, "half a minute")
	opts := module(t, map[string]string{"m_test.go": `package m

import (
	"sync"
	"sync/atomic"
	"testing"
)

func TestX(t *testing.T) {
	var stop atomic.Bool
	var x atomic.Int32
	var wg sync.WaitGroup
	rounds := new(int)
	wg.Go(func() {
		for !stop.Load() {
			*rounds++
		}
	})
	for i := range 2 {
		wg.Go(func() {
			v := x.Load()
			x.Store(v + 1)
			if i == 1 {
				stop.Store(true)
			}
		})
	}
	wg.Wait()
	if x.Load() != 2 {
		t.Fatal("lost")
	}
}
`})
	opts.Race, opts.NoMinimize, opts.Duration = true, true, 2*time.Minute
	if r := prove(t, opts).Results[0]; r.Verdict != schedtest.Failed {
		t.Errorf("%s: %s", r.Verdict, r.Reason)
	}
}
