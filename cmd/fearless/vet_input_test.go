package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/fearless-go/fearless/internal/long"
)

// TestVetInputs runs "fearless vet" as a process in each module of
// testdata/vet: unusual source, wrong source, wrong flags. The head of a file
// says what it is about, the arguments, the exit status, and what must stand
// in the output and among the errors.
func TestVetInputsLong(t *testing.T) {
	long.Only(t, "a module for each input")
	files, err := filepath.Glob(filepath.Join("testdata", "vet", "*.txt"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no inputs: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			head := vetInput(string(archive.Comment))
			dir := t.TempDir()
			for _, f := range archive.Files {
				path := filepath.Join(dir, filepath.FromSlash(f.Name))
				if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(path, f.Data, 0o666); err != nil {
					t.Fatal(err)
				}
			}
			cmd := process(t, append([]string{"vet"}, strings.Fields(head["args"][0])...)...)
			cmd.Dir = dir
			cmd.Env = append(append(cmd.Env, "GOWORK=", "GOPROXY=off", "PWD="+dir), head["env"]...)
			head.check(t, cmd)
		})
	}
}

// vetInputHead holds the lines "key: value" of a file's head.
type vetInputHead map[string][]string

func vetInput(comment string) vetInputHead {
	head := vetInputHead{}
	for line := range strings.Lines(comment) {
		if key, value, ok := strings.Cut(strings.TrimSpace(line), ": "); ok {
			head[key] = append(head[key], value)
		}
	}
	return head
}

func (head vetInputHead) check(t *testing.T, cmd *exec.Cmd) {
	t.Helper()
	var out, errs strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &errs
	_ = cmd.Run() // the exit status tells
	if want := map[string]int{"0": exitOK, "1": exitFailure, "2": exitUsage}[head["exit"][0]]; cmd.ProcessState.ExitCode() != want {
		t.Errorf("exit status %d, want %d", cmd.ProcessState.ExitCode(), want)
	}
	for _, part := range head["out"] {
		if !strings.Contains(out.String(), part) {
			t.Errorf("no %q in the output", part)
		}
	}
	for _, part := range head["err"] {
		if !strings.Contains(errs.String(), part) {
			t.Errorf("no %q among the errors", part)
		}
	}
	if len(head["out"]) == 0 && out.Len() > 0 || len(head["err"]) == 0 && errs.Len() > 0 || strings.Contains(errs.String(), "goroutine ") {
		t.Errorf("unexpected output")
	}
	if t.Failed() {
		t.Logf("output:\n%s\nerrors:\n%s", out.String(), errs.String())
	}
}

// TestVetChecksCgoLong needs a C compiler.
func TestVetChecksCgoLong(t *testing.T) {
	long.Only(t, "a C compiler, cgo and what it needs of std are run and checked")
	if _, err := exec.LookPath("gcc"); err != nil {
		t.Skip("no C compiler")
	}
	dir := vetModule(t, `package m

// static int twice(int x) { return 2*x; }
import "C"

func Race() int {
	n := int(C.twice(21))
	go func() { n++ }()
	return n
}
`)
	out, errs, code := vetProcess(t, "-C", dir)
	if code != exitFailure || !strings.HasPrefix(out, "m.go:8:14: `n` is written here") {
		t.Errorf("status %d, output %q, errors %q", code, out, errs)
	}
}
