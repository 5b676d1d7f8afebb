package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// TestMain lets the test binary be the command itself, for the tests that need
// a process: one with pipes that can be closed.
func TestMain(m *testing.M) {
	if os.Getenv("FEARLESS_TEST_AS_COMMAND") != "" {
		main()
	}
	os.Exit(m.Run())
}

// process returns a command that runs fearless with args as a process.
func process(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), self, args...)
	cmd.Env = append(os.Environ(), "FEARLESS_TEST_AS_COMMAND=1")
	return cmd
}

// A result is what a command has left behind.
type result struct {
	code     int
	out, err string
}

// call runs fearless with args in this process.
func call(t *testing.T, stdin string, args ...string) result {
	t.Helper()
	var out, errw bytes.Buffer
	code := run(t.Context(), args, strings.NewReader(stdin), &out, &errw)
	return result{code: code, out: out.String(), err: errw.String()}
}

// wantError checks that r is a failure with the given status and one line on
// standard error that says why and has all of parts.
func (r result) wantError(t *testing.T, code int, parts ...string) {
	t.Helper()
	if r.code != code {
		t.Errorf("exit status %d, want %d; standard error: %q", r.code, code, r.err)
	}
	if !strings.HasPrefix(r.err, "fearless: ") || strings.Count(r.err, "\n") != 1 || !strings.HasSuffix(r.err, "\n") {
		t.Errorf("standard error is %q, want one line", r.err)
	}
	for _, part := range parts {
		if !strings.Contains(r.err, part) {
			t.Errorf("standard error is %q, want %q in it", r.err, part)
		}
	}
}

func TestUsageErrors(t *testing.T) {
	for _, test := range []struct {
		args []string
		want []string
	}{
		{nil, []string{"no subcommand", "tour", "vet"}},
		{[]string{"toru"}, []string{`"toru"`, "tour", "vet", "help"}},
		{[]string{""}, []string{`""`, "tour"}},
		{[]string{"-x"}, []string{`"-x"`, "tour"}},
		{[]string{"help", "toru"}, []string{`"toru"`, "tour"}},
	} {
		r := call(t, "", test.args...)
		r.wantError(t, exitUsage, test.want...)
		if r.out != "" {
			t.Errorf("%q: standard output is %q, want nothing", test.args, r.out)
		}
	}
}

func TestUnknownFlagOfEachCommand(t *testing.T) {
	for _, c := range commands() {
		call(t, "", c.name, "-no-such-flag").wantError(t, exitUsage, c.name, "-no-such-flag", "-h")
	}
}

func TestHelp(t *testing.T) {
	for _, arg := range []string{"help", "-h", "-help", "--help", "help help"} {
		r := call(t, "", strings.Fields(arg)...)
		if r.code != exitOK || r.err != "" {
			t.Errorf("%s: exit status %d, standard error %q", arg, r.code, r.err)
		}
		for _, c := range commands() {
			if !strings.Contains(r.out, "\n  "+c.name+" ") || !strings.Contains(r.out, c.summary) {
				t.Errorf("%s does not list %s: %q", arg, c.name, r.out)
			}
		}
	}
}

func TestHelpOfEachCommand(t *testing.T) {
	for _, c := range commands() {
		for _, args := range [][]string{{c.name, "-h"}, {c.name, "--help"}, {"help", c.name}} {
			r := call(t, "", args...)
			if r.code != exitOK || r.err != "" || !strings.HasPrefix(r.out, "usage: fearless "+c.name+" ") {
				t.Errorf("%q: exit status %d, standard output %q, standard error %q", args, r.code, r.out, r.err)
			}
		}
	}
}

type brokenPipe struct{}

func (brokenPipe) Write([]byte) (int, error) { return 0, errors.New("broken pipe") }

func TestOutputThatCannotBeWritten(t *testing.T) {
	for _, c := range commands() {
		for _, args := range [][]string{{"help"}, {c.name, "-h"}} {
			var errw bytes.Buffer
			code := run(t.Context(), args, strings.NewReader(""), brokenPipe{}, &errw)
			result{code: code, err: errw.String()}.wantError(t, exitFailure, "standard output", "broken pipe")
		}
	}
}

// The reader of a pipe has gone: as in "fearless tour | head -1". It is not told of.
func TestClosedOutputPipe(t *testing.T) {
	for _, args := range [][]string{{"help"}, {"tour", "-list"}, {"tour", "-source", "ch1-08"}, {"tour", "ch1-08"}, {"tour"}} {
		cmd := process(t, args...)
		r, w, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		r.Close()
		var errw bytes.Buffer
		cmd.Stdout, cmd.Stderr = w, &errw
		cmd.Run()
		w.Close()
		if code := cmd.ProcessState.ExitCode(); code != exitFailure || errw.Len() != 0 {
			t.Errorf("%q: status %d, want %d and silence: %q", args, code, exitFailure, &errw)
		}
	}
}

// A process that is started without an input or an output at all.
func TestClosedStandardFiles(t *testing.T) {
	if _, err := exec.LookPath("sh"); err != nil {
		t.Skip("needs a POSIX shell, which can close a file before it starts a program")
	}
	for closed, want := range map[string]int{"<&-": exitOK, ">&-": exitOK, "2>&-": exitOK} {
		cmd := process(t)
		cmd = exec.CommandContext(t.Context(), "sh", "-c", `exec "$0" tour ch1-08 `+closed, cmd.Path)
		cmd.Env = append(os.Environ(), "FEARLESS_TEST_AS_COMMAND=1")
		out, err := cmd.CombinedOutput()
		if code := cmd.ProcessState.ExitCode(); code != want {
			t.Errorf("tour ch1-08 %s: exit status %d, %v, want %d", closed, code, err, want)
		}
		if bytes.Contains(out, []byte("goroutine ")) || bytes.Contains(out, []byte("panic: ")) {
			t.Errorf("tour ch1-08 %s: printed a stack trace:\n%s", closed, out)
		}
	}
}

func TestAFolderWithoutAModuleGetsANextStep(t *testing.T) {
	t.Chdir(t.TempDir())
	t.Setenv("GOWORK", "off")
	t.Setenv("FEARLESS_TEST_AS_COMMAND", "1") // vet starts itself
	for _, name := range []string{"vet", "test", "prove", "model"} {
		r := call(t, "", name, "./...")
		if r.code != exitUsage || !strings.Contains(r.err, "this folder is in no module: run it in a module's folder") {
			t.Errorf("%s: status %d, %q", name, r.code, r.err)
		}
	}
}
