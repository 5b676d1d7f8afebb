package main

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"os"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fearless-go/fearless/book"
	"github.com/fearless-go/fearless/examples/rejected"
)

// play runs the tour in a bubble, where time passes by itself, and returns what
// it left behind and how long it took.
func play(t *testing.T, in io.Reader, args ...string) (result, time.Duration) {
	t.Helper()
	var r result
	var took time.Duration
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		var out, errw bytes.Buffer
		code := run(t.Context(), append([]string{"tour"}, args...), in, &out, &errw)
		r = result{code: code, out: out.String(), err: errw.String()}
		took = time.Since(start)
	})
	return r, took
}

func TestTour(t *testing.T) {
	r, took := play(t, strings.NewReader("help\nrest\nstop\n"))
	if r.code != exitOK || r.err != "" {
		t.Errorf("exit status %d, standard error %q", r.code, r.err)
	}
	rest := r.out
	for _, p := range tourPrograms() {
		var found bool
		if _, rest, found = strings.Cut(rest, "== "+p.Name+": "+p.Title+"\n"); !found {
			t.Fatalf("%s is missing, or in the wrong place", p.Name)
		}
	}
	for _, want := range []string{"commands: help, stop", `unknown command: "rest"`, "= 1000\n", "overflowed!", "Done!"} {
		if !strings.Contains(r.out, want) {
			t.Errorf("the tour's output lacks %q", want)
		}
	}
	if took > 10*time.Second {
		t.Errorf("the tour takes %v of the bubble's time", took)
	}
}

// Nobody types, but the input is not closed: the tour must not hang.
func TestTourWithASilentInput(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		silent, close := io.Pipe()
		var out, errw bytes.Buffer
		code := run(t.Context(), []string{"tour"}, silent, &out, &errw)
		close.Close()
		if code != exitOK || errw.Len() > 0 || !strings.Contains(out.String(), "commands: help, stop") {
			t.Errorf("exit status %d, standard error %q; want the tour to type help and stop itself", code, errw.String())
		}
	})
}

func TestTourWithAnEmptyInput(t *testing.T) {
	r, _ := play(t, strings.NewReader(""))
	if r.code != exitOK || r.err != "" || !strings.Contains(r.out, "commands: help, stop") {
		t.Errorf("exit status %d, standard error %q; want the tour to type help and stop itself", r.code, r.err)
	}
}

func TestTourOfNamedExamples(t *testing.T) {
	r, _ := play(t, strings.NewReader(""), "ch1-08", "-speed", "10", "ch1-03-spawn-closure")
	places := regexp.MustCompile(`(?m)^\[book/ch1_08_mutex\.go:[0-9]+\]`)
	got := strings.Fields(places.ReplaceAllString(r.out, "[]"))
	var want []string
	for _, name := range []string{"ch1-08-mutex", "ch1-03-spawn-closure"} {
		p, err := book.Find(book.Programs(), name)
		if err != nil {
			t.Fatal(err)
		}
		output := map[string]string{"ch1-08-mutex": "[] unwrap(n.IntoInner()) = 1000", "ch1-03-spawn-closure": "1 2 3"}[name]
		want = append(want, strings.Fields("== "+name+": "+p.Title+" "+p.Shows+" "+output)...)
	}
	if r.code != exitOK || r.err != "" || !slices.Equal(got, want) {
		t.Errorf("exit status %d, standard error %q, standard output\n%q, want\n%q", r.code, r.err, got, want)
	}
}

func TestTourSpeed(t *testing.T) {
	for speed, want := range map[string]time.Duration{"1": 10 * time.Second, "20": 500 * time.Millisecond, "0.5": 20 * time.Second} {
		if _, took := play(t, strings.NewReader(""), "-speed", speed, "ch1-09"); took != want {
			t.Errorf("with -speed %s ch1-09 took %v of the bubble's time, want %v", speed, took, want)
		}
	}
}

