package thread_test

import (
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"

	"github.com/fearless-go/fearless/thread"
)

// TestMain runs a program that is to die, when a test asks for it.
func TestMain(m *testing.M) {
	switch os.Getenv("THREAD_TEST_PROGRAM") {
	case "":
		os.Exit(m.Run())
	case "hook":
		h, err := thread.SpawnWith(thread.Builder{Name: "loud"}, func() int { explode("seen at once"); return 0 })
		if err != nil {
			panic(err)
		}
		<-h.Done() // not joined
	case "builder":
		h, err := thread.SpawnWith(thread.Builder{Crash: true}, func() int { explode("crashed"); return 0 })
		if err != nil {
			panic(err)
		}
		h.Join()
	case "scope":
		thread.Scope(func(s *thread.ScopeHandle) {
			s.Crash = true
			s.Go(func() { explode("crashed") })
			select {} // what a scope without the policy would hang in
		})
	}
}

// program runs this test binary as one of the programs of TestMain.
func program(t *testing.T, name string) (stderr string, err error) {
	t.Helper()
	if runtime.GOOS == "js" {
		t.Skip("it needs a process of its own, and js/wasm cannot start one")
	}
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "THREAD_TEST_PROGRAM="+name)
	var out strings.Builder
	cmd.Stderr = &out
	err = cmd.Run()
	return out.String(), err
}

func TestDefaultHookPrintsAtOnce(t *testing.T) {
	out, err := program(t, "hook")
	if err != nil {
		t.Errorf("the process did not survive: %v", err)
	}
	first, stack, _ := strings.Cut(out, "\n")
	if !strings.HasPrefix(first, "thread 'loud' panicked at ") || !strings.Contains(first, "join_test.go:") || !strings.HasSuffix(first, ": seen at once") {
		t.Errorf("first line: %q", first)
	}
	if !strings.Contains(stack, "thread_test.explode") {
		t.Errorf("no stack:\n%s", stack)
	}
}

func TestCrashPolicy(t *testing.T) {
	for _, name := range []string{"builder", "scope"} {
		out, err := program(t, name)
		if err == nil {
			t.Errorf("%s: the process survived", name)
		}
		if !strings.Contains(out, "panic: crashed") || !strings.Contains(out, "thread_test.explode") {
			t.Errorf("%s: no panic with its stack:\n%s", name, out)
		}
	}
}

func TestTakePanicHook(t *testing.T) {
	var seen []string
	thread.SetPanicHook(func(e *thread.PanicError) { seen = append(seen, "first") })
	first := thread.TakePanicHook()
	thread.SetPanicHook(func(e *thread.PanicError) {
		seen = append(seen, "second")
		first(e)
	})
	defer thread.SetPanicHook(nil)
	_, _ = thread.Go(func() { panic("x") }).Join()
	if len(seen) != 2 || seen[0] != "second" || seen[1] != "first" {
		t.Error(seen)
	}
	thread.TakePanicHook()
	if thread.TakePanicHook() == nil {
		t.Error("the default hook is nil")
	}
}
