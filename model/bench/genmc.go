package main

import (
	"context"
	_ "embed"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/fearless-go/fearless/model"
)

// The same programs in C, each under the macro that is its name.
//
//go:embed genmc/programs.c
var programsC []byte

// A genmcResult is what genmc counted, and the processor time that it took
// without what it takes to start and to compile.
type genmcResult struct {
	executions int
	cpu        time.Duration
}

var completeExecutions = regexp.MustCompile(`complete executions explored: (\d+)`)

// runGenMC explores the program with genmc; nil if it is not on the PATH, or
// has no such program in C. What counts less executions than there are is off
// (symmetry reduction, in-place revisiting, the handling of barriers), and so is
// what takes time without counting, the estimate.
func (p *program) runGenMC(ctx context.Context, n int, m model.MemoryModel) (*genmcResult, error) {
	tool, err := exec.LookPath("genmc")
	if err != nil {
		return nil, nil
	}
	macro := strings.ToUpper(strings.ReplaceAll(p.name, "-", "_"))
	if !strings.Contains(string(programsC), "defined("+macro+")") {
		return nil, nil
	}
	r, err := genmcOn(ctx, tool, macro, n, m)
	if err != nil {
		return nil, fmt.Errorf("genmc %s: %w", p.title(n), err)
	}
	nothing, err := genmcOn(ctx, tool, "NOTHING", 0, m)
	if err != nil {
		return nil, fmt.Errorf("genmc on a program without threads: %w", err)
	}
	r.cpu -= nothing.cpu
	return r, nil
}

// genmcOn runs genmc on what the C programs are under one macro.
func genmcOn(ctx context.Context, tool, macro string, n int, m model.MemoryModel) (*genmcResult, error) {
	dir, err := os.MkdirTemp("", "genmc")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "programs.c")
	if err := os.WriteFile(file, programsC, 0o666); err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, tool, "-"+m.String(), "-disable-sr", "-disable-ipr", "-disable-bam", "-disable-estimation",
		"--", "-D"+macro, fmt.Sprintf("-DN=%d", n), file)
	out, err := cmd.CombinedOutput()
	if err != nil {
		return nil, fmt.Errorf("%w\n%s", err, out)
	}
	found := completeExecutions.FindSubmatch(out)
	if found == nil {
		return nil, fmt.Errorf("no number of executions in\n%s", out)
	}
	executions, err := strconv.Atoi(string(found[1]))
	if err != nil {
		return nil, err
	}
	return &genmcResult{executions, cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()}, nil
}
