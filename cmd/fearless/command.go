package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"
	"syscall"
)

// Exit statuses, the same for every subcommand.
const (
	exitOK      = 0
	exitFailure = 1 // it ran and failed, or found something
	exitUsage   = 2 // it could not run: wrong arguments or unusable input
	// Nothing failed, but something is undecided or unsuitable.
	exitUndecided = 3
)

// A command is one subcommand of fearless.
type command struct {
	name    string
	args    string // what follows the name in the usage line
	summary string
	// run gets the arguments after the name. It returns nil, a usageError
	// for exit status 2, errUndecided for 3, or any other error for 1.
	run func(ctx context.Context, args []string, std stdio) error
}

// stdio is what a command reads and writes.
type stdio struct {
	in  io.Reader
	out io.Writer
	err io.Writer
}

// commands is every subcommand, in the order in which help lists them.
// Each stands in a file of its own.
func commands() []command {
	return []command{
		tourCommand(),
		testCommand(),
		proveCommand(),
		vetCommand(),
		litmusCommand(),
		modelCommand(),
		benchCommand(),
		clusterCommand(),
		doctorCommand(),
		mcpCommand(),
		completionCommand(),
		versionCommand(),
	}
}

// A usageError reports arguments that the command cannot use. Its text names
// the argument at fault and what would work.
type usageError struct{ err error }

func (e usageError) Error() string { return e.err.Error() }
func (e usageError) Unwrap() error { return e.err }

func usagef(format string, args ...any) error {
	return usageError{fmt.Errorf(format, args...)}
}

// errReported ends a command with status 1 when it has already said why.
var errReported = errors.New("already reported")

// errUndecided ends a command with status 3 when it has already said why.
var errUndecided = errors.New("undecided")

// run is main without the process: it dispatches args and returns the exit status.
func run(ctx context.Context, args []string, in io.Reader, out, errw io.Writer) int {
	checked := &checkedWriter{w: out}
	err := dispatch(ctx, args, stdio{in: in, out: checked, err: errw})
	if errors.Is(err, flag.ErrHelp) {
		err = nil
	}
	if errors.Is(checked.err, syscall.EPIPE) && (err == nil || errors.Is(err, syscall.EPIPE)) {
		// Whoever reads has seen enough, as head has: nothing to be told. Other
		// programs are killed by a signal then, which is no success either.
		return exitFailure
	}
	if err == nil && checked.err != nil {
		err = fmt.Errorf("cannot write to standard output: %w", checked.err)
	}
	var usage usageError
	switch {
	case err == nil:
		return exitOK
	case errors.Is(err, errReported):
		return exitFailure
	case errors.Is(err, errUndecided):
		return exitUndecided
	case errors.As(err, &usage):
		fmt.Fprintf(errw, "fearless: %s\n", withNextStep(err))
		return exitUsage
	default:
		fmt.Fprintf(errw, "fearless: %s\n", withNextStep(err))
		return exitFailure
	}
}

// withNextStep adds what to do to what the go command says where there is no module,
// which is about its own flags and main modules.
func withNextStep(err error) string {
	text := strings.TrimRight(err.Error(), "\n")
	for _, said := range []string{"go.mod file not found", "does not contain main module"} {
		if strings.Contains(text, said) {
			return text + "\nthis folder is in no module: run it in a module's folder, or make it one with \"go mod init NAME\""
		}
	}
	return text
}

func dispatch(ctx context.Context, args []string, std stdio) error {
	all := commands()
	if len(args) == 0 {
		return usagef("no subcommand given: use one of %s, or help", names(all))
	}
	if isHelp(args[0]) {
		if len(args) > 1 && !isHelp(args[1]) {
			return dispatch(ctx, []string{args[1], "-h"}, std)
		}
		fmt.Fprint(std.out, "fearless: Rust's fearless concurrency for Go\n\nusage: fearless COMMAND [ARGUMENTS]\n\n")
		for _, c := range all {
			fmt.Fprintf(std.out, "  %-10s %s\n", c.name, c.summary)
		}
		fmt.Fprint(std.out, "\n\"fearless COMMAND -h\" tells a command's arguments.\n")
		return nil
	}
	i := slices.IndexFunc(all, func(c command) bool { return c.name == args[0] })
	if i < 0 {
		return usagef("unknown subcommand %q: use one of %s, or help", args[0], names(all))
	}
	return all[i].run(ctx, args[1:], std)
}

func isHelp(arg string) bool {
	return slices.Contains([]string{"help", "-h", "-help", "--help"}, arg)
}

func names(all []command) string {
	var s []string
	for _, c := range all {
		s = append(s, c.name)
	}
	return strings.Join(s, ", ")
}

// parse parses args by flags, which may stand before, between and after the
// other arguments, and returns those. Everything behind "--" is returned as
// it is. On -h it prints the usage and returns flag.ErrHelp.
func parse(flags *flag.FlagSet, usage string, args []string, std stdio) ([]string, error) {
	flags.SetOutput(io.Discard)
	flags.Usage = func() {}
	var rest []string
	for {
		err := flags.Parse(args)
		if errors.Is(err, flag.ErrHelp) {
			fmt.Fprintf(std.out, "usage: fearless %s %s\n\n", flags.Name(), usage)
			flags.SetOutput(std.out)
			flags.PrintDefaults()
			return nil, err
		}
		if err != nil {
			return nil, usagef("%s: %w; \"fearless %s -h\" lists its flags", flags.Name(), err, flags.Name())
		}
		left := flags.Args()
		if len(left) == 0 {
			return rest, nil
		}
		if n := len(args) - len(left); n > 0 && args[n-1] == "--" {
			return append(rest, left...), nil
		}
		rest = append(rest, left[0])
		args = left[1:]
	}
}

// checkedWriter remembers the first error of the writer below it, so that
// output that nobody could read is reported once, at the end.
type checkedWriter struct {
	w   io.Writer
	err error
}

func (c *checkedWriter) Write(p []byte) (int, error) {
	if c.err != nil {
		return 0, c.err
	}
	n, err := c.w.Write(p)
	c.err = err
	return n, err
}
