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

type genmcResult struct {
	executions int
	seconds    float64
}

var completeExecutions = regexp.MustCompile(`complete executions explored: (\d+)`)

// runGenMC explores the program with genmc; nil if it is not on the PATH.
// Symmetry reduction and in-place revisiting are off, for they count less.
func (p *program) runGenMC(ctx context.Context, n int, m model.MemoryModel) (*genmcResult, error) {
	tool, err := exec.LookPath("genmc")
	if err != nil {
		return nil, nil
	}
	macro := strings.ToUpper(strings.ReplaceAll(p.name, "-", "_"))
	if !strings.Contains(string(programsC), "defined("+macro+")") {
		return nil, nil
	}
	dir, err := os.MkdirTemp("", "genmc")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "programs.c")
	if err := os.WriteFile(file, programsC, 0o666); err != nil {
		return nil, err
	}
	start := time.Now()
	out, err := exec.CommandContext(ctx, tool, "-"+m.String(), "-disable-sr", "-disable-ipr", "--",
		"-D"+macro, fmt.Sprintf("-DN=%d", n), file).CombinedOutput()
	seconds := time.Since(start).Seconds()
	if err != nil {
		return nil, fmt.Errorf("genmc %s: %w\n%s", p.title(n), err, out)
	}
	found := completeExecutions.FindSubmatch(out)
	if found == nil {
		return nil, fmt.Errorf("genmc %s: no number of executions in\n%s", p.title(n), out)
	}
	executions, err := strconv.Atoi(string(found[1]))
	if err != nil {
		return nil, err
	}
	return &genmcResult{executions, seconds}, nil
}
