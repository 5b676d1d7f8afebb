package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/fearless-go/fearless/internal/long"
)

// sharedTests are checks that one piece does and that many do, right and wrong ones.
const sharedTests = `package user

import (
	"os"
	"testing"

	"github.com/fearless-go/fearless/atomic"
	"github.com/fearless-go/fearless/model"
	"github.com/fearless-go/fearless/thread"
)

func writers(n, each int, fails bool) func() {
	return func() {
		var x, y atomic.Int64
		thread.Scope(func(s *thread.ScopeHandle) {
			for i := range n {
				s.Go(func() {
					for j := range each {
						x.Store(int64(10*i+j), atomic.Relaxed)
						_ = y.Load(atomic.Relaxed)
						y.Store(int64(10*i+j), atomic.Relaxed)
					}
				})
			}
		})
		a, b := x.Load(atomic.Relaxed), y.Load(atomic.Relaxed)
		model.Observe(a)
		model.Assert(!fails || a != 1 || b != 11)
	}
}

func TestBig(t *testing.T)   { model.Check(t, writers(4, 1, false)) }
func TestWrong(t *testing.T) { model.Check(t, writers(3, 2, true)) }
func TestPlain(t *testing.T) {}
func TestParts(t *testing.T) {
	for _, name := range []string{"a b", "a_b", "(c)"} {
		t.Run(name, func(t *testing.T) {
			model.Check(t, writers(2, 1, false))
			model.Check(t, writers(2, 2, false))
		})
	}
}

// A sample is no exploration that can be shared.
func TestSample(t *testing.T) { model.Check(t, writers(3, 2, false), model.Seed(3), model.MaxExecutions(50)) }

// What a worker cannot do is done here.
func TestHere(t *testing.T) {
	if _, err := os.Stat(os.Getenv("FEARLESS_NO_WORKER_HAS_THIS")); err != nil {
		t.Skip("not on this machine")
	}
	model.Check(t, writers(2, 2, false))
}

func TestDies(t *testing.T) {
	if os.Getenv("FEARLESS_DIES") != "" {
		model.Check(t, func() { os.Exit(7) })
	}
}
`

func modelLines(t *testing.T, args ...string) (code int, lines []modelLine) {
	t.Helper()
	code, out, errw := modelRun(t, append([]string{"-json"}, args...)...)
	if err := json.Unmarshal([]byte(out), &lines); err != nil {
		t.Fatalf("status %d, %v\n%s\n%s", code, err, out, errw)
	}
	for i := range lines {
		// How many runs are blocked differs between engines, and estimates with the time.
		l := &lines[i]
		l.Seconds, l.Blocked, l.Trace, l.Over, l.Estimate = 0, 0, nil, 0, nil
	}
	return code, lines
}

func TestModelSharedIsAsOnOneMachineLong(t *testing.T) {
	long.Only(t, "it starts process after process")
	t.Setenv("FEARLESS_TEST_AS_COMMAND", "1") // for the workers, which are this binary
	dir := modelProgram(t)
	if err := os.WriteFile(filepath.Join(dir, "user_test.go"), []byte(sharedTests), 0o666); err != nil {
		t.Fatal(err)
	}
	code, want := modelLines(t, "-C", dir, ".")
	if code != exitFailure || len(want) != 9 {
		t.Fatalf("one machine: status %d, %+v", code, want)
	}
	for _, workers := range []string{"1", "2", "4", "8"} {
		code, got := modelLines(t, "-C", dir, "-workers", workers, ".")
		if code != exitFailure || !reflect.DeepEqual(got, want) {
			t.Errorf("%s workers: status %d\n%+v\none machine:\n%+v", workers, code, got, want)
		}
	}
	t.Setenv("FEARLESS_DIES", "1")
	if code, got := modelLines(t, "-C", dir, "-workers", "2", "-run", "Dies|Big", "."); code == exitOK || len(got) == 0 {
		t.Errorf("a test that ends its process: status %d, %+v", code, got)
	}
}

func TestModelRefusesWhatCannotBeShared(t *testing.T) {
	for _, test := range []struct {
		args []string
		want string
	}{
		{[]string{"-workers", "2", "-cluster", "nats://x"}, "give one of them"},
		{[]string{"-workers", "-1"}, "-workers -1: use 1 to"},
		{[]string{"-workers", "2", "-seed", "1"}, "-seed cannot be shared"},
		{[]string{"-workers", "2", "-max-executions", "9"}, "-max-executions cannot be shared"},
		{[]string{"-workers", "2", ".", "--", "-race"}, "-race"},
		{[]string{"-cluster", "nats://127.0.0.1:1"}, "no server"},
		{[]string{"-cluster", "nats://127.0.0.1:1", "-team", "a b"}, "up to 40 letters"},
	} {
		call(t, "", append([]string{"model"}, test.args...)...).wantError(t, exitUsage, test.want)
	}
	for _, test := range []struct {
		args []string
		want string
	}{
		{nil, "use serve, work or status"},
		{[]string{"play"}, `"play" is no part of it`},
		{[]string{"status", "-server", "nats://127.0.0.1:1"}, "no server"},
		{[]string{"status", "more"}, "one argument too many"},
		{[]string{"work", "-server", "nats://127.0.0.1:1"}, "fearless cluster serve"},
		{[]string{"work", "-deadline", "1ms"}, "-deadline at least a second"},
		{[]string{"serve", "-listen", "nowhere"}, "host:port"},
		{[]string{"serve", "-cert", "c"}, "both a certificate and its key"},
		{[]string{"serve", "-dir", "/dev/null/x"}, "/dev/null"},
	} {
		call(t, "", append([]string{"cluster"}, test.args...)...).wantError(t, exitUsage, test.want)
	}
}
