package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// reproduce runs the reproducers in dir, each a module of its own: a folder with
// a go.mod that names the module's version, and a test. A comment of the test
// says with which command it fails, and with which words:
//
//	// run: go test -race -count=20
//	// shows: DATA RACE
//
// A reproducer that does not show its words has gone stale, which is an error.
func reproduce(ctx context.Context, dir string, w io.Writer) error {
	tests, err := filepath.Glob(filepath.Join(dir, "*", "*_test.go"))
	if err != nil {
		return err
	}
	if len(tests) == 0 {
		return fmt.Errorf("there are no reproducers in %s: run hunt in the root of its module", dir)
	}
	var stale []string
	for _, name := range tests {
		args, shows, err := readReproducer(name)
		if err != nil {
			return err
		}
		cmd := exec.CommandContext(ctx, args[0], args[1:]...)
		cmd.Dir = filepath.Dir(name)
		cmd.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=-mod=mod")
		out, err := cmd.CombinedOutput()
		if ctx.Err() != nil {
			return ctx.Err()
		}
		bug := filepath.Base(filepath.Dir(name))
		if err != nil && strings.Contains(string(out), shows) {
			fmt.Fprintf(w, "%s: shown (%s)\n", bug, shows)
			continue
		}
		fmt.Fprintf(w, "%s: NOT shown: %s\n", bug, firstLine(string(out)))
		stale = append(stale, bug)
	}
	if len(stale) > 0 {
		return fmt.Errorf("reproducers that do not show their bug: %s", strings.Join(stale, ", "))
	}
	return nil
}

func readReproducer(name string) (args []string, shows string, err error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, "", err
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		if s, ok := strings.CutPrefix(lines.Text(), "// run: "); ok {
			args = strings.Fields(s)
		}
		if s, ok := strings.CutPrefix(lines.Text(), "// shows: "); ok {
			shows = strings.TrimSpace(s)
		}
	}
	if len(args) == 0 || shows == "" {
		return nil, "", fmt.Errorf("%s: a reproducer says how it is run and what it shows, in lines that begin with \"// run: \" and \"// shows: \"", name)
	}
	return args, shows, lines.Err()
}
