package main

import (
	"fmt"
	"io"
	"time"

	"github.com/fearless-go/fearless/schedtest"
)

// testProgress is the progress of test and prove.
type testProgress struct{ *progress }

func newTestProgress(w io.Writer) testProgress {
	return testProgress{newProgress(w, 100*time.Millisecond, "look for the tests")}
}

func (p testProgress) show(now schedtest.Progress) {
	p.progress.show(func(width int) string { return progressLine(now, width) })
}

// progressLine says where a run is, in at most width columns.
func progressLine(now schedtest.Progress, width int) string {
	name, rest := now.Package, ""
	if now.Phase != "build" {
		name = now.Test
		rest = fmt.Sprintf(" %d of %d schedules", now.Schedules, now.Of)
		if now.Phase == "prove" {
			rest = fmt.Sprintf(" %d executions, about %.2g %%", now.Schedules, 100*now.Done)
		}
		if s := now.Elapsed.Seconds(); s >= 1 && now.Total > 0 {
			rest += fmt.Sprintf(", %.0f/s", float64(now.Total)/s)
		}
	}
	if now.Findings > 0 {
		rest += fmt.Sprintf(", %d found", now.Findings)
	}
	return named(now.Phase+" ", name, rest, width)
}
