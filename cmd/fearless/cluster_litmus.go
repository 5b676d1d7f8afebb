package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"time"

	"github.com/fearless-go/fearless/cluster"
	"github.com/fearless-go/fearless/litmus"
)

// A litmusWork is what a piece of "fearless litmus" is: a file.
type litmusWork struct {
	pieceKind
	Flags []string `json:"flags"`
	File  []byte   `json:"file"`
}

// A litmusOutcome is what a process prints that runs the file.
type litmusOutcome struct {
	Out  string `json:"out"`
	Err  string `json:"err"`
	Code int    `json:"code"`
}

// litmus does a piece of "fearless litmus", in a process of its own: a program may
// need more time or memory than the worker gives.
func (e *executor) litmus(ctx context.Context, p cluster.Piece) (outcome []byte, left [][]byte, err error) {
	var w litmusWork
	if err := json.Unmarshal(p.Work, &w); err != nil {
		return nil, nil, fmt.Errorf("its work cannot be read: %w", err)
	}
	self, err := os.Executable()
	if err != nil {
		return nil, nil, err
	}
	temp, err := os.MkdirTemp("", "fearless-piece-")
	if err != nil {
		return nil, nil, err
	}
	defer os.RemoveAll(temp)
	var out, errw bytes.Buffer
	cmd := e.command("", temp, self, append(append([]string{"litmus"}, w.Flags...), "-")...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader(w.File), &out, &errw
	_, err = e.run(ctx, cmd, func(time.Duration) {})
	o := litmusOutcome{Out: out.String(), Err: strings.TrimPrefix(strings.TrimSpace(errw.String()), "fearless: ")}
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) && (exit.ExitCode() == exitFailure || exit.ExitCode() == exitUsage) && !strings.HasPrefix(o.Err, "panic: ") && !strings.HasPrefix(o.Err, "fatal error: ") {
		o.Code, err = exit.ExitCode(), nil // it has said what is wrong
	}
	if err != nil {
		return nil, nil, crash(o.Err, err)
	}
	outcome, err = json.Marshal(o)
	return outcome, nil, err
}

// share has workers run the files, each as a piece, and prints what one machine would.
func (f *litmusFlags) share(ctx context.Context, files []litmusFile, std stdio) error {
	conn, working, end, err := f.spread.join(ctx, std)
	if err != nil {
		return clusterError("litmus", err)
	}
	defer end()
	work := litmusWork{pieceKind: pieceKind{"litmus"}, Flags: []string{"-memory", f.memory, fmt.Sprint("-max-events=", f.limits.Events), fmt.Sprint("-max-executions=", f.limits.Executions)}}
	if f.json {
		work.Flags = append(work.Flags, "-json")
	}
	all := []string{"litmus", thisSystem()}
	pieces := make([]cluster.Piece, len(files))
	for i, file := range files {
		work.File = file.data
		data, err := json.Marshal(work)
		if err != nil {
			return err
		}
		pieces[i] = cluster.Piece{Name: hashOf(string(data)), Title: file.name, Work: data}
		all = append(all, pieces[i].Name)
	}
	caller := conn.Call(working, cluster.Run{Name: hashOf(all...), Title: "litmus " + files[0].name, System: thisSystem()}, logTo(std.err), nil)
	results, err := f.collect(ctx, working, caller, pieces)
	if err != nil {
		return err
	}
	if err := caller.Finish(working, 0); err != nil {
		fmt.Fprintf(std.err, "fearless: %v\n", err) // the results are here
	}
	return f.printShared(files, results, std)
}

// collect has all pieces done. No more of them wait at a time than a machine notices.
func (f *litmusFlags) collect(ctx, working context.Context, caller *cluster.Caller, pieces []cluster.Piece) ([]*cluster.Result, error) {
	results := make([]*cluster.Result, len(pieces))
	faults := make([]error, len(pieces))
	limit := make(chan struct{}, 512)
	var wg sync.WaitGroup
	for i, p := range pieces {
		limit <- struct{}{}
		wg.Go(func() {
			defer func() { <-limit }()
			results[i], faults[i] = caller.Do(ctx, p)
		})
	}
	wg.Wait()
	err := errors.Join(faults...)
	switch {
	case err == nil:
		return results, nil
	case ctx.Err() != nil:
		return nil, errors.New("litmus: interrupted")
	case working.Err() != nil:
		return nil, fmt.Errorf("litmus: %w", context.Cause(working))
	}
	for _, err := range faults {
		if err != nil {
			return nil, clusterError("litmus", err) // they say the same
		}
	}
	return nil, nil
}

// printShared prints the results in the order of the files, up to the first that has none.
func (f *litmusFlags) printShared(files []litmusFile, results []*cluster.Result, std stdio) error {
	summaries := []json.RawMessage{}
	for i, r := range results {
		if r.GaveUp != "" {
			return fmt.Errorf("litmus: %s: no worker could run it: %s", files[i].name, r.GaveUp)
		}
		var o litmusOutcome
		if err := json.Unmarshal(r.Outcome, &o); err != nil {
			return fmt.Errorf("litmus: the result of %s cannot be read: %w", files[i].name, err)
		}
		if !f.json {
			if _, err := std.out.Write([]byte(o.Out)); err != nil {
				return err
			}
		}
		switch {
		case o.Code == exitUsage:
			return usagef("%s", o.Err)
		case o.Code != 0:
			return errors.New(o.Err)
		case f.json:
			var list []json.RawMessage
			if err := json.Unmarshal([]byte(o.Out), &list); err != nil {
				return fmt.Errorf("litmus: the result of %s cannot be read: %w", files[i].name, err)
			}
			summaries = append(summaries, list...)
		}
	}
	if !f.json {
		return nil
	}
	enc := json.NewEncoder(std.out)
	enc.SetIndent("", "  ")
	return enc.Encode(summaries)
}

// A litmusFile is a file that has been read.
type litmusFile struct {
	name     string
	data     []byte
	programs []*litmus.Program
}
