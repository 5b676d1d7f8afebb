package schedtest_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/fearless-go/fearless/internal/long"
	"github.com/fearless-go/fearless/schedtest"
)

const additions = `package m

import (
	"sync"
	"sync/atomic"
	"testing"
)

func TestAdds(t *testing.T) {
	var x atomic.Int64
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			for range 5 {
				x.Add(1)
			}
		})
	}
	wg.Wait()
	if x.Load() != 10 {
		t.Fatal("lost")
	}
}

// It fails with two preemptions: behind the first load, and behind the first store.
func TestFails(t *testing.T) {
	var x atomic.Int64
	var wg sync.WaitGroup
	wg.Go(func() {
		if x.Load() == 0 && x.Load() == 1 {
			t.Error("seen")
		}
	})
	wg.Go(func() { x.Store(1); x.Store(2) })
	wg.Wait()
}
`

// A proof that is interrupted again and again, and goes on from its checkpoint in
// one process or several, has the executions of one that is not.
func TestProofGoesOnLong(t *testing.T) {
	t.Parallel()
	long.Only(t, "it starts process after process")
	opts := module(t, map[string]string{"m_test.go": additions})
	opts.Checkpoint = filepath.Join(t.TempDir(), "checkpoint")
	opts.Run = "^TestAdds$"
	var r schedtest.TestResult
	last := 0.0
	for n := 0; ; n++ {
		opts.MaxExecutions, opts.Processes = 0, 0
		switch {
		case n == 0:
			opts.MaxExecutions = 30
		case n < 2:
			opts.MaxExecutions, opts.Processes = r.Proof.Executions+r.Proof.Blocked+40, n%3
		default:
			opts.Processes = 2
		}
		r = prove(t, opts).Results[0]
		if r.Proof.Done < last {
			t.Errorf("%g is done after %g", r.Proof.Done, last)
		}
		last = r.Proof.Done
		if r.Verdict != schedtest.Undecided || n > 10 {
			break
		}
		if !strings.Contains(r.Reason, "an estimated") || r.Proof.Done >= 1 {
			t.Errorf("%s, %+v", r.Reason, r.Proof)
		}
	}
	if r.Verdict != schedtest.Proven || r.Proof.Executions != 252 || r.Proof.Done != 1 {
		t.Errorf("%s, %s, %+v, want 252 executions", r.Verdict, r.Reason, r.Proof)
	}
	// What is proven is not proven again.
	if r := prove(t, opts).Results[0]; r.Verdict != schedtest.Proven || r.Proof.Executions != 252 {
		t.Errorf("again: %s, %+v", r.Verdict, r.Proof)
	}
	var fault *schedtest.CheckpointError
	other := opts
	other.Time = schedtest.TimeIdeal
	if _, err := schedtest.Prove(t.Context(), other); !errors.As(err, &fault) || !strings.Contains(err.Error(), "other code") {
		t.Errorf("with other options: %v", err)
	}
	if err := os.WriteFile(filepath.Join(opts.Dir, "m_test.go"), []byte(strings.ReplaceAll(additions, "range 5", "range 4")), 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := schedtest.Prove(t.Context(), opts); !errors.As(err, &fault) {
		t.Errorf("with other code: %v", err)
	}
	for _, text := range []string{"", "{", `{"format": "other"}`} {
		if err := os.WriteFile(opts.Checkpoint, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		if _, err := schedtest.Prove(t.Context(), opts); !errors.As(err, &fault) {
			t.Errorf("a checkpoint of %q: %v", text, err)
		}
	}
}

func TestProofInSeveralProcessesLong(t *testing.T) {
	t.Parallel()
	long.Only(t, "it starts process after process")
	opts := module(t, map[string]string{"m_test.go": additions})
	opts.Processes = 3
	report := prove(t, opts)
	if r := report.Results[0]; r.Verdict != schedtest.Proven || r.Proof.Executions != 252 {
		t.Errorf("%s, %s, %+v, want 252 executions", r.Verdict, r.Reason, r.Proof)
	}
	if f := report.Results[1].Finding; f == nil || f.Kind != schedtest.TestFailure || !f.Exact {
		t.Errorf("%+v", report.Results[1])
	}
	// An interrupt, and then the rest.
	opts.Run, opts.Checkpoint = "^TestAdds$", filepath.Join(t.TempDir(), "checkpoint")
	ctx, cancel := context.WithCancel(t.Context())
	opts.Progress = func(p schedtest.Progress) {
		if p.Phase == "prove" && p.Schedules > 20 {
			cancel()
		}
	}
	if report, err := schedtest.Prove(ctx, opts); err != nil || ctx.Err() != nil && !report.Interrupted {
		t.Errorf("after an interrupt: %v, %+v", err, report)
	}
	opts.Progress = nil
	if r := prove(t, opts).Results[0]; r.Verdict != schedtest.Proven || r.Proof.Executions != 252 {
		t.Errorf("the rest: %s, %s, %+v, want 252 executions", r.Verdict, r.Reason, r.Proof)
	}
}

// With a bound on preemptions nothing is proven, but all within it is run.
func TestBoundedProofLong(t *testing.T) {
	t.Parallel()
	long.Only(t, "it builds the standard library once more, for the race detector")
	opts := module(t, map[string]string{"m_test.go": additions})
	opts.Race = true
	for bound, want := range map[string]schedtest.Verdict{"preemptions:0": schedtest.Passed, "preemptions:1": schedtest.Passed, "preemptions:2": schedtest.Failed} {
		opts.Bound = bound
		report := prove(t, opts)
		adds, fails := report.Results[0], report.Results[1]
		if adds.Verdict != schedtest.Passed || !adds.Complete || adds.Bound == "" || !strings.Contains(adds.Proof.Bound, "preemption") {
			t.Errorf("%s: %s, %+v", bound, adds.Verdict, adds.Proof)
		}
		if fails.Verdict != want {
			t.Errorf("%s: the test that needs two preemptions is %s, want %s", bound, fails.Verdict, want)
		}
		var text bytes.Buffer
		if err := report.WriteText(&text, false); err != nil || strings.Contains(text.String(), "PROVEN") || !strings.Contains(text.String(), "--- PASSED: TestAdds") {
			t.Errorf("%s: %v\n%s", bound, err, text.String())
		}
	}
	for _, bad := range []string{"2", "preemptions", "preemptions:", "preemptions:-1", "preemptions:x", "delays:2"} {
		opts.Bound = bad
		if _, err := schedtest.Prove(t.Context(), opts); err == nil || !strings.Contains(err.Error(), "preemptions:N") {
			t.Errorf("bound %q: %v", bad, err)
		}
	}
}

// A checkpoint is of a test with what it reads: its files, and the variables of its environment.
func TestCheckpointOfOtherInputsLong(t *testing.T) {
	t.Parallel()
	long.Only(t, "it starts process after process")
	opts := module(t, map[string]string{"in.txt": "3", "m_test.go": `package m

import (
	"os"
	"sync/atomic"
	"testing"
)

var text, _ = os.ReadFile("in.txt")

func TestX(t *testing.T) {
	rounds := int(text[0]-'0') + len(os.Getenv("FEARLESS_ROUNDS"))
	var x atomic.Int32
	done := make(chan bool)
	for range 2 {
		go func() {
			for range rounds {
				x.Add(1)
			}
			done <- true
		}()
	}
	<-done
	<-done
}
`})
	opts.Checkpoint = filepath.Join(t.TempDir(), "checkpoint")
	opts.Env = append(os.Environ(), "FEARLESS_OTHER=1")
	if r := prove(t, opts).Results[0]; r.Verdict != schedtest.Proven {
		t.Fatalf("%s: %s", r.Verdict, r.Reason)
	}
	refused := func(opts schedtest.Options, word string) {
		t.Helper()
		var e *schedtest.CheckpointError
		if _, err := schedtest.Prove(t.Context(), opts); !errors.As(err, &e) || !strings.Contains(e.Why, word) {
			t.Errorf("%v, and no word of %s", err, word)
		}
	}
	other := opts
	other.Env = append(os.Environ(), "FEARLESS_ROUNDS=x")
	refused(other, "the environment variable FEARLESS_ROUNDS")
	other.Env = append(os.Environ(), "FEARLESS_OTHER=2") // nobody reads it
	if r := prove(t, other).Results[0]; r.Verdict != schedtest.Proven {
		t.Errorf("%s: %s", r.Verdict, r.Reason)
	}
	if err := os.WriteFile(filepath.Join(opts.Dir, "in.txt"), []byte("4"), 0o666); err != nil {
		t.Fatal(err)
	}
	refused(opts, "the file in.txt")
}
