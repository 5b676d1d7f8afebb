package schedtest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// A Process is one run of a test binary under schedules that its job names. It may be
// done on another machine of the same system, which has the binary: see
// [Options.Elsewhere]. What is not for that machine is not part of its JSON.
type Process struct {
	Package  string        `json:"package"`
	Test     string        `json:"test"`
	Binary   string        `json:"-"`             // the path of the test binary
	Dir      string        `json:"dir"`           // of the package: the tests run there, if it is there
	Args     []string      `json:"args"`          // of the binary
	Vars     []string      `json:"vars"`          // of its environment, beside those of the machine
	Job      string        `json:"job"`           // what it is to do
	Duration time.Duration `json:"-"`             // when it has to tell how far it has come; 0 is no limit
	Stall    time.Duration `json:"stall"`         // as Options.Stall
	For      time.Duration `json:"for,omitempty"` // Duration, where it is told to another machine

	env []string // nil is that of this process
}

// Name is a hash of what is to be done, but for the time that it may take, by a binary
// that is known by the hash of what it holds.
func (p *Process) Name(binary string) string {
	q := *p
	q.For = 0
	text, err := json.Marshal(q)
	if err != nil {
		panic(err) // it has strings and numbers only
	}
	h := sha256.New()
	fmt.Fprintf(h, "%s %s", binary, text)
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// An Ended is what came of a Process.
type Ended struct {
	Word    string `json:"word,omitempty"` // why it was ended: "hang" or "outside"
	Code    int    `json:"code,omitempty"`
	Result  []byte `json:"result,omitempty"` // what it told
	State   string `json:"state,omitempty"`  // in which schedule it was
	Net     bool   `json:"net,omitempty"`    // it needs the system's network
	Console string `json:"console,omitempty"`
	// Asked is, for a proof that was run elsewhere, what it has asked the outside for and a
	// hash of what that was there. What another machine proves holds here only if that
	// is the same here. Nil is that the other place has the files and the environment of
	// this process.
	Asked   map[string]string `json:"asked,omitempty"`
	Elapsed time.Duration     `json:"elapsedNanoseconds"`
}

// A GivenUpError says that a process was tried elsewhere again and again, and nothing
// is known of what it was to do.
type GivenUpError struct{ Why string }

func (e *GivenUpError) Error() string { return "a piece was given up: " + e.Why }

// Run runs the process on this machine. change, if not nil, may change how it is
// started; started, if not nil, is called with it. The error says why there is no
// result.
func (p *Process) Run(ctx context.Context, change func(*exec.Cmd), started func(*os.Process)) (*Ended, error) {
	dir, err := os.MkdirTemp("", "fearless-process-")
	if err != nil {
		return nil, fmt.Errorf("no folder for a job: %w", err)
	}
	defer os.RemoveAll(dir)
	p.Duration = p.For
	r := &runner{opts: &Options{Env: p.env}, dir: dir}
	e, err := p.run(ctx, filepath.Join(dir, "job"), nil, func(cmd *exec.Cmd) {
		if change != nil {
			change(cmd)
		}
		r.target.dir = cmd.Dir
	}, started)
	if err != nil {
		return nil, err
	}
	o, err := readOutcome(e.Result)
	if err != nil {
		return nil, err
	}
	e.Asked = inputs{}
	inputs(e.Asked).take(o.asks, r)
	return e, nil
}

// command returns what starts the process, and the files that it writes. All of them,
// and the job's, have names that begin with base.
func (p *Process) command(base string) (cmd *exec.Cmd, result, state string, err error) {
	result, state = base+".result", base+".state"
	job := p.Job + fmt.Sprintf("millis %d\nresult %s\nstate %s\n", max(p.Duration.Milliseconds(), 0), result, state)
	if err := os.WriteFile(base, []byte(job), 0o666); err != nil {
		return nil, "", "", fmt.Errorf("cannot write a job: %w", err)
	}
	cmd = exec.Command(p.Binary, p.Args...)
	cmd.Dir = p.Dir
	cmd.Env = append(childEnv(p.env, base), p.Vars...)
	return cmd, result, state, nil
}

// run runs the process. Its files have names that begin with base, and stay.
func (p *Process) run(ctx context.Context, base string, tick func(ran uint64, done float64), change func(*exec.Cmd), started func(*os.Process)) (*Ended, error) {
	cmd, result, state, err := p.command(base)
	if err != nil {
		return nil, err
	}
	tail := &tail{limit: 1 << 18}
	cmd.Stdout, cmd.Stderr = tail, tail
	// A process that it started may keep its pipes open.
	cmd.WaitDelay = 2 * time.Second
	if change != nil {
		change(cmd)
	}
	start := time.Now()
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("cannot start the test of %s: %w", p.Package, err)
	}
	if started != nil {
		started(cmd.Process)
	}
	done := make(chan error, 1)
	go func() { done <- cmd.Wait() }()
	word, err := watch(ctx, cmd, p.Stall, state, done, tick)
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	e := &Ended{Word: word, Elapsed: time.Since(start), Net: saidNet(state + ".beat"), Console: tail.String()}
	if text, err := os.ReadFile(result); err == nil {
		e.Result = text // else it ended before it could write
	}
	if text, err := os.ReadFile(state); err == nil {
		e.State, _, _ = strings.Cut(string(text), "\n")
	}
	for line := range strings.Lines(e.Console) {
		if _, why, ok := strings.Cut(line, trouble); ok {
			return nil, fmt.Errorf("the test of %s cannot write what it found, in %s: %s", p.Package, filepath.Dir(base), strings.TrimSpace(why))
		}
	}
	if err != nil && !errors.Is(err, exec.ErrWaitDelay) {
		var exit *exec.ExitError
		if !errors.As(err, &exit) {
			return nil, fmt.Errorf("cannot run the test of %s: %w", p.Package, err)
		}
		e.Code = exit.ExitCode()
	}
	return e, nil
}
