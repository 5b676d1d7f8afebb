package main

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/fearless-go/fearless/schedtest"
	kernels "github.com/fearless-go/fearless/schedtest/goker"
)

var backquoted = regexp.MustCompile("`([^`]*)`")

// goker runs the kernels as they are; only a test that calls each is added.
func goker(ctx context.Context, s settings, goroot string, b *bytes.Buffer) error {
	dir, err := os.MkdirTemp("", "goker-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if err := kernels.Write(dir, goroot, nil); err != nil {
		return err
	}
	expected, err := readExpectations(filepath.Join(goroot, "src/runtime/goroutineleakprofile_test.go"))
	if err != nil {
		return err
	}
	// The kernels print the profile goroutineleak, which Go 1.26 has only with this.
	env := append(os.Environ(), "GOEXPERIMENT=goroutineleakprofile")
	if v := os.Getenv("GOEXPERIMENT"); v != "" {
		env = append(env, "GOEXPERIMENT="+v+",goroutineleakprofile")
	}
	_, version, _ := distribution(ctx)
	if !strings.HasPrefix(version, "go1.26") {
		env = os.Environ()
	}
	report, err := schedtest.Run(ctx, schedtest.Options{Dir: dir, Env: env, Run: s.run, Schedules: s.schedules, Duration: s.duration,
		LateFails: true, NoMinimize: true, Progress: showTest()})
	if err != nil {
		return err
	}
	plain := plainRunner{dir: dir, env: env}
	if s.plain {
		if err := plain.build(ctx); err != nil {
			return err
		}
		defer plain.close()
	}
	rows := [][]string{}
	within := map[uint64]int{}
	found, listed, foundListed, matched, plainFound, exact := 0, 0, 0, 0, 0, 0
	var slow time.Duration
	for _, t := range report.Results {
		name := strings.TrimPrefix(t.Test, "Test")
		row := []string{name, "-", "-", fmt.Sprint(t.Schedules), fmt.Sprintf("%.2f s", t.Elapsed.Seconds()), ""}
		slow += t.Elapsed
		if len(expected[name]) > 0 {
			listed++
		}
		if f := t.Finding; f != nil && f.Kind != schedtest.Panic && f.Kind != schedtest.Exit {
			found++
			row[1], row[3] = string(f.Kind), fmt.Sprint(f.Schedule)
			for _, n := range []uint64{1, 10, 100, 1_000, 10_000} {
				if f.Schedule <= n {
					within[n]++
				}
			}
			if f.Exact {
				exact++
			}
			row[2] = "no expectation"
			if patterns := expected[name]; len(patterns) > 0 {
				foundListed++
				ok, surplus := match(patterns, f.Goroutines)
				switch {
				case ok && surplus == "":
					row[2] = "as expected"
					matched++
				case ok:
					row[2] = "as expected, and " + surplus
				default:
					row[2] = "others: " + surplus
				}
			}
		}
		if s.plain {
			ok, err := plain.finds(ctx, t.Test, max(t.Elapsed, time.Second))
			if err != nil {
				return err
			}
			if ok {
				row[5] = "found"
				plainFound++
			}
		}
		rows = append(rows, row)
	}
	fmt.Fprintf(b, "\n### GoKer: %d of %d kernels found\n\nOf the %d for which the distribution says what goroutines are left: %d.\n\n", found, len(report.Results), listed, foundListed)
	fmt.Fprintf(b, "| within | 1 | 10 | 100 | 1,000 | 10,000 schedules |\n|---|---|---|---|---|---|\n| found | %d | %d | %d | %d | %d |\n\n", within[1], within[10], within[100], within[1000], within[10000])
	fmt.Fprintf(b, "In %.0f s. The seed failed the same way in a new process for %d of %d; the reported goroutines are all among those\nthat the distribution expects for %d.", slow.Seconds(), exact, found, matched)
	if s.plain {
		fmt.Fprintf(b, " Plain `go test -race`, again and again for the same time but at least\na second each, and a hang of 2 s counted, finds %d.", plainFound)
	}
	fmt.Fprintf(b, "\n\n| kernel | kind | goroutines | schedules | time | plain |\n|---|---|---|---|---|---|\n")
	for _, r := range rows {
		fmt.Fprintf(b, "| %s |\n", strings.Join(r, " | "))
	}
	return nil
}

// readExpectations reads which goroutines the distribution's own test expects
// each kernel to leave behind: patterns of `function() [state]`.
func readExpectations(name string) (map[string][]*regexp.Regexp, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	out := map[string][]*regexp.Regexp{}
	current := ""
	start := regexp.MustCompile(`make(?:Flaky)?Test\("(\w+)"`)
	for line := range strings.Lines(string(text)) {
		if m := start.FindStringSubmatch(line); m != nil {
			current = m[1]
		}
		if current == "" || strings.HasPrefix(strings.TrimSpace(line), "//") {
			continue
		}
		if m := backquoted.FindStringSubmatch(line); m != nil {
			r, err := regexp.Compile(m[1])
			if err != nil {
				return nil, err
			}
			out[current] = append(out[current], r)
		}
		if strings.HasPrefix(line, "\t\t)") {
			current = ""
		}
	}
	return out, nil
}

// match reports whether at least one goroutine is expected, and which are not.
func match(patterns []*regexp.Regexp, list []schedtest.Goroutine) (ok bool, surplus string) {
	other := map[string]bool{}
	for _, g := range list {
		if len(g.Stack) == 0 {
			continue
		}
		fn := g.Stack[len(g.Stack)-1].Func
		_, fn, _ = strings.Cut(fn[strings.LastIndexByte(fn, '/')+1:], ".")
		text := fmt.Sprintf("%s() [%s]", fn, g.State)
		if slices.ContainsFunc(patterns, func(r *regexp.Regexp) bool { return r.MatchString(text) }) {
			ok = true
		} else {
			other[text] = true
		}
	}
	return ok, strings.Join(slices.Sorted(maps.Keys(other)), ", ")
}
