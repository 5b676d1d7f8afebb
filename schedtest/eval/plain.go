package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/fearless-go/fearless/schedtest"
)

// plainRunner runs tests as go test -race does.
type plainRunner struct {
	dir    string
	env    []string
	binary string
}

func (p *plainRunner) build(ctx context.Context) error {
	out, err := os.MkdirTemp("", "plain-")
	if err != nil {
		return err
	}
	p.binary = filepath.Join(out, "plain.test")
	cmd := exec.CommandContext(ctx, "go", "test", "-race", "-c", "-o", p.binary, ".")
	cmd.Dir, cmd.Env = p.dir, p.env
	if text, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("plain go test does not build: %s", text)
	}
	return nil
}

func (p *plainRunner) close() { os.RemoveAll(filepath.Dir(p.binary)) }

// finds runs one test again and again for so long, and reports whether it failed.
func (p *plainRunner) finds(ctx context.Context, test string, limit time.Duration) (bool, error) {
	for start := time.Now(); time.Since(start) < limit; {
		cmd := exec.CommandContext(ctx, p.binary, "-test.run", "^"+test+"$", "-test.count=10", "-test.timeout=2s")
		cmd.Dir, cmd.Env = p.dir, append(p.env, "GORACE=atexit_sleep_ms=0")
		out, err := cmd.CombinedOutput()
		if ctx.Err() != nil {
			return false, ctx.Err()
		}
		// Ten runs of a slow kernel may take more than the timeout.
		if err != nil && !strings.Contains(string(out), "test timed out") {
			return true, nil
		}
	}
	return false, nil
}

// showTest shows on standard error where a run is.
func showTest() func(schedtest.Progress) {
	last := ""
	return func(p schedtest.Progress) {
		if p.Test != last {
			last = p.Test
			fmt.Fprintf(os.Stderr, "\r%-60s", p.Test)
		}
	}
}
