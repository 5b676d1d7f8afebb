package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"
)

// A cost is what one run of a command took, its child processes included.
type cost struct {
	wall, cpu time.Duration
	memory    int64 // bytes that all processes together held at most; 0 if not known
}

// A comparison is the same work done by go vet and by fearless vet.
type comparison struct {
	what         string
	goVet, fless cost
}

// speed times "go vet" and "fearless vet" on packages, in turns. Each starts
// with a build cache of its own that is empty; each then finds in the other's
// cache all packages built but none vetted by itself.
func speed(ctx context.Context, log io.Writer, packages []string) ([]comparison, error) {
	dir, err := os.MkdirTemp("", "fearless-speed-*")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	tool := filepath.Join(dir, "fearless.exe")
	if out, err := exec.CommandContext(ctx, "go", "build", "-o", tool, "./cmd/fearless").CombinedOutput(); err != nil {
		return nil, fmt.Errorf("cannot build fearless, which is to be timed; run from the root of the repository: %w\n%s", err, out)
	}
	goVet := append([]string{"go", "vet"}, packages...)
	fless := append([]string{tool, "vet"}, packages...)
	a, b := filepath.Join(dir, "a"), filepath.Join(dir, "b")
	all := []comparison{{what: "cold: nothing built"}, {what: "warm: all built, none vetted"}, {what: "again: all vetted"}}
	for _, r := range []struct {
		args  []string
		cache string
		to    *cost
	}{
		{goVet, a, &all[0].goVet}, {fless, b, &all[0].fless},
		{goVet, b, &all[1].goVet}, {fless, a, &all[1].fless},
		{goVet, a, &all[2].goVet}, {fless, b, &all[2].fless},
	} {
		name := strings.TrimSuffix(filepath.Base(r.args[0]), ".exe")
		fmt.Fprintf(log, "%s vet, build cache %s: ", name, filepath.Base(r.cache))
		if *r.to, err = measure(ctx, r.args, r.cache); err != nil {
			return nil, err
		}
		fmt.Fprintf(log, "%.1f s\n", r.to.wall.Seconds())
	}
	return all, nil
}

// measure runs a command with a build cache. That it finds something, which
// is exit status 1, is no error.
func measure(ctx context.Context, args []string, cache string) (cost, error) {
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	cmd.Env = append(os.Environ(), "GOCACHE="+cache)
	start := time.Now()
	if err := cmd.Start(); err != nil {
		return cost{}, err
	}
	done := make(chan struct{})
	peak := make(chan int64)
	go func() {
		var most int64
		for {
			select {
			case <-done:
				peak <- most
				return
			case <-time.After(50 * time.Millisecond):
				most = max(most, memoryOf(cmd.Process.Pid))
			}
		}
	}()
	err := cmd.Wait()
	wall := time.Since(start)
	close(done)
	c := cost{wall, cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(), <-peak}
	var exit *exec.ExitError
	if errors.As(err, &exit) && exit.ExitCode() == 1 {
		err = nil
	}
	if err != nil {
		return c, fmt.Errorf("%q failed: %w; run it by itself to see why", args, err)
	}
	return c, nil
}

// speedTable is the result as Markdown.
func speedTable(all []comparison) string {
	t := table.NewWriter()
	t.AppendHeader(table.Row{"build cache", "go vet", "fearless vet", "ratio", "CPU: go vet", "fearless vet", "ratio", "memory: go vet", "fearless vet"})
	for _, c := range all {
		t.AppendRow(table.Row{
			c.what,
			seconds(c.goVet.wall), seconds(c.fless.wall), ratio(c.goVet.wall, c.fless.wall),
			seconds(c.goVet.cpu), seconds(c.fless.cpu), ratio(c.goVet.cpu, c.fless.cpu),
			mebibytes(c.goVet.memory), mebibytes(c.fless.memory),
		})
	}
	return t.RenderMarkdown() + fmt.Sprintf("\n\n%s, %s/%s, %d cores.\n", runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.NumCPU())
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.1f s", d.Seconds()) }

func ratio(base, d time.Duration) string { return fmt.Sprintf("%.1f", d.Seconds()/base.Seconds()) }

func mebibytes(n int64) string {
	if n == 0 {
		return "not measured"
	}
	return fmt.Sprintf("%d MiB", n>>20)
}
