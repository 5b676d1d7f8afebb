package schedtest

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/fearless-go/fearless/schedtest/strategy"
)

// runner starts the processes of one test binary.
type runner struct {
	opts    *Options
	target  target
	dir     string // for job files
	jobs    int
	process int  // of those that run at the same time
	system  bool // the test needs the system's network
	globals *globals
	away    bool // what explores and what proves is run elsewhere, if the options say so

	covered blocks // by the processes so far
}

// another returns a runner of the same binary, to run at the same time.
func (r *runner) another(n int) *runner {
	return &runner{opts: r.opts, target: r.target, dir: r.dir, process: n, globals: r.globals}
}

// run runs one process to its end. The error is one of ours, not the program's.
//
// A process that has the network in memory and finds that it needs the system's
// (see _goroot/runtime/network.go) says nothing of the program. Then that job, and
// all that follow of the test, get the system's.
func (r *runner) run(ctx context.Context, j *job, tick func(ran uint64, done float64)) (*outcome, error) {
	o, err := r.once(ctx, j, tick)
	if err == nil && o.needsSystem && !r.system {
		r.system = true
		return r.once(ctx, j, tick)
	}
	return o, err
}

func (r *runner) once(ctx context.Context, j *job, tick func(ran uint64, done float64)) (*outcome, error) {
	p := r.describe(j)
	if r.away && r.opts.Elsewhere != nil && (j.mode == "explore" || j.mode == "prove") {
		e, err := r.opts.Elsewhere(ctx, p)
		if err != nil {
			return nil, err
		}
		if other := inputs(e.Asked).changed(r, "where it ran"); other != "" {
			return nil, &GivenUpError{Why: other + ": run it without -cluster"}
		}
		o, err := r.outcome(j, e)
		if err == nil && tick != nil {
			tick(o.ran, 0)
		}
		return o, err
	}
	r.jobs++
	base := filepath.Join(r.dir, fmt.Sprintf("job%d-%d", r.process, r.jobs))
	profile := base + ".cover"
	defer func() {
		os.Remove(base)
		os.Remove(base + ".result")
		os.Remove(base + ".state")
		os.Remove(base + ".state.beat")
		os.Remove(profile)
	}()
	if r.opts.Cover && j.mode != "list" {
		p.Args = slices.Insert(p.Args, 0, "-test.coverprofile="+profile)
	}
	e, err := p.run(ctx, base, tick, nil, nil)
	if err != nil {
		return nil, err
	}
	if err := r.covered.read(profile); err != nil {
		return nil, err
	}
	return r.outcome(j, e)
}

// describe is the process that does the job.
func (r *runner) describe(j *job) *Process {
	p := &Process{Package: r.target.path, Test: j.test, Binary: r.target.binary, Dir: r.target.dir, Job: r.file(j),
		Duration: j.duration, Stall: r.opts.Stall, env: r.opts.Env}
	p.Args = []string{"-test.timeout=0", fmt.Sprint("-test.parallel=", r.opts.Parallel), "-test.paniconexit0"}
	if j.prove != "" {
		// Parallel subtests do not wait for each other: in which order they would is not tried.
		p.Args[1] = "-test.parallel=64"
	}
	for _, f := range []struct{ name, value string }{{"run", r.opts.Run}, {"skip", r.opts.Skip}} {
		if f.value != "" {
			p.Args = append(p.Args, "-test."+f.name+"="+f.value)
		}
	}
	if r.opts.Short {
		p.Args = append(p.Args, "-test.short")
	}
	p.Args = append(p.Args, r.opts.Args...)
	if r.inMemory(j) {
		mode := "memory"
		if r.opts.Faults != "" {
			mode = "faults"
		}
		p.Vars = []string{"FEARLESS_NET=" + mode}
	}
	return p
}

// inMemory reports whether the network of the job's process is in memory.
func (r *runner) inMemory(j *job) bool { return r.opts.inMemory() && j.prove == "" && !r.system }

// outcome is what the job's process has told.
func (r *runner) outcome(j *job, e *Ended) (*outcome, error) {
	o, err := readOutcome(e.Result)
	if err != nil {
		return nil, err
	}
	o.took = e.Elapsed
	if r.inMemory(j) && e.Net {
		o.needsSystem = true
		return o, nil
	}
	o.console, o.code = e.Console, e.Code
	if e.Word != "" {
		o.word = e.Word
	}
	if o.word == "" {
		// It ended without a word: os.Exit, or a crash below Go.
		o.word = "exit"
	}
	// The race detector makes a process fail for a race in an init function,
	// too, which is none of the test's.
	if o.word == "pass" && o.code != 0 && !o.worn && j.mode != "list" && !strings.Contains(o.console, " data race(s)\n") {
		o.word, o.after = "exit", true // TestMain, after m.Run
	}
	if o.word == "exit" || o.word == "hang" || o.word == "outside" {
		o.readState(e.State)
	}
	return o, nil
}

