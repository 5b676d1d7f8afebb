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

	"github.com/fearless-go/fearless/schedtest"
)

// TestProveAgreesWithAnInterpreter proves random programs, with waiting loops, that
// a slow interpreter has run in every order: what can go wrong must be found, and
// of the others every outcome must be seen and no other.
// FEARLESS_TWIN_PROVE is how many programs.
func TestProveAgreesWithAnInterpreter(t *testing.T) {
	t.Parallel()
	count := 8
	if s := os.Getenv("FEARLESS_TWIN_PROVE"); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil {
			t.Fatalf("FEARLESS_TWIN_PROVE=%s: %v", s, err)
		}
		count = n
	}
	seed := uint64(1)
	if s := os.Getenv("FEARLESS_TWIN_SEED"); s != "" {
		var err error
		if seed, err = strconv.ParseUint(s, 10, 64); err != nil {
			t.Fatalf("FEARLESS_TWIN_SEED=%s: %v", s, err)
		}
	}
	r := rand.New(rand.NewPCG(seed, 3))
	truth := map[string]*interpreter{}
	var source strings.Builder
	source.WriteString(twinHead)
	for fails := 0; len(truth) < count; {
		p := waitingProgram(r)
		in := interpret(p)
		if len(in.seen) > 3000 || len(in.seen) < 12 || len(in.kinds) > 0 && fails > len(truth)/2 {
			continue
		}
		if len(in.kinds) > 0 {
			fails++
		}
		name := fmt.Sprintf("TestP%04d", len(truth))
		truth[name] = in
		source.WriteString(p.source(name, "none"))
	}
	dir := t.TempDir()
	opts := module(t, map[string]string{"m_test.go": source.String()})
	opts.Env = append(os.Environ(), "TWIN_DIR="+dir)
	opts.Race, opts.Duration, opts.NoMinimize = true, 10*time.Minute, true
	report := prove(t, opts)
	if len(report.Results) != count {
		t.Fatalf("%d tests ran, want %d", len(report.Results), count)
	}
	done, executions := 0, uint64(0)
	for _, result := range report.Results {
		in := truth[result.Test]
		text, err := os.ReadFile(filepath.Join(dir, result.Test))
		if err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
		seen := map[string]bool{}
		for line := range strings.Lines(string(text)) {
			seen[strings.TrimSuffix(line, "\n")] = true
		}
		whole := result.Proof != nil && result.Proof.Done == 1
		for o := range seen {
			if !in.outcomes[o] {
				t.Errorf("%s: the outcome %s is impossible", result.Test, o)
			}
		}
		f := result.Finding
		switch {
		case f != nil && f.Kind == schedtest.DataRace && in.kinds[schedtest.SendOnClosed]:
			// The race detector calls a send beside a close so, whichever is first.
		case f != nil && f.Kind == schedtest.DataRace && in.program.closesWhatLenSaw():
			// len orders nothing: go test -race calls the close behind it a race with
			// the send that it saw.
		case f != nil && !in.kinds[f.Kind]:
			t.Errorf("%s: %s: %s; it can only end in %v", result.Test, f.Kind, f.Message, in.kinds)
		case f == nil && whole && len(in.kinds) > 0:
			t.Errorf("%s: %d executions, and can end in %v", result.Test, result.Proof.Executions, in.kinds)
		case f == nil && whole:
			for o := range in.outcomes {
				if !seen[o] {
					t.Errorf("%s: %d executions have not seen %s", result.Test, result.Proof.Executions, o)
				}
			}
		}
		if f != nil || whole {
			done++
		} else {
			t.Logf("%s: %s: %s\n%v", result.Test, result.Verdict, result.Reason, in.program)
		}
		if result.Proof != nil {
			executions += result.Proof.Executions
		}
		if t.Failed() {
			t.Log(result.Test, in.program, slices.Sorted(maps.Keys(in.outcomes)))
			t.Log(in.program.source(result.Test, "none"))
			t.FailNow()
		}
	}
	if done*10 < count*9 {
		t.Errorf("only %d of %d programs were decided", done, count)
	}
	t.Logf("%d programs, %d decided, %d executions", count, done, executions)
}

// waitingProgram is a random program with loops that wait.
func waitingProgram(r *rand.Rand) program {
	p := randomProgram(r)
	for i, list := range p.threads {
		var out []instruction
		for _, in := range list {
			switch {
			case in.op == "lock" && r.IntN(2) == 0:
				in.op = "trylock"
			case in.op == "receive" && r.IntN(2) == 0:
				in.op = "poll"
			case in.op == "load" && r.IntN(2) == 0:
				wait := []string{"await", "spin", "swap", "filled", "both", "guarded"}[r.IntN(6)]
				in = instruction{op: wait, x: in.x, n: in.n}
			}
			out = append(out, in)
		}
		p.threads[i] = out
	}
	return p
}

