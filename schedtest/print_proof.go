package schedtest

import (
	"bytes"
	"fmt"
	"strings"
)

// writeProof writes how the proof of t has ended, which has not failed.
func writeProof(b *bytes.Buffer, t *TestResult) {
	p := t.Proof
	how := fmt.Sprintf("%s executions", thousands(p.Executions))
	if p.Executions == 0 {
		how = "in its first execution"
	}
	if p.Executions == 1 {
		how = "1 execution"
	}
	if p.Executions > 0 && p.Schedules >= 2*float64(p.Executions) {
		how += fmt.Sprintf(" of about %.2g schedules", p.Schedules)
	}
	word := strings.ToUpper(string(t.verdict()))
	if t.verdict() == Passed && t.Skipped {
		word = "SKIP"
	}
	fmt.Fprintf(b, "--- %s: %s (%s, %.2fs)\n", word, t.Test, how, t.Elapsed.Seconds())
	if t.Reason != "" {
		fmt.Fprintf(b, "    %s\n", t.Reason)
	}
	if t.weighs() != t.verdict() {
		fmt.Fprintf(b, "    it must be proven: //fearless:prove stands above it\n")
	}
	if t.verdict() == Proven {
		fmt.Fprintf(b, "    %s\n", p.Bound)
	}
	for _, l := range p.Limits {
		if text := l.String(); text != t.Reason {
			fmt.Fprintf(b, "    also: it %s\n", text)
		}
	}
	for _, n := range t.Notes {
		fmt.Fprintf(b, "    note: %s\n", n)
	}
}

// thousands writes n with commas.
func thousands(n uint64) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
