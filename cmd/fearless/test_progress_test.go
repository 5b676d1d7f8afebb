package main

import (
	"strings"
	"testing"
	"time"

	"github.com/fearless-go/fearless/schedtest"
)

func TestProgressFitsTheTerminal(t *testing.T) {
	for _, now := range []schedtest.Progress{
		{Phase: "build", Package: "example.com/a/rather/long/import/path/of/a/package"},
		{Phase: "explore", Test: "TestConcurrentTransfersKeepTheSumOfAllBalancesUnderLoad", Schedules: 123_456, Of: 1_000_000, Total: 205_440, Findings: 12, Elapsed: time.Minute},
		{Phase: "minimize", Test: "Test数据库并发转账保持余额总和不变", Schedules: 3, Of: 10_000, Total: 4, Elapsed: time.Millisecond},
		{},
	} {
		for width := range 200 {
			if line := progressLine(now, width); columns(line) > width || strings.ContainsAny(line, "\r\n") {
				t.Errorf("%d columns for %d: %q", columns(line), width, line)
			}
		}
	}
	now := schedtest.Progress{Phase: "explore", Test: "TestX", Schedules: 5, Of: 10, Total: 30, Elapsed: 2 * time.Second, Findings: 1}
	if got, want := progressLine(now, 80), "explore TestX 5 of 10 schedules, 15/s, 1 found"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got := progressLine(now, 40); !strings.HasSuffix(got, "5 of 10 schedules, 15/s, …") && !strings.Contains(got, "5 of 10 schedules") {
		t.Errorf("%q does not tell how many schedules", got)
	}
}
