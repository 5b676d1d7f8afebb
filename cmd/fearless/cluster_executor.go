package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/fearless-go/fearless/cluster"
)

// An executor does pieces: it runs test binaries.
type executor struct {
	sandbox []string // a command to run binaries by
	memory  int64    // most that a binary may take, in bytes; 0: no limit
	limit   time.Duration
}

// Between giveAfter and giveAtLast a piece gives back what is left if a worker
// waits for something to do; then in any case, so that little is lost with a
// worker that dies.
const (
	giveAfter  = 400 * time.Millisecond
	giveAtLast = 30 * time.Second
)

// A pieceKind says which command a piece is of.
type pieceKind struct {
	Kind string `json:"kind"`
}

func (e *executor) do(ctx context.Context, p cluster.Piece, binary string, hungry func() int) ([]byte, [][]byte, error) {
	var k pieceKind
	if err := json.Unmarshal(p.Work, &k); err != nil {
		return nil, nil, fmt.Errorf("its work cannot be read: %w", err)
	}
	switch k.Kind {
	case "model":
		return e.model(ctx, p, binary, hungry)
	case "process":
		return e.process(ctx, p, binary)
	case "litmus":
		return e.litmus(ctx, p)
	}
	return nil, nil, fmt.Errorf("this worker knows no pieces of the kind %q: it is older than who made them", k.Kind)
}

// command is a process that runs the binary, in dir if that is here.
func (e *executor) command(dir, temp, binary string, args ...string) *exec.Cmd {
	line := slices.Concat(e.sandbox, []string{binary}, args)
	cmd := exec.Command(line[0], line[1:]...)
	cmd.Dir = temp
	if info, err := os.Stat(dir); err == nil && info.IsDir() {
		cmd.Dir = dir
	}
	cmd.Env = withoutToken(os.Environ())
	if len(e.sandbox) > 0 {
		cmd.Env = append(cmd.Env, "TMPDIR="+temp)
	}
	cmd.WaitDelay = 2 * time.Second
	endWithParent(cmd)
	return cmd
}

// withoutToken leaves out what the worker may do: it is none of a binary's business.
func withoutToken(env []string) []string {
	return slices.DeleteFunc(env, func(v string) bool { return strings.HasPrefix(v, tokenVariable+"=") })
}

// A limitError reports a binary that was ended.
type limitError struct{ what string }

func (e *limitError) Error() string { return "the binary " + e.what + ", and was ended" }

// run runs a process to its end. It calls look every so often.
func (e *executor) run(ctx context.Context, cmd *exec.Cmd, look func(since time.Duration)) (console string, err error) {
	out := &lastOutput{}
	if cmd.Stdout == nil {
		cmd.Stdout, cmd.Stderr = out, out
	}
	if err := cmd.Start(); err != nil {
		return "", fmt.Errorf("the binary does not start: %w", err)
	}
	done := make(chan error, 1)
	go func() { done <- cmd.Wait() }()
	start := time.Now()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	var ended error
	for {
		select {
		case err := <-done:
			if ended != nil {
				err = ended
			}
			return out.String(), err
		case <-ctx.Done():
			ended = ctx.Err()
		case <-tick.C:
			since := time.Since(start)
			look(since)
			ended = e.beyond(cmd.Process.Pid, since)
		}
		if ended != nil {
			cmd.Process.Kill() //nolint:errcheck // it may have ended
			<-done
			return out.String(), ended
		}
	}
}

// beyond is the limit that a process is past; nil if it is not.
func (e *executor) beyond(pid int, since time.Duration) error {
	switch {
	case since > e.limit:
		return &limitError{fmt.Sprintf("took more than %v (-limit)", e.limit)}
	case e.memory > 0 && memoryOf(pid) > e.memory:
		return &limitError{fmt.Sprintf("took more than %d MiB (-memory)", e.memory>>20)}
	}
	return nil
}

// guard calls stop when the process is past a limit, until ctx ends.
func (e *executor) guard(ctx context.Context, proc *os.Process, stop func(error)) {
	start := time.Now()
	for ctx.Err() == nil {
		if err := e.beyond(proc.Pid, time.Since(start)); err != nil {
			stop(err)
			return
		}
		select {
		case <-ctx.Done():
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// memoryOf is how many bytes of memory a process takes; 0 where that is not known.
func memoryOf(pid int) int64 {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", pid))
	if err != nil {
		return 0
	}
	fields := strings.Fields(string(text))
	if len(fields) < 2 {
		return 0
	}
	pages, _ := strconv.ParseInt(fields[1], 10, 64)
	return pages * int64(os.Getpagesize())
}

// lastOutput keeps the end of what a process prints.
type lastOutput struct {
	mu  sync.Mutex
	buf []byte
}

const mostOutput = 8 << 10

func (l *lastOutput) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.buf = append(l.buf, p...)
	if len(l.buf) > mostOutput {
		l.buf = slices.Clone(l.buf[len(l.buf)-mostOutput/2:])
	}
	return len(p), nil
}

func (l *lastOutput) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return string(l.buf)
}

// crash is why a process ended, in one line.
func crash(console string, err error) error {
	for line := range strings.Lines(console) {
		if strings.HasPrefix(line, "panic: ") || strings.HasPrefix(line, "fatal error: ") {
			return errors.New(strings.TrimSpace(line))
		}
	}
	if err != nil {
		return err
	}
	return errors.New("it ended without a result")
}
