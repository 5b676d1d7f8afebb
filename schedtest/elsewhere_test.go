package schedtest_test

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/fearless-go/fearless/internal/long"
	"github.com/fearless-go/fearless/schedtest"
)

const readsItsEnvironment = `package m

import (
	"os"
	"sync"
	"testing"
)

func TestX(t *testing.T) {
	var mu sync.Mutex
	var wg sync.WaitGroup
	n := 0
	for range 2 {
		wg.Go(func() {
			mu.Lock()
			v := n
			if os.Getenv("FEARLESS_TEST_MODE") == "bad" {
				mu.Unlock()
				mu.Lock()
			}
			n = v + 1
			mu.Unlock()
		})
	}
	wg.Wait()
	if n != 2 {
		t.Error("an addition is lost")
	}
}
`

// The place where a proof is run may be another one than that which it is for.
func TestAProofElsewhereIsOneHereLong(t *testing.T) {
	t.Parallel()
	long.Only(t, "it builds the standard library once more, for the race detector")
	opts := module(t, map[string]string{"m_test.go": readsItsEnvironment})
	opts.Race = true
	bad := "FEARLESS_TEST_MODE=bad"
	for _, test := range []struct {
		name      string
		here      string // a variable of this machine's environment
		elsewhere func(context.Context, *schedtest.Process) (*schedtest.Ended, error)
		want      schedtest.Verdict
		reason    string
	}{
		{"the same", "FEARLESS_OTHER=1", with(nil), schedtest.Proven, ""},
		{"it passes there", bad, with(nil), schedtest.Undecided, "the environment variable FEARLESS_TEST_MODE, which the test reads, is another where it ran"},
		{"it fails there", "FEARLESS_OTHER=1", with(func(cmd *exec.Cmd) { cmd.Env = append(cmd.Env, bad) }), schedtest.Proven, ""},
		{"it does not start there", "FEARLESS_OTHER=1", with(func(cmd *exec.Cmd) { cmd.Args = []string{cmd.Path, "-no-such-flag"} }), schedtest.Proven, ""},
		{"nobody can do it", "FEARLESS_OTHER=1", func(context.Context, *schedtest.Process) (*schedtest.Ended, error) {
			return nil, &schedtest.GivenUpError{Why: "three have died"}
		}, schedtest.Undecided, "three have died"},
	} {
		t.Run(test.name, func(t *testing.T) {
			opts := opts
			opts.Elsewhere, opts.Env = test.elsewhere, append(os.Environ(), test.here)
			r := prove(t, opts)
			if len(r.Results) != 1 || r.Results[0].Verdict != test.want || r.Verdict() != test.want || !strings.Contains(r.Results[0].Reason, test.reason) {
				t.Errorf("%s: %+v; want %s: %s", r.Verdict(), r.Results, test.want, test.reason)
			}
		})
	}
}

// with runs processes as a worker does, which gets them as JSON.
func with(change func(*exec.Cmd)) func(context.Context, *schedtest.Process) (*schedtest.Ended, error) {
	return func(ctx context.Context, p *schedtest.Process) (*schedtest.Ended, error) {
		text, err := json.Marshal(p)
		if err != nil {
			return nil, err
		}
		q := &schedtest.Process{}
		if err := json.Unmarshal(text, q); err != nil {
			return nil, err
		}
		q.Binary, q.For = p.Binary, p.Duration
		return q.Run(ctx, change, nil)
	}
}