func TestTourList(t *testing.T) {
	r := call(t, "", "tour", "-list")
	var names []string
	for line := range strings.Lines(r.out) {
		if fields := strings.Fields(line); strings.HasPrefix(line, "  ") {
			names = append(names, fields[0])
		}
	}
	var want []string
	for _, p := range tourPrograms() {
		want = append(want, p.Name)
	}
	if r.code != exitOK || r.err != "" || !slices.Equal(names, want) {
		t.Errorf("exit status %d, listed %q, want %q", r.code, names, want)
	}
	if r := call(t, "", "tour", "-list", "ch1-08"); r.code != exitOK || !strings.Contains(r.out, "ch1-08-mutex") || strings.Contains(r.out, "ch1-09") {
		t.Errorf("-list ch1-08: exit status %d, printed %q", r.code, r.out)
	}
}

func TestTourSource(t *testing.T) {
	text, err := os.ReadFile("../../book/ch1_08_mutex.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"tour", "-source", "ch1-08"}, {"tour", "ch1-08-mutex", "--source"}} {
		if r := call(t, "", args...); r.code != exitOK || r.err != "" || r.out != string(text) {
			t.Errorf("%q: exit status %d, standard error %q, printed\n%s", args, r.code, r.err, r.out)
		}
	}
}

func TestTourOfRejectedPrograms(t *testing.T) {
	for _, p := range rejected.Programs() {
		r := call(t, "", "tour", "rejected-"+p.Name)
		if r.code != exitOK || r.err != "" || !strings.Contains(r.out, p.Title) || !strings.Contains(r.out, p.Rust) {
			t.Errorf("%s: exit status %d, standard error %q, printed\n%s", p.Name, r.code, r.err, r.out)
		}
		for _, finding := range p.Findings() {
			if !strings.Contains(r.out, "\n"+finding+"\n") {
				t.Errorf("%s: %q is missing in\n%s", p.Name, finding, r.out)
			}
		}
		if r := call(t, "", "tour", "-source", "rejected-"+p.Name); r.out != p.Source {
			t.Errorf("%s: the source is\n%s", p.Name, r.out)
		}
	}
}

func TestTourUsageErrors(t *testing.T) {
	for _, test := range []struct {
		args []string
		want []string
	}{
		{[]string{"ch1-88"}, []string{`"ch1-88"`, "tour -list"}},
		{[]string{"ch1-1"}, []string{`"ch1-1"`, "ch1-10-unlock-before-sleep", "ch1-11-thread-parking", "ch1-12-condvar"}},
		{[]string{"mutex"}, []string{`"mutex"`, "ch1-08-mutex"}},
		{[]string{""}, []string{`""`, "tour -list"}},
		{[]string{"ch1-08", "nonsense"}, []string{`"nonsense"`, "tour -list"}},
		{[]string{"-source"}, []string{"-source", "ch1-08", "tour -list"}},
		{[]string{"-source", "-list"}, []string{"-list", "-source"}},
		{[]string{"-speed", "0"}, []string{"-speed 0", "0.001"}},
		{[]string{"-speed", "-3"}, []string{"-speed -3", "1000"}},
		{[]string{"-speed", "NaN"}, []string{"-speed NaN", "1000"}},
		{[]string{"-speed", "+Inf"}, []string{"-speed +Inf", "1000"}},
		{[]string{"-speed", "fast"}, []string{"fast", "-speed", "tour -h"}},
		{[]string{"-speed"}, []string{"-speed", "tour -h"}},
	} {
		r := call(t, "", append([]string{"tour"}, test.args...)...)
		r.wantError(t, exitUsage, test.want...)
		if r.out != "" {
			t.Errorf("%q: standard output is %q, want nothing", test.args, r.out)
		}
	}
}

// Alone, ch2-01 waits for its user as the book's does; one who is not there is an error.
func TestStopFlagWithoutInput(t *testing.T) {
	r, _ := play(t, strings.NewReader(""), "ch2-01")
	r.wantError(t, exitFailure, "ch2-01-stop-flag", "standard input", "help or stop")
	if r, _ := play(t, strings.NewReader("help\n"), "ch2-01"); r.code != exitOK || !strings.Contains(r.out, "commands: help, stop") {
		t.Errorf("exit status %d, standard error %q", r.code, r.err)
	}
}

