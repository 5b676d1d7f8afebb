package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
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
	run, html, dir, replay string
	timeout                time.Duration
	parallel               int
	verbose                bool
}

func runModel(ctx context.Context, args []string, std stdio) error {
	var f modelFlags
	flags := flag.NewFlagSet("model", flag.ContinueOnError)
	flags.StringVar(&f.dir, "C", "", "run as seen from `folder`")
	flags.StringVar(&f.run, "run", "", "only tests that match `pattern`, as in go test")
	flags.StringVar(&f.html, "html", "", "draw the execution of each failure as a page in `folder`")
	flags.StringVar(&f.replay, "replay", "", "run only the `execution` that a failure names; use it with -run")
	flags.DurationVar(&f.timeout, "timeout", 10*time.Minute, "give up on a package after `d`")
	flags.IntVar(&f.parallel, "parallel", 0, "explore on `n` engines at once")
	flags.BoolVar(&f.verbose, "v", false, "show every test")
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
	if f.parallel < 0 {
		return usagef("model: -parallel %d: use 1 or more", f.parallel)
	}
	if len(patterns) == 0 {
		patterns = []string{"."}
	}
	return f.test(ctx, patterns, extra, std)
}

func (f *modelFlags) test(ctx context.Context, patterns, extra []string, std stdio) error {
	work, err := os.MkdirTemp("", "fearless-model")
	if err != nil {
		return fmt.Errorf("model: %w", err)
	}
	defer os.RemoveAll(work)
	report := filepath.Join(work, "report")
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
	args = append(args, "-model.report", report)
	if f.parallel > 0 {
		args = append(args, fmt.Sprintf("-model.parallel=%d", f.parallel))
	}
	if f.replay != "" {
		args = append(args, "-model.replay="+f.replay)
	}
	if f.html != "" {
		folder, err := filepath.Abs(f.html)
		if err == nil {
			err = os.MkdirAll(folder, 0o777)
		}
		if err != nil {
			return fmt.Errorf("model: %w", err)
		}
		args = append(args, "-model.html", folder)
	}
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir = f.dir
	cmd.Stdout, cmd.Stderr = std.out, std.err
	// A test binary that is interrupted stops between two executions.
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 5 * time.Second
	stop := f.watch(report, std)
	err = cmd.Run()
	results := stop()
	summarize(results, std.out)
	if ctx.Err() != nil {
		return fmt.Errorf("model: %w", ctx.Err())
	}
	var failed *exec.ExitError
	if errors.As(err, &failed) {
		return errReported
	}
	if err != nil {
		return fmt.Errorf("model: cannot run go test: %w", err)
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

// A modelLine is what a test tells through the file named by -model.report.
type modelLine struct {
	Test                string
	Executions, Blocked int
	Done                bool
	Failure             string
	Seconds             float64
}

// watch shows progress while tests run, on a terminal. The function that it
// returns ends that and returns the results.
func (f *modelFlags) watch(report string, std stdio) func() []modelLine {
	quit, done := make(chan struct{}), make(chan struct{})
	file, isFile := std.err.(*os.File)
	if !isFile || !term.IsTerminal(int(file.Fd())) {
		close(done)
	} else {
		bar := progressbar.NewOptions(-1, progressbar.OptionSetWriter(std.err), progressbar.OptionShowIts(),
			progressbar.OptionSetItsString("executions"), progressbar.OptionClearOnFinish(), progressbar.OptionShowCount())
		go func() {
			defer close(done)
			for {
				select {
				case <-quit:
					_ = bar.Finish() // a bar that cannot be shown is no failure of the tests
					return
				case <-time.After(200 * time.Millisecond):
					total, last := 0, ""
					for _, l := range latest(readReport(report)) {
						total += l.Executions
						if !l.Done {
							last = l.Test
						}
					}
					bar.Describe(last)
					_ = bar.Set(total)
				}
			}
		}()
	}
	return func() []modelLine {
		close(quit)
		<-done
		return latest(readReport(report))
	}
}

func readReport(name string) []modelLine {
	file, err := os.Open(name)
	if err != nil {
		return nil // no test has begun
	}
	defer file.Close()
	var lines []modelLine
	for s := bufio.NewScanner(file); s.Scan(); {
		var l modelLine
		if json.Unmarshal(s.Bytes(), &l) == nil {
			lines = append(lines, l)
		}
	}
	return lines
}

// latest is the last line of each test, in the order in which they began.
func latest(lines []modelLine) []modelLine {
	at := make(map[string]int)
	var out []modelLine
	for _, l := range lines {
		if i, ok := at[l.Test]; ok && !out[i].Done {
			out[i] = l
			continue
		}
		at[l.Test] = len(out)
		out = append(out, l)
	}
	return out
}

func summarize(results []modelLine, w io.Writer) {
	executions, blocked, failed := 0, 0, 0
	seconds := 0.0
	for _, l := range results {
		executions += l.Executions
		blocked += l.Blocked
		seconds += l.Seconds
		if l.Failure != "" {
			failed++
		}
	}
	if len(results) > 0 {
		fmt.Fprintf(w, "model: %d checks, %d failed; %d executions (%d blocked) in %.1f s\n", len(results), failed, executions, blocked, seconds)
	}
}
