package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/fearless-go/fearless/schedtest"
)

// A Hunt is how modules are tried.
type Hunt struct {
	Fearless  string        // the program
	Version   string        // what it says of itself
	Results   string        // the folder of results
	Tools     []string      // of allTools
	Limits    Limits        // of one tool on one module
	PerTest   time.Duration // of test, race and prove
	Schedules int           // of test and race, for each test
	Log       func(format string, args ...any)
}

// allTools in the order in which they run: plain go test tells what does not
// build or fails anyway, and race which tests are small enough to prove.
var allTools = []string{"gotest", "vet", "test", "race", "prove"}

// smallSteps is how many steps a schedule of a test may have for prove to be
// tried on it. It only chooses what is tried: what prove says does not depend on it.
const smallSteps = 2000

// Module tries every tool on m. The result says how far each came, and which of
// the places are in it; an error is one of this machine, not of the module.
func (h *Hunt) Module(ctx context.Context, m Module, places ...Place) (*Result, error) {
	r := &Result{Module: m, Half: m.Half(), Go: runtime.Version(), Fearless: h.Version, State: Done}
	start := time.Now()
	dir, err := os.MkdirTemp("", "hunt")
	if err != nil {
		return nil, fmt.Errorf("no folder to work in (TMPDIR names another): %w", err)
	}
	defer os.RemoveAll(dir)
	dir, err = filepath.EvalSymlinks(dir)
	if err != nil {
		return nil, err
	}
	asked := m
	if m, r.Made, err = source(ctx, m, dir, h.Limits); err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		r.State, r.Why = NoModule, err.Error()
	}
	r.look(dir, places)
	if r.State != Done {
		return r, nil
	}
	r.Module = m
	if asked.Version == "latest" {
		h.Log("%s is %s", asked, m)
	}
	if err := r.survey(dir); err != nil {
		return nil, err
	}
	var small map[string][]string
	for _, tool := range h.Tools {
		h.Log("%s: %s", m, tool)
		run := Run{Tool: tool}
		switch tool {
		case "gotest":
			h.goTest(ctx, dir, &run)
		case "vet":
			h.vet(ctx, dir, &run)
		case "test", "race":
			small = h.test(ctx, dir, &run)
		case "prove":
			h.prove(ctx, dir, &run, small)
		case "govet":
			h.goVet(ctx, dir, &run)
		case "staticcheck":
			h.staticcheck(ctx, dir, &run)
		}
		if ctx.Err() != nil {
			return nil, ctx.Err() // half a result would count as a whole one
		}
		r.Runs = append(r.Runs, run)
		if run.State != Done || len(run.Findings) > 0 {
			h.Log("%s: %s: %s %s, %d findings", m, tool, run.State, run.Why, len(run.Findings))
		}
	}
	r.Seconds = time.Since(start).Seconds()
	return r, nil
}

// run runs a command and puts down how it ended.
func (h *Hunt) run(ctx context.Context, dir string, run *Run, name string, args ...string) outcome {
	o := command(ctx, dir, []string{"GOWORK=off", "GOFLAGS=-mod=mod", "NO_COLOR=1"}, h.Limits, name, args...)
	run.State, run.Why, run.Seconds, run.Memory = o.state, o.why, o.seconds, o.memory
	return o
}

// goTest learns what fails without us, so that nobody takes it for ours.
func (h *Hunt) goTest(ctx context.Context, dir string, run *Run) {
	o := h.run(ctx, dir, run, "go", "test", "-short", "-count=1", "-json", "-timeout", h.Limits.Time.String(), "./...")
	run.Verdicts = map[string]int{}
	for line := range strings.Lines(string(o.stdout)) {
		var e struct{ Action, Package, Test, Output string }
		if json.Unmarshal([]byte(line), &e) != nil {
			continue
		}
		switch {
		case e.Action == "build-fail":
			run.Verdicts["not built"]++
			run.Undecide = append(run.Undecide, e.Package+": does not build")
		case e.Test == "" && e.Action == "fail":
			run.Verdicts["package failed"]++
		case e.Test != "" && (e.Action == "pass" || e.Action == "fail" || e.Action == "skip"):
			run.Verdicts[e.Action]++
			if e.Action == "fail" {
				run.Findings = append(run.Findings, Finding{Tool: "gotest", Rule: "fails", Where: e.Package + "." + e.Test, Message: "fails under plain go test"})
			}
		}
	}
	if run.State == Done && len(run.Verdicts) == 0 && o.exit != 0 {
		run.State, run.Why = NotBuilt, firstLine(string(o.stderr))
	}
}

