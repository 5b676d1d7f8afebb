package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"time"
)

// Limits bound one run of one tool.
type Limits struct {
	Time   time.Duration // then it is asked to stop, and ten seconds later killed
	Memory int64         // bytes of all its processes together; 0: none. Only Linux counts them.
	Output int           // bytes kept of each stream
}

// An outcome is how a command ended.
type outcome struct {
	stdout, stderr []byte
	exit           int // -1: it was killed, or did not start
	state          State
	why            string
	seconds        float64
	memory         int64
}

const (
	grace = 10 * time.Second       // between the interrupt and the kill
	watch = 500 * time.Millisecond // between two looks at the memory
)

// command runs a program in dir within limits. At the limit of time it gets an
// interrupt first: fearless then prints what it has found. Its descendants die
// with it, also those that have made a group of their own.
func command(ctx context.Context, dir string, env []string, l Limits, name string, args ...string) outcome {
	cmd := exec.Command(name, args...)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), env...)
	out, errOut := &clipped{max: l.Output}, &clipped{max: l.Output}
	cmd.Stdout, cmd.Stderr = out, errOut
	cmd.WaitDelay = grace
	ownGroup(cmd)
	start := time.Now()
	o := outcome{exit: -1, state: Done}
	if err := cmd.Start(); err != nil {
		o.state, o.why = Crashed, err.Error()
		return o
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	limit, tick := time.NewTimer(l.Time), time.NewTicker(watch)
	defer limit.Stop()
	defer tick.Stop()
	var kill <-chan time.Time
	stop := func(s State, why string) {
		o.state, o.why = s, why
		interrupt(cmd.Process)
		kill = time.After(grace)
	}
	done := ctx.Done()
	for {
		select {
		case err := <-ended:
			killTree(cmd.Process.Pid)
			o.seconds = time.Since(start).Seconds()
			o.stdout, o.stderr = out.buf.Bytes(), errOut.buf.Bytes()
			if _, exited := errors.AsType[*exec.ExitError](err); err == nil || exited {
				o.exit = cmd.ProcessState.ExitCode()
			}
			return o
		case <-limit.C:
			stop(Cut, fmt.Sprintf("%v are over", l.Time))
		case <-done:
			done = nil
			stop(Cut, "the hunt was stopped")
		case <-kill:
			killTree(cmd.Process.Pid)
		case <-tick.C:
			now := treeMemory(cmd.Process.Pid)
			o.memory = max(o.memory, now)
			if l.Memory > 0 && now > l.Memory && o.state == Done {
				o.state, o.why = NoMemory, fmt.Sprintf("over %d MiB", l.Memory>>20)
				killTree(cmd.Process.Pid)
			}
		}
	}
}

// A clipped keeps the first max bytes that are written to it. What comes after
// is thrown away, so that a test that prints without end costs no memory.
type clipped struct {
	buf bytes.Buffer
	max int
}

func (c *clipped) Write(p []byte) (int, error) {
	if room := c.max - c.buf.Len(); room > 0 {
		c.buf.Write(p[:min(room, len(p))])
	}
	return len(p), nil
}
