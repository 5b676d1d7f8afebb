package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/fearless-go/fearless/schedtest"
)

// kernels are what came of one collection.
type kernels struct {
	name    string
	results []schedtest.TestResult
}

// prove has source write a module of kernels, and proves each.
func prove(ctx context.Context, name string, source func(ctx context.Context, dir string) error, s settings) (kernels, error) {
	k := kernels{name: name}
	dir, err := os.MkdirTemp("", "kernels")
	if err != nil {
		return k, err
	}
	defer os.RemoveAll(dir)
	if err := source(ctx, dir); err != nil {
		return k, err
	}
	report, err := schedtest.Prove(ctx, schedtest.Options{Dir: dir, Run: s.pattern, Race: true, Duration: s.duration, NoMinimize: true})
	if err != nil {
		return k, fmt.Errorf("%s: %w", name, err)
	}
	for _, r := range report.Results {
		if r.Finding != nil && r.Test == "" {
			return k, fmt.Errorf("%s: %s", name, r.Finding.Message) // it does not build
		}
	}
	if report.Interrupted {
		return k, errors.New("interrupted")
	}
	k.results = report.Results
	return k, nil
}

// count returns how many kernels have come to the verdict.
func (k *kernels) count(v schedtest.Verdict) (n int) {
	for _, r := range k.results {
		if r.Verdict == v {
			n++
		}
	}
	return n
}

// format is the tables, as Markdown: how many have come to which verdict, and which have not failed.
func format(sets []kernels) string {
	var b strings.Builder
	b.WriteString("| kernels | found | proven | undecided | unsuitable |\n|---|---:|---:|---:|---:|\n")
	for _, k := range sets {
		fmt.Fprintf(&b, "| %d %s | %d | %d | %d | %d |\n", len(k.results), k.name, k.count(schedtest.Failed), k.count(schedtest.Proven),
			k.count(schedtest.Undecided), k.count(schedtest.Unsuitable))
	}
	b.WriteString("\n| not found | | executions | why |\n|---|---|---:|---|\n")
	for _, k := range sets {
		for _, r := range k.results {
			if r.Verdict == schedtest.Failed {
				continue
			}
			executions := uint64(0)
			if r.Proof != nil {
				executions = r.Proof.Executions
			}
			fmt.Fprintf(&b, "| %s, %s | %s | %d | %s |\n", strings.TrimPrefix(r.Test, "Test"), k.name, r.Verdict, executions, short(r.Reason))
		}
	}
	return b.String()
}

// short is a reason without what to do about it, and where it was met.
func short(reason string) string {
	for _, end := range []string{": ", " (at ", "; nothing failed"} {
		reason, _, _ = strings.Cut(reason, end)
	}
	return reason
}
