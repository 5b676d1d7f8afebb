package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/fearless-go/fearless/model"
)

func modelCommand() command {
	return command{
		name:    "model",
		args:    "[flags] [packages] [-- go test flags]",
		summary: "run the tests that use model.Check in every execution that the memory model allows",
		run:     runModel,
	}
}

type modelFlags struct {
	run, html, dir, replay, checkpoint string
	memory, seed, shard, locks         string
	timeout, maxDuration               time.Duration
	parallel, maxExecutions, bound     int
	unroll                             int
	verbose, json                      bool
	spread                             spreadFlags
}

func runModel(ctx context.Context, args []string, std stdio) error {
	var f modelFlags
	flags := flag.NewFlagSet("model", flag.ContinueOnError)
	flags.StringVar(&f.dir, "C", "", "run as seen from `folder`")
	flags.StringVar(&f.run, "run", "", "only tests that match `pattern`, as in go test")
	flags.StringVar(&f.html, "html", "", "draw the execution of each failure, and the first 20 of each test that passes, as a page in `folder`")
	flags.StringVar(&f.replay, "replay", "", "run only the `execution` that a failure names; use it with -run")
	flags.DurationVar(&f.timeout, "timeout", 10*time.Minute, "give up on a package after `d`")
	flags.IntVar(&f.parallel, "parallel", 0, "explore on `n` engines at once")
	flags.StringVar(&f.memory, "memory", "", "memory `model`: rc11 or sc (default what the test says, or rc11)")
	flags.IntVar(&f.maxExecutions, "max-executions", 0, "end each exploration after `n` executions")
	flags.DurationVar(&f.maxDuration, "max-duration", 0, "end each exploration after `d`")
	flags.IntVar(&f.bound, "bound", 0, "fail an execution with more than `n` events")
	flags.IntVar(&f.unroll, "unroll", 0, "cut a thread that comes to one operation more than `n` times, for loops without an end; then the verdict is undecided")
	flags.StringVar(&f.seed, "seed", "", "take executions at random, those of this `number`, for what is too large to exhaust")
	flags.StringVar(&f.shard, "shard", "", "explore only part `i/n` of each test, such as 1/4")
	flags.StringVar(&f.locks, "locks", "", "what a Mutex is: event (one each for lock and unlock) or shipped (the code that ships) (default what the test says, or event)")
	flags.StringVar(&f.checkpoint, "checkpoint", "", "keep in `folder` what -max-executions, -max-duration or an interrupt left, and go on from there")
	flags.BoolVar(&f.json, "json", false, "print the results as a JSON array; what go test prints goes to standard error")
	flags.BoolVar(&f.verbose, "v", false, "show every test")
	f.spread.add(flags)
	var extra []string
	for i, a := range args {
		if a == "--" {
			args, extra = args[:i], args[i+1:]
			break
		}
	}
	patterns, err := parse(flags, "[flags] [packages] [-- go test flags]", args, std)
	if err != nil {
		return err
	}
	if err := f.check(); err != nil {
		return err
	}
	err = f.spread.check("model", map[string]bool{
		"parallel": f.parallel > 0, "max-executions": f.maxExecutions > 0, "max-duration": f.maxDuration > 0, "seed": f.seed != "",
		"shard": f.shard != "", "checkpoint": f.checkpoint != "", "replay": f.replay != "",
	})
	if err != nil {
		return err
	}
	if len(patterns) == 0 {
		patterns = []string{"."}
	}
	if f.spread.on() {
		if len(extra) > 0 {
			return usagef("model: flags of go test (%s) cannot be shared between workers: leave them out, or -workers and -cluster", strings.Join(extra, " "))
		}
		return f.share(ctx, patterns, std)
	}
	return f.test(ctx, patterns, extra, std)
}

// check refuses what the tests would refuse, before they are built.
func (f *modelFlags) check() error {
	switch {
	case f.parallel < 0:
		return usagef("model: -parallel %d: use 1 or more", f.parallel)
	case f.maxExecutions < 0 || f.maxDuration < 0 || f.timeout < 0:
		return usagef("model: -max-executions, -max-duration and -timeout cannot be negative")
	case f.bound < 0 || f.bound > 60000:
		return usagef("model: -bound %d: use 1 to 60000", f.bound)
	case f.unroll < 0:
		return usagef("model: -unroll %d: use 1 or more", f.unroll)
	case f.replay != "" && f.run == "":
		return usagef("model: -replay needs -run with the name of the test that failed")
	}
	if f.memory != "" {
		if _, err := model.ParseMemory(f.memory); err != nil {
			return usagef("model: -memory: %w", err)
		}
	}
	if f.locks != "" {
		if _, err := model.ParseLocks(f.locks); err != nil {
			return usagef("model: -locks: %w", err)
		}
	}
	if f.shard != "" {
		if _, err := model.ParseShard(f.shard); err != nil {
			return usagef("model: -shard: %w", err)
		}
	}
	if f.seed != "" {
		if _, err := strconv.ParseUint(f.seed, 0, 64); err != nil {
			return usagef("model: -seed %q: use a number from 0 to 2^64-1", f.seed)
		}
	}
	return nil
}

