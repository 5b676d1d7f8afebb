package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/fearless-go/fearless/vet/check"
)

// Every line of progress fits a terminal of any width.
func TestProgressLinesFit(t *testing.T) {
	const long = "github.com/somebody/a-rather-long-module-name/internal/数据库/packages"
	litmus := litmusProgress{name: long, number: 3, of: 4000}
	litmus.add(123_456_789, 1_000_000)
	checks := []modelLine{
		{Test: "TestDone", Done: true}, {Test: "TestBad", Done: true, Failure: "deadlock"},
		{Test: "Test" + long, Executions: 123_456, Over: 0.07},
	}
	// Not by a literal: a test that imports package model is one for fearless model.
	if err := json.Unmarshal([]byte(`{"estimate": {"Mean": 1e7, "Low": 1e6, "High": 1e8, "Walks": 10}}`), &checks[2]); err != nil || checks[2].Estimate.Walks != 10 {
		t.Fatal(err)
	}
	for name, text := range map[string]func(int) string{
		"vet": func(width int) string {
			return vetProgress(check.Progress{Done: 12, Of: 300, Read: 410, Package: long}, width)
		},
		"build":  func(width int) string { return vetProgress(check.Progress{}, width) },
		"litmus": litmus.line,
		"model":  func(width int) string { return modelProgress(checks, width) },
		"bench":  func(width int) string { return named("bench 3/120 ", long, ", 3 min 20 s left", width) },
	} {
		for width := range 200 {
			for _, elapsed := range []time.Duration{0, 59 * time.Second, 26 * time.Hour} {
				if line := withElapsed(text, elapsed, width); columns(line) > width || strings.ContainsAny(line, "\r\n") {
					t.Errorf("%s: %d columns for %d: %q", name, columns(line), width, line)
				}
			}
		}
	}
	if got, want := vetProgress(check.Progress{Done: 1, Of: 3, Read: 2, Package: "net"}, 40), "vet 1/3 packages, 2 imports: net"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got := modelProgress(checks, 200); !strings.HasSuffix(got, " 123456 executions, 7 % of about 1e+07 (1e+06 to 1e+08), 1 checks passed, 1 failed") {
		t.Errorf("%q", got)
	}
}

func TestElapsedText(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0 s", 59*time.Second + 999*time.Millisecond: "59 s", time.Minute: "1 min 0 s", 3700 * time.Second: "1 h 1 min", 100 * time.Hour: "100 h 0 min",
	} {
		if got := elapsedText(d); got != want {
			t.Errorf("%v: %q, want %q", d, got, want)
		}
	}
}

func TestTimeLeft(t *testing.T) {
	if got := timeLeft(9, 100, time.Minute); got != "" {
		t.Errorf("after less than a tenth %q", got)
	}
	if got := timeLeft(25, 100, time.Minute); got != ", 3 min 0 s left" {
		t.Errorf("after a quarter %q", got)
	}
}

// What is no terminal is not written to.
func TestNoProgressInAFile(t *testing.T) {
	var out strings.Builder
	p := newProgress(&out, time.Nanosecond, "begins")
	p.say("goes %s", "on")
	fmt.Fprint(p.around(&out), "output")
	p.finish()
	p.finish()
	if out.String() != "output" {
		t.Errorf("%q", out.String())
	}
}