// closesWhatLenSaw reports whether a thread closes a channel behind a loop on its
// length, and another one sends to it.
func (p program) closesWhatLenSaw() bool {
	for i, list := range p.threads {
		for at, in := range list {
			if in.op != "filled" {
				continue
			}
			closes := slices.ContainsFunc(list[at:], func(b instruction) bool { return b.op == "close" && b.x == in.x })
			for j, other := range p.threads {
				if closes && i != j && slices.ContainsFunc(other, func(b instruction) bool { return b.op == "send" && b.x == in.x }) {
					return true
				}
			}
		}
	}
	return false
}

// waits reports whether the op is a loop that waits.
func waits(op string) bool {
	switch op {
	case "await", "spin", "swap", "filled", "both", "guarded", "trylock", "poll":
		return true
	}
	return false
}

// waitingSource is the source of a waiting loop.
func waitingSource(in instruction) string {
	switch x := in.x; in.op {
	case "await":
		return fmt.Sprintf("for v[%d].Load() == 0 {\nruntime.Gosched()\n}\n", x)
	case "spin":
		return fmt.Sprintf("for !v[%d].CompareAndSwap(0, %d) {\n}\n", x, in.n)
	case "swap":
		return fmt.Sprintf("for v[%d].Swap(%d) != 0 {\nruntime.Gosched()\n}\n", x, in.n)
	case "filled":
		return fmt.Sprintf("for len(c[%d]) == 0 {\n}\n", x)
	case "both":
		return fmt.Sprintf("for v[%d].Load() == 0 && v[%d].Load() != %d {\n}\n", x, 1-x, in.n)
	case "guarded":
		return fmt.Sprintf("for {\nmu[%d].Lock()\nx := v[%d].Load()\nmu[%d].Unlock()\nif x != 0 {\nbreak\n}\nruntime.Gosched()\n}\n", x, 1-x, x)
	case "trylock":
		return fmt.Sprintf("for !mu[%d].TryLock() {\nruntime.Gosched()\n}\n", x)
	case "poll":
		return fmt.Sprintf("for more := true; more; {\nselect {\ncase x := <-c[%d]:\nout, more = append(out, x), false\ndefault:\n}\n}\n", x)
	}
	return ""
}

// wait returns the states that come of a round of a waiting loop of thread i that
// has an effect.
func (in *interpreter) wait(m machine, i int) (next []machine) {
	now := in.program.threads[i][m.pc[i]]
	x := now.x
	step := func(past bool, change func(c *machine)) {
		c := m.clone()
		if past {
			c.pc[i]++
			c.half[i] = false
		}
		change(&c)
		next = append(next, c)
	}
	nothing := func(*machine) {}
	switch now.op {
	case "await":
		if m.v[x] != 0 {
			step(true, nothing)
		}
	case "spin":
		if m.v[x] == 0 {
			step(true, func(c *machine) { c.v[x] = int64(now.n) })
		}
	case "swap":
		if m.v[x] != int64(now.n) {
			step(m.v[x] == 0, func(c *machine) { c.v[x] = int64(now.n) })
		}
	case "filled":
		if len(m.queue[x]) > 0 {
			step(true, nothing)
		}
	case "guarded":
		if !m.locked[x] && m.v[1-x] != 0 {
			step(true, nothing)
		}
	case "trylock":
		if !m.locked[x] {
			step(true, func(c *machine) { c.locked[x] = true })
		}
	case "poll":
		return in.receive(m, i, x, 0)
	case "both": // half: it has read the first
		switch {
		case m.half[i] && m.v[1-x] == int64(now.n), !m.half[i] && m.v[x] != 0:
			step(true, nothing)
		case !m.half[i]:
			step(false, func(c *machine) { c.half[i] = true })
		}
	}
	return next
}

// halfway reports whether a state is one in the middle of rounds without effect, of
// which another is the beginning.
func (in *interpreter) halfway(m machine) bool { return slices.Contains(m.half, true) }

// idles reports whether going to next from m is only to be in the middle of a round
// that would have no effect if nothing came between.
func (in *interpreter) idles(m, next machine, i int) bool {
	if !next.half[i] || m.half[i] {
		return false
	}
	now := in.program.threads[i][m.pc[i]]
	return next.v[1-now.x] != int64(now.n)
}

// stuck notes what a state is called in which nothing can happen.
func (in *interpreter) stuck(m machine) {
	for i, list := range in.program.threads {
		if m.pc[i] == len(list) || !waits(list[m.pc[i]].op) {
			continue
		}
		if now := list[m.pc[i]]; now.op != "guarded" || !m.locked[now.x] {
			in.kinds[schedtest.Livelock] = true
			return
		}
	}
	in.kinds[schedtest.Deadlock] = true
}
