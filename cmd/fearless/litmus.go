package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"github.com/fearless-go/fearless/internal/trace"
	"github.com/fearless-go/fearless/litmus"
)

func litmusCommand() command {
	return command{
		name:    "litmus",
		args:    "[flags] FILE|FOLDER...",
		summary: "run C litmus tests under RC11 or SC: every state in which they can end",
		run:     runLitmus,
	}
}

type litmusFlags struct {
	memory, dot, html string
	json              bool
	limits            litmus.Limits
	spread            spreadFlags
}

func runLitmus(ctx context.Context, args []string, std stdio) error {
	var f litmusFlags
	flags := flag.NewFlagSet("litmus", flag.ContinueOnError)
	flags.StringVar(&f.memory, "memory", "rc11", "memory `model`: rc11 or sc")
	flags.BoolVar(&f.json, "json", false, "print an array of {name, executions, blocked, races, outcomes}")
	flags.StringVar(&f.dot, "dot", "", "write the witness, one execution that decides the condition, to `file` for Graphviz; - is standard output")
	flags.StringVar(&f.html, "html", "", "write the witness to `file` as an HTML page; - is standard output")
	flags.IntVar(&f.limits.Events, "max-events", 1000, "give up on a program with more events in an execution than `n`; 0, and what is above, is 60000")
	flags.IntVar(&f.limits.Executions, "max-executions", 0, "give up on a program after `n` executions; 0 is no limit")
	f.spread.add(flags)
	names, err := parse(flags, "[flags] FILE|FOLDER...", args, std)
	if err != nil {
		return err
	}
	if err := f.spread.check("litmus", setFlags(flags, "dot", "html")); err != nil {
		return err
	}
	memory := litmus.RC11
	switch f.memory {
	case "rc11":
	case "sc":
		memory = litmus.SC
	default:
		return usagef("litmus: -memory %q is unknown: use rc11 or sc", f.memory)
	}
	if len(names) == 0 {
		return usagef("litmus: no file given: name litmus tests in C or JSON, folders with *.litmus files, or - for standard input")
	}
	files, err := readPrograms(names, std)
	if err != nil {
		return err
	}
	if f.spread.on() {
		return f.share(ctx, files, std)
	}
	var programs []*litmus.Program
	for _, file := range files {
		programs = append(programs, file.programs...)
	}
	if (f.dot != "" || f.html != "") && len(programs) != 1 {
		return usagef("litmus: -dot and -html draw one program, and there are %d: name one", len(programs))
	}
	return f.run(ctx, programs, memory, std)
}

// readPrograms reads every file before anything runs: a mistake in the last
// one shows at once.
func readPrograms(names []string, std stdio) (files []litmusFile, err error) {
	names, err = expandFolders(names)
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		data, err := readInput(name, std)
		if err != nil {
			return nil, usageError{fmt.Errorf("litmus: %w", err)}
		}
		list, err := litmus.Parse(name, data)
		if err != nil {
			return nil, usageError{err}
		}
		files = append(files, litmusFile{name, data, list})
	}
	return files, nil
}

// expandFolders puts the *.litmus files of a folder in its place.
func expandFolders(files []string) (all []string, err error) {
	for _, name := range files {
		info, err := os.Stat(name)
		if err != nil || !info.IsDir() {
			all = append(all, name) // reading it tells what is wrong
			continue
		}
		entries, err := os.ReadDir(name)
		if err != nil {
			return nil, usageError{fmt.Errorf("litmus: %w", err)}
		}
		before := len(all)
		for _, e := range entries {
			if !e.IsDir() && filepath.Ext(e.Name()) == ".litmus" {
				all = append(all, filepath.Join(name, e.Name()))
			}
		}
		if len(all) == before {
			return nil, usagef("litmus: the folder %s has no file *.litmus: name files, or a folder that has some", name)
		}
	}
	return all, nil
}

// readInput reads no more of a file than shows that it is too long, which the
// parser then says.
func readInput(name string, std stdio) ([]byte, error) {
	in := std.in
	if name != "-" {
		file, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		defer file.Close()
		in = file
	}
	data, err := io.ReadAll(io.LimitReader(in, litmus.MaxInput+1))
	if err != nil {
		return nil, err
	}
	return data, nil
}

func (f *litmusFlags) run(ctx context.Context, programs []*litmus.Program, memory litmus.Memory, std stdio) error {
	summaries := []litmus.Summary{}
	bar := newProgress(std.err, 100*time.Millisecond, "litmus: begins")
	defer bar.finish()
	out := bar.around(std.out)
	for i, p := range programs {
		now := &litmusProgress{name: p.Name, number: i + 1, of: len(programs)}
		bar.show(now.line)
		res, err := litmus.RunWatched(ctx, p, memory, f.limits, now.add)
		if limit := (*litmus.LimitError)(nil); errors.As(err, &limit) {
			return fmt.Errorf("litmus: %w; see -max-events and -max-executions", err)
		}
		if ctx.Err() != nil {
			bar.finish()
			return f.interrupted(now, summaries, std)
		}
		if err != nil {
			return fmt.Errorf("litmus: %w", err)
		}
		summaries = append(summaries, res.Summary())
		if !f.json && f.dot != "-" && f.html != "-" {
			if err := res.WriteText(out); err != nil {
				return err
			}
		}
		if err := f.draw(res, std); err != nil {
			return err
		}
	}
	bar.finish()
	return f.summarize(summaries, std)
}

func (f *litmusFlags) summarize(summaries []litmus.Summary, std stdio) error {
	if !f.json {
		return nil
	}
	enc := json.NewEncoder(std.out)
	enc.SetIndent("", "  ")
	return enc.Encode(summaries)
}

// interrupted tells of the programs that are done: those in text have been printed.
// Of the one under way there is no result, since a state may be missing.
func (f *litmusFlags) interrupted(now *litmusProgress, summaries []litmus.Summary, std stdio) error {
	if err := f.summarize(summaries, std); err != nil {
		return err
	}
	return fmt.Errorf("litmus: interrupted in %s, after %d executions with %d states; %d of %d programs are done",
		now.name, now.executions.Load(), now.states.Load(), len(summaries), now.of)
}

// litmusProgress is how far a run is.
type litmusProgress struct {
	name               string
	number, of         int
	executions, states atomic.Int64
}

func (p *litmusProgress) add(executions, states int) {
	p.executions.Store(int64(executions))
	p.states.Store(int64(states))
}

// line says it in at most width columns.
func (p *litmusProgress) line(width int) string {
	before := "litmus "
	if p.of > 1 {
		before += fmt.Sprintf("%d/%d ", p.number, p.of)
	}
	return named(before, p.name, fmt.Sprintf(" %d executions, %d states", p.executions.Load(), p.states.Load()), width)
}

func (f *litmusFlags) draw(res *litmus.Result, std stdio) error {
	for _, out := range []struct {
		name  string
		write func(*trace.Trace, io.Writer) error
	}{{f.dot, (*trace.Trace).WriteDot}, {f.html, (*trace.Trace).WriteHTML}} {
		if out.name == "" {
			continue
		}
		if res.Witness == nil {
			return fmt.Errorf("litmus: %s has no complete execution to draw", res.Program.Name)
		}
		if out.name == "-" {
			if err := out.write(res.Witness, std.out); err != nil {
				return err
			}
			continue
		}
		file, err := os.Create(out.name)
		if err != nil {
			return fmt.Errorf("litmus: %w", err)
		}
		if err := errors.Join(out.write(res.Witness, file), file.Close()); err != nil {
			return fmt.Errorf("litmus: %w", err)
		}
	}
	return nil
}