// Each example that reads gets the lines that the one before it has left.
func TestTourSharesItsInput(t *testing.T) {
	r, _ := play(t, strings.NewReader("one\nstop\ntwo\nstop\n"), "ch2-01", "ch2-01")
	_, second, _ := strings.Cut(r.out, `"one"`)
	if r.code != exitOK || r.err != "" || strings.Contains(r.out, "help, stop\n") || !strings.Contains(second, `"two"`) {
		t.Errorf("exit status %d, standard error %q, printed\n%s", r.code, r.err, r.out)
	}
}

func TestTourInterrupted(t *testing.T) {
	for _, args := range [][]string{{"tour", "ch2-01"}, {"tour", "ch1-09", "ch1-10"}, {"tour", "-speed", "1", "ch2-08"}, {"tour"}} {
		ctx, cancel := context.WithCancel(t.Context())
		silent, closeSilent := io.Pipe()
		var errw bytes.Buffer
		// The first line that the tour prints interrupts it.
		code := run(ctx, args, silent, writerFunc(func(p []byte) { cancel() }), &errw)
		closeSilent.Close()
		cancel()
		result{code: code, err: errw.String()}.wantError(t, exitFailure, "interrupted", "fearless tour ch")
	}
}

type writerFunc func(p []byte)

func (f writerFunc) Write(p []byte) (int, error) {
	f(p)
	return len(p), nil
}

// A program that panics is reported in a line, and the next one runs.
func TestTourGoesOnAfterAPanic(t *testing.T) {
	var out, errw bytes.Buffer
	next := false
	err := playPrograms(t.Context(), []book.Program{
		{Name: "bad", Main: func(context.Context, io.Reader, *book.Stdout) { panic("first line\nsecond line") }},
		{Name: "good", Main: func(context.Context, io.Reader, *book.Stdout) { next = true }},
	}, stdio{in: strings.NewReader(""), out: &out, err: &errw})
	if err != errReported || !next || errw.String() != "fearless: tour: bad panicked: first line\n" {
		t.Errorf("error %v, next ran: %v, standard error %q", err, next, errw.String())
	}
}

func TestWrap(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{"", ""},
		{"one two  three", "one two\nthree"},
		{"1234567 89", "1234567\n89"},
		{"123456789 0", "123456789\n0"},
		{"a b c d e", "a b c d\ne"},
	} {
		if got := wrap(test.text, 8); got != test.want {
			t.Errorf("wrap(%q) = %q, want %q", test.text, got, test.want)
		}
	}
}

// The programs and their sources are part of the binary: it works in any folder.
func TestTourAsAProcessInAnEmptyFolder(t *testing.T) {
	cmd := process(t, "tour", "ch1-08", "ch1-06")
	cmd.Dir = t.TempDir()
	out, err := cmd.CombinedOutput()
	if err != nil || !bytes.Contains(out, []byte("] unwrap(n.IntoInner()) = 1000\n")) || !bytes.Contains(out, []byte("] v.Get() = [1 2 3 1]\n")) {
		t.Errorf("%v; printed\n%s", err, out)
	}
}

func TestTourEndsAtCtrlC(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows has no signal that a test can send to one process")
	}
	for _, name := range []string{"ch1-09", "ch2-01", "ch2-08"} {
		cmd := process(t, "tour", "-speed", "0.01", name)
		var errw bytes.Buffer
		cmd.Stderr = &errw
		stdin, err := cmd.StdinPipe() // open until the end, and silent
		if err != nil {
			t.Fatal(err)
		}
		stdout, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		r := bufio.NewReader(stdout)
		r.ReadString('\n') // it has begun
		if err := cmd.Process.Signal(os.Interrupt); err != nil {
			t.Error(err)
		}
		io.Copy(io.Discard, r)
		cmd.Wait()
		stdin.Close()
		result{code: cmd.ProcessState.ExitCode(), err: errw.String()}.wantError(t, exitFailure, "interrupted in "+name)
	}
}
