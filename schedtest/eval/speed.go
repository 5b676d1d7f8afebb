package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"

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

func speed(ctx context.Context, s settings, goroot string, b *bytes.Buffer) error {
	dir, err := os.MkdirTemp("", "speed-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	for name, text := range map[string]string{"go.mod": "module speed\n\ngo 1.26\n", "speed_test.go": speedTest} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
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
	return nil
}