// testFlags are the flags of the test binary.
func (f *modelFlags) testFlags(report string) ([]string, error) {
	args := []string{"-model.report", report}
	for name, value := range map[string]string{"memory": f.memory, "seed": f.seed, "shard": f.shard, "locks": f.locks, "replay": f.replay} {
		if value != "" {
			args = append(args, "-model."+name+"="+value)
		}
	}
	for name, value := range map[string]int{"parallel": f.parallel, "max-executions": f.maxExecutions, "bound": f.bound, "unroll": f.unroll} {
		if value > 0 {
			args = append(args, fmt.Sprintf("-model.%s=%d", name, value))
		}
	}
	if f.maxDuration > 0 {
		args = append(args, "-model.max-duration="+f.maxDuration.String())
	}
	for name, value := range map[string]string{"html": f.html, "checkpoint": f.checkpoint} {
		if value == "" {
			continue
		}
		// A test runs in the folder of its package.
		folder, err := filepath.Abs(value)
		if err == nil {
			err = os.MkdirAll(folder, 0o777)
		}
		if err != nil {
			return nil, usagef("model: -%s: %w", name, err)
		}
		args = append(args, "-model."+name, folder)
	}
	return args, nil
}

func (f *modelFlags) test(ctx context.Context, patterns, extra []string, std stdio) error {
	work, err := os.MkdirTemp("", "fearless-model")
	if err != nil {
		return fmt.Errorf("model: %w", err)
	}
	defer os.RemoveAll(work)
	report := filepath.Join(work, "report")
	bar := newProgress(std.err, 200*time.Millisecond, "look for the tests")
	defer bar.finish()
	// Only packages that import model know its flags.
	packages, err := f.usingModel(ctx, patterns, std)
	if err != nil {
		return err
	}
	args := []string{"test", "-tags", "fearless_model", "-count", "1", "-timeout", f.timeout.String()}
	if f.run != "" {
		args = append(args, "-run", f.run)
	}
	if f.verbose {
		args = append(args, "-v")
	}
	args = append(args, extra...)
	args = append(args, packages...)
	testFlags, err := f.testFlags(report)
	if err != nil {
		return err
	}
	args = append(args, testFlags...)
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir = f.dir
	built := &buildFailures{w: bar.around(std.out)}
	cmd.Stdout, cmd.Stderr = built, bar.around(std.err)
	if f.json {
		// One writer for both, which os/exec then writes to one at a time.
		built.w, cmd.Stderr = bar.around(std.err), built
	}
	// A test binary that is interrupted stops between two executions. The signal
	// ends a build that is under way, but go test does not pass it on.
	cmd.Cancel = func() error {
		if err := os.WriteFile(report+".stop", nil, 0o666); err != nil {
			return err
		}
		if err := cmd.Process.Signal(os.Interrupt); runtime.GOOS != "windows" {
			return err
		}
		return nil // Windows has no such signal, and needs none
	}
	cmd.WaitDelay = 30 * time.Second
	stop := f.watch(report, bar)
	err = cmd.Run()
	results := stop()
	if f.json {
		if err := printModelJSON(results, std.out); err != nil {
			return err
		}
	} else {
		f.summarize(results, std.out)
	}
	if ctx.Err() != nil {
		if f.checkpoint == "" {
			return errors.New("model: interrupted: with -checkpoint FOLDER the next one can go on where it was interrupted")
		}
		return errors.New("model: interrupted")
	}
	var failed *exec.ExitError
	switch {
	case built.seen:
		return usagef("model: a test does not build with the tag fearless_model: mend what go test says above")
	case errors.As(err, &failed):
		return errReported
	case err == nil && f.replay != "" && len(results) == 0:
		return usagef("model: -run %s runs no model.Check of that execution, so nothing was replayed: the word begins with the name of its test", f.run)
	}
	if err != nil {
		return fmt.Errorf("model: cannot run go test: %w", err)
	}
	if f.replay == "" && slices.ContainsFunc(results, modelLine.undecided) {
		return errUndecided
	}
	return nil
}

const modelImport = "github.com/fearless-go/fearless/model"

// usingModel returns the packages whose tests use package model.
func (f *modelFlags) usingModel(ctx context.Context, patterns []string, std stdio) ([]string, error) {
	list := exec.CommandContext(ctx, "go", append([]string{
		"list", "-tags", "fearless_model", "-f",
		`{{.ImportPath}} {{join .TestImports ","}},{{join .XTestImports ","}},{{if eq .ImportPath "` + modelImport + `"}}` + modelImport + `{{end}}`,
		"--",
	}, patterns...)...)
	list.Dir = f.dir
	var errText strings.Builder
	list.Stderr = &errText
	out, err := list.Output()
	if err != nil {
		return nil, usagef("model: %s", strings.TrimSpace(errText.String()))
	}
	var packages []string
	for line := range strings.Lines(string(out)) {
		name, imports, _ := strings.Cut(strings.TrimSpace(line), " ")
		for i := range strings.SplitSeq(imports, ",") {
			if i == modelImport {
				packages = append(packages, name)
				break
			}
		}
	}
	if len(packages) == 0 {
		return nil, usagef("model: no test in %s imports %s", strings.Join(patterns, " "), modelImport)
	}
	return packages, nil
}

// buildFailures passes on what go test prints, and notices that a test could
// not be built. Its exit status does not tell.
type buildFailures struct {
	w    io.Writer
	seen bool
}

func (b *buildFailures) Write(p []byte) (int, error) {
	b.seen = b.seen || bytes.Contains(p, []byte("[build failed]")) || bytes.Contains(p, []byte("[setup failed]"))
	return b.w.Write(p)
}