// watch waits for the process, and ends one that has come to a stop.
func watch(ctx context.Context, cmd *exec.Cmd, stall time.Duration, state string, done chan error, tick func(uint64, float64)) (string, error) {
	poll := time.NewTicker(100 * time.Millisecond)
	defer poll.Stop()
	last, since := "", time.Now()
	busy, _ := processorTime(cmd.Process)
	for {
		select {
		case err := <-done:
			return "", err
		case <-ctx.Done():
			cmd.Process.Kill()
			return "", <-done
		case <-poll.C:
			text, _ := os.ReadFile(state)
			now, _, _ := strings.Cut(string(text), "\n")
			size, sign := lastSign(state + ".beat")
			now += fmt.Sprint("\n", size)
			if now != last {
				if saidNet(state + ".beat") {
					// It is run once more. What it has started it may still end.
					select {
					case err := <-done:
						return "", err
					case <-time.After(netGrace):
					}
					cmd.Process.Kill()
					return "", <-done
				}
				last, since = now, time.Now()
				busy, _ = processorTime(cmd.Process)
				if f := strings.Fields(now); len(f) > 7 && tick != nil {
					if n, err := strconv.ParseUint(f[0], 10, 64); err == nil {
						part, _ := strconv.ParseFloat(f[7], 64)
						tick(n, part)
					}
				}
			}
			limit := stall
			had, ok := processorTime(cmd.Process)
			waits := sign == signOutside || ok && had-busy < limit/2
			switch {
			case waits && sign != signOutside && had-busy >= limit/5:
				// It runs, on a machine that has hardly any processor for it. One that
				// waits needs less in all of outsideFactor times the limit.
				limit *= starvedFactor
			case waits:
				// One that only waits, or that gets no processor, is no loop.
				limit *= outsideFactor
			}
			if time.Since(since) > limit {
				quit(cmd.Process) // its goroutines go to the console
				word := "hang"
				if waits {
					word = "outside"
				}
				select {
				case err := <-done:
					return word, err
				case <-time.After(5 * time.Second):
				}
				cmd.Process.Kill()
				return word, <-done
			}
		}
	}
}

// signOutside is fearlessSignOutside of _goroot/runtime. A test may wait for
// the outside, such as a compiler that it runs, outsideFactor times as long as
// it may go without a scheduling point. One that runs, with less than a twentieth
// of a processor, gets starvedFactor times as long to show that it loops.
const (
	signOutside   = 'o'
	outsideFactor = 10
	starvedFactor = 100
)

// netGrace is how long a process goes on that needs the system's network.
const netGrace = time.Second

// saidNet reports whether the process has said so: fearlessSignNet of
// _goroot/runtime is among its signs.
func saidNet(name string) bool {
	signs, _ := os.ReadFile(name)
	return bytes.IndexByte(signs, 'n') >= 0
}

// lastSign returns the size and the last byte of the file that shows that a
// long schedule gets on.
func lastSign(name string) (size int64, sign byte) {
	f, err := os.Open(name)
	if err != nil {
		return 0, 0
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil || info.Size() == 0 {
		return 0, 0
	}
	var last [1]byte
	if _, err := f.ReadAt(last[:], info.Size()-1); err != nil {
		return info.Size(), 0
	}
	return info.Size(), last[0]
}

// readState fills in which schedule a process was in that could not say so.
func (o *outcome) readState(line string) {
	var kind, depth, length uint32
	var seed uint64
	n, _ := fmt.Sscanf(line, "%d %d %d %d %d %v %d", &o.ran, &o.allSteps, &o.index, &kind, &depth, &seed, &length)
	if n == 7 {
		o.ran++
		o.seed = Seed{Kind: strategy.Kind(kind), Depth: depth, Length: length, Value: seed}
	}
}

func childEnv(env []string, jobFile string) []string {
	if env == nil {
		env = os.Environ()
	}
	// The race detector would sleep for a second at the end of each process.
	set := map[string]string{"GODEBUG": "asyncpreemptoff=1,tracebacklabels=1", "GORACE": "atexit_sleep_ms=0"}
	separator := map[string]string{"GODEBUG": ",", "GORACE": " "}
	var out []string
	for _, s := range env {
		name, value, _ := strings.Cut(s, "=")
		switch {
		case set[name] != "" && value != "":
			set[name] = value + separator[name] + set[name]
		case name != "GOMAXPROCS" && name != "GOGC":
			out = append(out, s)
		}
	}
	for name, value := range set {
		out = append(out, name+"="+value)
	}
	return append(out, "GOMAXPROCS=1", "FEARLESS_JOB="+jobFile)
}

// tail keeps the end of what is written to it.
type tail struct {
	mu    sync.Mutex
	limit int
	buf   []byte
	lost  int
}

func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	n := len(p)
	if n > t.limit {
		t.lost += n - t.limit
		p = p[n-t.limit:]
	}
	t.buf = append(t.buf, p...)
	if len(t.buf) > 2*t.limit {
		t.lost += len(t.buf) - t.limit
		t.buf = append(t.buf[:0], t.buf[len(t.buf)-t.limit:]...)
	}
	return n, nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(t.buf)
}
