package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/fearless-go/fearless/schedtest"
)

// underDelve returns what shows a failing schedule under delve.
func underDelve(opts schedtest.Options, f testFlags, std stdio) (func(context.Context, *schedtest.Debuggee) error, error) {
	switch {
	case opts.Replay == "":
		return nil, usagef("test: -debug shows one schedule: add -replay with the seed that a failure printed")
	case opts.Count > 1 || f.json:
		return nil, usagef("test: -debug shows one schedule on the terminal: leave out -count and -json")
	}
	dlv, err := exec.LookPath("dlv")
	if err != nil {
		return nil, usagef("test: -debug needs delve, and there is no dlv in PATH: go install github.com/go-delve/delve/cmd/dlv@latest")
	}
	return func(ctx context.Context, d *schedtest.Debuggee) error {
		folder, err := os.MkdirTemp("", "fearless-debug-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(folder)
		script := filepath.Join(folder, "stop")
		if err := os.WriteFile(script, []byte(d.Script()), 0o666); err != nil {
			return err
		}
		if d.Switches > 0 {
			fmt.Fprintf(std.err, "the schedule fails; delve stops it before the first of %d switches: \"stack\" has where the goroutine that ran stands, \"continue\" goes to the next one\n", d.Switches)
		} else {
			fmt.Fprintln(std.err, "the schedule fails; its seed lists no switches, so delve stops it where the test begins")
		}
		// Not ended by Ctrl-C, which stops the program in delve.
		cmd := exec.Command(dlv, append([]string{"exec", d.Binary, "--allow-non-terminal-interactive=true", "--wd", d.Dir, "--init", script, "--"}, d.Args...)...)
		cmd.Env = d.Env
		cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, std.out, std.err
		if err := cmd.Run(); err != nil && ctx.Err() == nil {
			return fmt.Errorf("%s: %w", dlv, err)
		}
		return nil
	}, nil
}
