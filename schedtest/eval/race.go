package main

import (
	"bytes"
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/fearless-go/fearless/schedtest"
)

// race runs the race detector's own tests, where they are: they use packages
// that only the distribution may import.
func race(ctx context.Context, s settings, goroot string, b *bytes.Buffer) error {
	dir := filepath.Join(goroot, "src", "runtime", "race")
	files, err := filepath.Glob(filepath.Join(dir, "testdata", "*_test.go"))
	if err != nil || len(files) == 0 {
		return fmt.Errorf("no race tests in %s: %w", dir, err)
	}
	for i := range files {
		files[i] = filepath.Join("testdata", filepath.Base(files[i]))
	}
	pattern := s.run
	if pattern == "" {
		pattern = "^Test(No)?Race"
	}
	start := time.Now()
	report, err := schedtest.Run(ctx, schedtest.Options{Dir: dir, Patterns: files, Race: true, Run: pattern,
		Schedules: max(s.schedules/10, 1), Duration: min(s.duration, 20*time.Second), NoMinimize: true, Progress: showTest()})
	if err != nil {
		return err
	}
	racy, quiet, flagged, missed, other, skipped := 0, 0, []string{}, []string{}, []string{}, []string{}
	within := map[uint64]int{}
	for _, t := range report.Results {
		if t.Skipped {
			skipped = append(skipped, t.Test)
			continue
		}
		isRace := t.Finding != nil && t.Finding.Kind == schedtest.DataRace
		if strings.HasPrefix(t.Test, "TestNoRace") {
			quiet++
			if isRace {
				flagged = append(flagged, t.Test)
			} else if t.Finding != nil {
				other = append(other, fmt.Sprintf("%s: %s", t.Test, t.Finding.Kind))
			}
			continue
		}
		racy++
		if !isRace {
			missed = append(missed, t.Test)
			continue
		}
		for _, n := range []uint64{1, 10, 100, 1_000} {
			if t.Finding.Schedule <= n {
				within[n]++
			}
		}
	}
	fmt.Fprintf(b, "\n### The race detector's tests: %d of %d races found, %d of %d race-free tests flagged\n\n", within[1000], racy, len(flagged), quiet)
	fmt.Fprintf(b, "| within | 1 | 10 | 100 | 1,000 schedules |\n|---|---|---|---|---|\n| found | %d | %d | %d | %d |\n\n", within[1], within[10], within[100], within[1000])
	fmt.Fprintf(b, "In %.0f s.\n", time.Since(start).Seconds())
	for _, l := range []struct {
		what string
		list []string
	}{{"Missed", missed}, {"Not run, for they skip themselves", skipped}, {"Wrongly flagged", flagged}, {"Found in race-free tests beside races", other}} {
		if len(l.list) > 0 {
			slices.Sort(l.list)
			fmt.Fprintf(b, "%s: %s.\n", l.what, strings.Join(l.list, ", "))
		}
	}
	return nil
}