// test runs fearless test, and returns the tests of each package that are small.
func (h *Hunt) test(ctx context.Context, dir string, run *Run) map[string][]string {
	args := []string{"test", "-json", "-short", "-schedules", fmt.Sprint(h.Schedules), "-duration", h.PerTest.String()}
	if run.Tool == "race" {
		args = append(args, "-race")
	}
	o := h.run(ctx, dir, run, h.Fearless, append(args, "./...")...)
	report := h.report(o, dir, run)
	if report == nil {
		return nil
	}
	small := map[string][]string{}
	for _, t := range report.Results {
		run.Executed += t.Schedules
		if t.Verdict == schedtest.Passed && t.Schedules > 1 && t.Steps/t.Schedules <= smallSteps && !t.Skipped && !t.External {
			small[t.Package] = append(small[t.Package], t.Test)
		}
	}
	return small
}

// prove runs fearless prove on tests that are small.
func (h *Hunt) prove(ctx context.Context, dir string, run *Run, small map[string][]string) {
	if len(small) == 0 {
		run.State, run.Why = NotNeeded, "no test that passed is small"
		return
	}
	var packages, names []string
	for p, tests := range small {
		packages = append(packages, p)
		for _, t := range tests {
			names = append(names, regexp.QuoteMeta(t))
		}
	}
	slices.Sort(packages)
	slices.Sort(names)
	args := []string{"prove", "-json", "-short", "-duration", h.PerTest.String(), "-run", "^(" + strings.Join(slices.Compact(names), "|") + ")$"}
	o := h.run(ctx, dir, run, h.Fearless, append(args, packages...)...)
	report := h.report(o, dir, run)
	if report == nil {
		return
	}
	for _, t := range report.Results {
		if t.Proof != nil {
			run.Executed += t.Proof.Executions
		}
	}
}

// report reads what test and prove print, and puts down verdicts and findings.
func (h *Hunt) report(o outcome, dir string, run *Run) *schedtest.Report {
	report := new(schedtest.Report)
	if err := json.Unmarshal(o.stdout, report); err != nil {
		if run.State == Done {
			run.State, run.Why = notRun(o)
		}
		return nil
	}
	run.Verdicts = map[string]int{}
	files := goFiles{dir: dir}
	for _, t := range report.Results {
		verdict := string(t.Verdict)
		if t.Skipped {
			verdict = "skipped"
		}
		run.Verdicts[verdict]++
		if t.Verdict == schedtest.Undecided || t.Verdict == schedtest.Unsuitable {
			run.Undecide = append(run.Undecide, fmt.Sprintf("%s.%s: %s: %s", t.Package, t.Test, t.Verdict, firstLine(t.Reason)))
		}
		add := func(f *schedtest.Finding, note bool) {
			run.Findings = append(run.Findings, Finding{
				Tool: run.Tool, Rule: string(f.Kind), Note: note, Where: t.Package + "." + t.Test, Replay: f.Seed, Sites: files.sitesOf(f),
				Message: firstLine(strings.ReplaceAll(f.Message, dir+string(filepath.Separator), "")),
			})
		}
		if t.Finding != nil {
			add(t.Finding, false)
		}
		for _, f := range t.Aside {
			add(f, true)
		}
	}
	return report
}

// relative names a file as seen from dir, with slashes.
func relative(dir, file string) string {
	if rel, err := filepath.Rel(dir, file); err == nil && !strings.HasPrefix(rel, "..") {
		return filepath.ToSlash(rel)
	}
	return filepath.ToSlash(file)
}
