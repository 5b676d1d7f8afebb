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
}

func runLitmus(ctx context.Context, args []string, std stdio) error {
	var f litmusFlags
	flags := flag.NewFlagSet("litmus", flag.ContinueOnError)
	flags.StringVar(&f.memory, "memory", "rc11", "memory `model`: rc11 or sc")
	flags.BoolVar(&f.json, "json", false, "print an array of {name, executions, blocked, races, outcomes}")
	flags.StringVar(&f.dot, "dot", "", "write the witness, one execution that decides the condition, to `file` for Graphviz; - is standard output")
	flags.StringVar(&f.html, "html", "", "write the witness to `file` as an HTML page; - is standard output")
	flags.IntVar(&f.limits.Events, "max-events", 1000, "give up on a program with more events in an execution than `n`; 0 is no limit")
	flags.IntVar(&f.limits.Executions, "max-executions", 0, "give up on a program after `n` executions; 0 is no limit")
	files, err := parse(flags, "[flags] FILE|FOLDER...", args, std)
	if err != nil {
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
	if len(files) == 0 {
		return usagef("litmus: no file given: name litmus tests in C or JSON, folders with *.litmus files, or - for standard input")
	}
	programs, err := readPrograms(files, std)
	if err != nil {
		return err
	}
	if (f.dot != "" || f.html != "") && len(programs) != 1 {
		return usagef("litmus: -dot and -html draw one program, and there are %d: name one", len(programs))
	}
	return f.run(ctx, programs, memory, std)
}

// readPrograms reads every file before anything runs: a mistake in the last
// one shows at once.
func readPrograms(files []string, std stdio) ([]*litmus.Program, error) {
	var programs []*litmus.Program
	files, err := expandFolders(files)
	if err != nil {
		return nil, err
	}
	for _, name := range files {
		data, err := readInput(name, std)
		if err != nil {
			return nil, usageError{fmt.Errorf("litmus: %w", err)}
		}
		list, err := litmus.Parse(name, data)
		if err != nil {
			return nil, usageError{err}
		}
		programs = append(programs, list...)
	}
	return programs, nil
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
	for _, p := range programs {
		res, err := litmus.Run(ctx, p, memory, f.limits)
		if limit := (*litmus.LimitError)(nil); errors.As(err, &limit) {
			return fmt.Errorf("litmus: %w; see -max-events and -max-executions", err)
		}
		if err != nil {
			return fmt.Errorf("litmus: %w", err)
		}
		summaries = append(summaries, res.Summary())
		if !f.json && f.dot != "-" && f.html != "-" {
			if err := res.WriteText(std.out); err != nil {
				return err
			}
		}
		if err := f.draw(res, std); err != nil {
			return err
		}
	}
	if !f.json {
		return nil
	}
	enc := json.NewEncoder(std.out)
	enc.SetIndent("", "  ")
	return enc.Encode(summaries)
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
