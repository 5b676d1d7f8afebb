package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/fearless-go/fearless/schedtest"
)

const speedTest = `package speed

import (
	"sync"
	"testing"
)

// Three goroutines, thirty operations: ten locks and ten unlocks, and what the
// test itself does.
func TestSpeed(t *testing.T) {
	var mu sync.Mutex
	var wg sync.WaitGroup
	n := 0
	for range 2 {
		wg.Go(func() {
			for range 5 {
				mu.Lock()
				n++
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	if n != 10 {
		t.Error(n)
	}
}
`

// busyTest never blocks: TestBusy computes, in its own goroutine; TestLocks
// does nothing but take a free lock.
const busyTest = `package busy

import (
	"crypto/sha256"
	"slices"
	"strconv"
	"sync"
	"testing"
)

func TestBusy(t *testing.T) {
	m := map[string]int{}
	sum := [32]byte{}
	for i := range 200_000 {
		if i%4 == 0 {
			sum = sha256.Sum256(sum[:])
		}
		m[strconv.Itoa(i%5_000)] += int(sum[i%32])
	}
	var list []int
	for _, n := range m {
		list = append(list, n)
	}
	slices.Sort(list)
}

func TestLocks(t *testing.T) {
	var mu sync.Mutex
	n := 0
	for range 2_000_000 {
		mu.Lock()
		n++
		mu.Unlock()
	}
}
`

func speed(ctx context.Context, s settings, goroot string, b *bytes.Buffer) error {
	dir, err := os.MkdirTemp("", "speed-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	for name, text := range map[string]string{"go.mod": "module speed\n\ngo 1.26\n", "speed_test.go": speedTest, "busy/busy_test.go": busyTest} {
		name = filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			return err
		}
		if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
			return err
		}
	}
	fmt.Fprintf(b, "\n### Speed: three goroutines, thirty operations\n\n| | schedules a second on one core | scheduling points a schedule |\n|---|---|---|\n")
	for _, race := range []bool{false, true} {
		report, err := schedtest.Run(ctx, schedtest.Options{Dir: dir, Race: race, Schedules: 50_000, Duration: s.duration})
		if err != nil {
			return err
		}
		if len(report.Results) != 1 || report.Results[0].Finding != nil {
			return fmt.Errorf("the speed test failed: %+v", report.Results)
		}
		t := report.Results[0]
		name := "plain"
		if race {
			name = "-race"
		}
		fmt.Fprintf(b, "| %s | %.0f | %d |\n", name, float64(t.Schedules)/t.Elapsed.Seconds(), t.Steps/t.Schedules)
	}
	return busy(ctx, filepath.Join(dir, "busy"), b)
}

// busy measures what a test that never blocks takes for one schedule, against
// one run by the go command, in turns: the machine may have other work.
func busy(ctx context.Context, dir string, b *bytes.Buffer) error {
	plain := filepath.Join(dir, "plain.test")
	build := exec.CommandContext(ctx, "go", "test", "-c", "-o", plain)
	build.Dir = dir
	if out, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("the busy test does not build: %s", out)
	}
	fmt.Fprintf(b, "\n### A test that never blocks\n\n| | go test | a schedule | ratio |\n|---|---|---|---|\n")
	const rounds = 5
	for _, test := range []struct{ name, what string }{{"TestBusy", "hashes, a map and a sort"}, {"TestLocks", "a lock that is free"}} {
		theirs, ours := time.Duration(1<<62), time.Duration(1<<62)
		for range rounds {
			const runs = 10
			start := time.Now()
			cmd := exec.CommandContext(ctx, plain, "-test.run=^"+test.name+"$", fmt.Sprintf("-test.count=%d", runs))
			if out, err := cmd.CombinedOutput(); err != nil {
				return fmt.Errorf("the busy test failed: %s", out)
			}
			theirs = min(theirs, time.Since(start)/runs)
			report, err := schedtest.Run(ctx, schedtest.Options{Dir: dir, Run: "^" + test.name + "$"})
			if err != nil {
				return err
			}
			if len(report.Results) != 1 || report.Results[0].Finding != nil {
				return fmt.Errorf("the busy test failed: %+v", report.Results)
			}
			ours = min(ours, report.Results[0].Elapsed/time.Duration(report.Results[0].Schedules))
		}
		fmt.Fprintf(b, "| %s | %.1f ms | %.1f ms | %.2f |\n", test.what, theirs.Seconds()*1e3, ours.Seconds()*1e3, ours.Seconds()/theirs.Seconds())
	}
	return nil
}
