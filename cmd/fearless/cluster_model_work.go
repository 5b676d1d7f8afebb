package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/fearless-go/fearless/cluster"
	"github.com/fearless-go/fearless/internal/engine"
	"github.com/fearless-go/fearless/internal/pieces"
)

// A modelWork is what a piece of "fearless model" is: a test whose checks are to be
// cut, or some of what is left of one check.
type modelWork struct {
	pieceKind
	Dir   string   `json:"dir"`             // of the package, for a worker on the same machine
	Run   string   `json:"run"`             // the pattern of the test
	Flags []string `json:"flags,omitempty"` // options of the exploration
	Check string   `json:"check,omitempty"` // of what is left
	Left  []byte   `json:"left,omitempty"`
	First []int32  `json:"first,omitempty"` // where that begins in the walk
}

// cutFor is how long a check explores alone before it is cut. Most are done by then.
const cutFor = 250 * time.Millisecond

// model does a piece of "fearless model".
func (e *executor) model(ctx context.Context, p cluster.Piece, binary string, hungry func() int) (outcome []byte, left [][]byte, err error) {
	var w modelWork
	if err := json.Unmarshal(p.Work, &w); err != nil {
		return nil, nil, fmt.Errorf("its work cannot be read: %w", err)
	}
	temp, err := os.MkdirTemp("", "fearless-piece-")
	if err != nil {
		return nil, nil, err
	}
	defer os.RemoveAll(temp)
	job := pieces.Job{Mode: pieces.Cut, Dir: filepath.Join(temp, "out"), For: cutFor}
	if w.Check != "" {
		job.Mode, job.Check, job.Left = pieces.One, w.Check, w.Left
	}
	file := filepath.Join(temp, "job")
	data, err := json.Marshal(job)
	if err == nil {
		err = errors.Join(os.Mkdir(job.Dir, 0o700), os.WriteFile(file, data, 0o600))
	}
	if err != nil {
		return nil, nil, err
	}
	cmd := e.command(w.Dir, temp, binary, append([]string{"-test.run=" + w.Run, "-test.timeout=0", "-model.piece=" + file}, w.Flags...)...)
	asked := false
	console, err := e.run(ctx, cmd, func(since time.Duration) {
		if w.Check != "" && !asked && (since > giveAtLast || since > giveAfter && hungry() > 0) {
			asked = true
			_ = os.WriteFile(filepath.Join(job.Dir, "stop"), nil, 0o600) // without it the piece goes on
		}
	})
	var limit *limitError
	if ctx.Err() != nil || errors.As(err, &limit) {
		return nil, nil, err
	}
	results, err2 := readResults(job.Dir)
	if err2 != nil {
		return nil, nil, err2
	}
	var exit *exec.ExitError
	if w.Check != "" && len(results) != 1 || w.Check == "" && err != nil && !errors.As(err, &exit) {
		return nil, nil, crash(console, err)
	}
	// A test that fails here, as for a file that only its own machine has, has told
	// nothing. It runs once more where it comes from.
	for i := range results {
		r := &results[i]
		if r.Left == nil {
			continue
		}
		parts, err := engine.SplitTasks(r.Left, partsFor(w.Check == "", hungry()))
		if err != nil {
			return nil, nil, err
		}
		r.Left = nil
		for _, part := range parts {
			test, _, _ := strings.Cut(r.Check, "#")
			work, err := json.Marshal(modelWork{pieceKind: w.pieceKind, Dir: w.Dir, Run: exactly(test), Flags: w.Flags, Check: r.Check, Left: part.Left, First: part.First})
			if err != nil {
				return nil, nil, err
			}
			left = append(left, work)
		}
	}
	outcome, err = json.Marshal(results)
	return outcome, left, err
}

// partsFor is into how many pieces what is left is dealt out, when so many workers
// wait: a few for each, for pieces differ in size.
func partsFor(first bool, waiting int) int {
	if first {
		return max(4, 2*waiting)
	}
	if waiting == 0 {
		return 1
	}
	return 2*waiting + 1
}

func readResults(dir string) (list []pieces.Result, err error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil {
		return nil, err
	}
	for _, name := range files {
		var r pieces.Result
		data, err := os.ReadFile(name)
		if err == nil {
			err = json.Unmarshal(data, &r)
		}
		if err != nil {
			return nil, fmt.Errorf("what the test told cannot be read: %w", err)
		}
		list = append(list, r)
	}
	return list, nil
}

// exactly is the pattern of -test.run that only the test of that name matches, with
// those below it.
func exactly(test string) string {
	parts := strings.Split(test, "/")
	for i, p := range parts {
		parts[i] = "^" + regexp.QuoteMeta(p) + "$"
	}
	return strings.Join(parts, "/")
}
