package schedtest

import (
	"context"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"
)

// A Debuggee is a failing schedule that a debugger can start: a process that runs the
// test once, in that schedule. [Options.Debug] gets it. Its files are there until that
// returns.
type Debuggee struct {
	Binary   string   // the path of the test binary, with what a debugger reads
	Dir      string   // where it is to be started
	Args     []string // its arguments
	Env      []string // its whole environment
	Switches int      // the context switches that make the schedule fail; 0: the seed does not list them
	Break    string   // the function to stop at: it is called before each of these switches, or else is the test
}

// Script returns commands for delve that stop the process where the schedule first
// matters, and show the stack there.
//
// A goroutine that seems to compute for long in real time is interrupted by the
// scheduler. Real time stands for nothing in a debugger, so that ends at the stop.
func (d *Debuggee) Script() string {
	return "break " + d.Break + "\ncontinue\nset runtime.fearlessForceAfter = 4611686018427387904\nstack\n"
}

// debug hands the seed's schedule, which has failed, to a debugger.
func (x *exploration) debug(ctx context.Context, seed Seed) error {
	p := x.r.describe(seed.job(x.name, false))
	cmd, _, _, err := p.command(filepath.Join(x.r.dir, "debug"))
	if err != nil {
		return err
	}
	d := &Debuggee{Binary: p.Binary, Dir: cmd.Dir, Args: p.Args, Env: cmd.Env, Break: x.r.target.symbol(x.name)}
	if len(seed.Switches) > 0 && seed.Proof == "" {
		d.Switches, d.Break = len(seed.Switches), "runtime.switchTaken"
	}
	if err := x.s.opts.Debug(ctx, d); err != nil {
		return fmt.Errorf("the debugger: %w", err)
	}
	return nil
}

// symbol is the name that the linker has for the function of a test: it may be in the
// package of the external tests.
func (t *target) symbol(test string) string {
	path := t.path
	for _, name := range t.tests {
		file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(t.dir, name), nil, parser.SkipObjectResolution)
		if err != nil {
			continue // it has been built, so it has changed since
		}
		for _, d := range file.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv == nil && fn.Name.Name == test && strings.HasSuffix(file.Name.Name, "_test") {
				path += "_test"
			}
		}
	}
	return symbolPath(path) + "." + test
}
