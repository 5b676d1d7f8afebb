package schedtest_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/fearless-go/fearless/internal/long"
	"github.com/fearless-go/fearless/schedtest"
)

// TestRandomProgramsAgreeWithAnInterpreter runs random programs that a slow
// interpreter has run in every order. No outcome may be impossible, nothing may
// be found that cannot be or is called something else, what can fail must fail
// within 2,000 schedules, and each seed must replay. FEARLESS_TWIN is how many
// programs.
func TestRandomProgramsAgreeWithAnInterpreter(t *testing.T) {
	t.Parallel()
	count := 24
	if s := os.Getenv("FEARLESS_TWIN"); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil {
			t.Fatalf("FEARLESS_TWIN=%s: %v", s, err)
		}
		count = n
	}
	randomPrograms(t, count)
}

func TestManyRandomProgramsAgreeWithAnInterpreterLong(t *testing.T) {
	t.Parallel()
	long.Only(t, "200 programs, each in 2,000 schedules")
	randomPrograms(t, 200)
}

func randomPrograms(t *testing.T, count int) {
	r := rand.New(rand.NewPCG(1, 2))
	truth := map[string]*interpreter{}
	bads := map[string]string{}
	var source strings.Builder
	source.WriteString(twinHead)
	for len(truth) < count {
		p := randomProgram(r)
		in := interpret(p)
		outcomes := slices.Sorted(maps.Keys(in.outcomes))
		if len(in.seen) > tooMany || len(in.seen) < 20 {
			continue
		}
		name := fmt.Sprintf("TestP%04d", len(truth))
		bad := "none"
		if len(outcomes) > 1 && r.IntN(3) > 0 {
			bad = outcomes[r.IntN(len(outcomes))]
			in.kinds[schedtest.TestFailure] = true
		}
		truth[name], bads[name] = in, bad
		source.WriteString(p.source(name, bad))
	}
	dir := t.TempDir()
	opts := module(t, map[string]string{"m_test.go": source.String()})
	opts.Env = append(os.Environ(), "TWIN_DIR="+dir)
	opts.Schedules, opts.Duration, opts.NoMinimize = 2000, time.Hour, true
	report := run(t, opts)
	if len(report.Results) != count {
		t.Fatalf("%d tests ran, want %d", len(report.Results), count)
	}
	found, outcomes, of := 0, 0, 0
	for _, result := range report.Results {
		in := truth[result.Test]
		text, err := os.ReadFile(filepath.Join(dir, result.Test))
		if err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
		seen := map[string]bool{}
		for line := range strings.Lines(string(text)) {
			line = strings.TrimSuffix(line, "\n")
			if seen[line] = true; !in.outcomes[line] {
				t.Errorf("%s: the outcome %s is impossible; fails for %s", result.Test, line, bads[result.Test])
			}
		}
		f := result.Finding
		switch {
		case len(result.Aside) > 0:
			t.Errorf("%s: %s: %s: %s", result.Test, result.Aside[0].Rank, result.Aside[0].Kind, result.Aside[0].Message)
		case f == nil && len(in.kinds) > 0:
			t.Errorf("%s: passed %d schedules, and can end in %v", result.Test, result.Schedules, in.kinds)
		case f != nil && !in.kinds[f.Kind]:
			t.Errorf("%s: %s: %s; it can only end in %v", result.Test, f.Kind, f.Message, in.kinds)
		case f != nil && (!f.Exact || f.Late != 0):
			t.Errorf("%s: the seed %s does not replay, or is late: %+v", result.Test, f.Original, f)
		case f != nil:
			found++
		default:
			outcomes += len(seen)
			of += len(in.outcomes)
		}
		if t.Failed() {
			t.Log(result.Test, in.program)
			t.FailNow()
		}
	}
	if outcomes*10 < of*9 {
		t.Errorf("2,000 schedules see %d of the %d outcomes of the programs that cannot fail", outcomes, of)
	}
	t.Logf("%d programs, %d fail; of the others 2,000 schedules see %d of %d outcomes", count, found, outcomes, of)
}
