package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/fearless-go/fearless/schedtest"
)

const replayTest = `package replay

import (
	"sync"
	"testing"
)

func TestABBA(t *testing.T) {
	var a, b sync.Mutex
	var wg sync.WaitGroup
	wg.Go(func() { a.Lock(); b.Lock(); b.Unlock(); a.Unlock() })
	wg.Go(func() { b.Lock(); a.Lock(); a.Unlock(); b.Unlock() })
	wg.Wait()
}
`

// replays is how many processes run the seed; the build cache is emptied after
// half of them.
const replays = 1000

// replay runs the seed of a deadlock again and again, in a build cache of its own.
func replay(ctx context.Context, s settings, goroot string, b *bytes.Buffer) error {
	dir, err := os.MkdirTemp("", "replay-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	tree := filepath.Join(dir, "tree")
	if err := os.Mkdir(tree, 0o777); err != nil {
		return err
	}
	for name, text := range map[string]string{"go.mod": "module replay\n\ngo 1.26\n", "replay_test.go": replayTest} {
		if err := os.WriteFile(filepath.Join(tree, name), []byte(text), 0o666); err != nil {
			return err
		}
	}
	env := append(os.Environ(), "GOCACHE="+filepath.Join(dir, "gocache"))
	opts := schedtest.Options{Dir: tree, Env: env, CacheDir: filepath.Join(dir, "cache")}
	report, err := schedtest.Run(ctx, opts)
	if err != nil {
		return err
	}
	if len(report.Findings()) != 1 {
		return fmt.Errorf("the deadlock was not found: %+v", report.Results)
	}
	first := report.Findings()[0].Finding
	alike := 0
	opts.Replay, opts.Count = first.Seed, replays/2
	for range 2 {
		report, err := schedtest.Run(ctx, opts)
		if err != nil {
			return err
		}
		for _, t := range report.Findings() {
			if t.Finding.Kind == first.Kind && t.Finding.Message == first.Message {
				alike += t.Replayed
			}
		}
		clean := exec.CommandContext(ctx, "go", "clean", "-cache")
		clean.Dir, clean.Env = tree, env
		if out, err := clean.CombinedOutput(); err != nil {
			return fmt.Errorf("go clean -cache: %s", out)
		}
		if err := os.RemoveAll(opts.CacheDir); err != nil {
			return err
		}
	}
	fmt.Fprintf(b, "\n### Replay: %d of %d\n\nThe seed of an AB-BA deadlock, each time in a new process; the build cache is emptied after half of them.\n", alike, replays)
	return nil
}
