package thread_test

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fearless-go/fearless/thread"
)

// quiet keeps panics that a test wants out of its output, and collects them.
func quiet(t *testing.T) func() []*thread.PanicError {
	var mu sync.Mutex
	var seen []*thread.PanicError
	thread.SetPanicHook(func(e *thread.PanicError) {
		mu.Lock()
		defer mu.Unlock()
		seen = append(seen, e)
	})
	t.Cleanup(func() { thread.SetPanicHook(nil) })
	return func() []*thread.PanicError {
		mu.Lock()
		defer mu.Unlock()
		return seen
	}
}

func TestJoinReturnsTheValue(t *testing.T) {
	h := thread.Spawn(func() string { return "done" })
	if v, err := h.Join(); v != "done" || err != nil {
		t.Errorf("%q, %v", v, err)
	}
	if !h.IsFinished() {
		t.Error("not finished after Join")
	}
	if v, err := h.Join(); v != "" || !errors.Is(err, thread.ErrJoined) {
		t.Errorf("second Join: %q, %v", v, err)
	}
}

func explode(value any) { panic(value) }

func TestJoinReturnsThePanic(t *testing.T) {
	seen := quiet(t)
	cause := errors.New("boom")
	h, err := thread.SpawnWith(thread.Builder{Name: "bomb"}, func() int {
		explode(cause)
		return 1
	})
	if err != nil {
		t.Fatal(err)
	}
	v, err := h.Join()
	var panicked *thread.PanicError
	if v != 0 || !errors.As(err, &panicked) {
		t.Fatalf("%v, %v", v, err)
	}
	if panicked.Value != cause || !errors.Is(err, cause) || panicked.Thread != h.Thread() {
		t.Errorf("%#v", panicked)
	}
	if !strings.Contains(string(panicked.Stack), "thread_test.explode") || strings.Contains(string(panicked.Stack), "debug.Stack") {
		t.Errorf("the stack is not the panic's:\n%s", panicked.Stack)
	}
	if msg := err.Error(); !strings.HasPrefix(msg, "thread 'bomb' panicked at ") || !strings.Contains(msg, "join_test.go:") || !strings.HasSuffix(msg, ": boom") {
		t.Error(msg)
	}
	if all := seen(); len(all) != 1 || all[0] != panicked {
		t.Errorf("the hook saw %v", all)
	}
}

func TestRuntimePanicAndNilPanic(t *testing.T) {
	quiet(t)
	var m map[string]int
	_, err := thread.Go(func() { m["x"] = 1 }).Join()
	var runtimeError runtime.Error
	if !errors.As(err, &runtimeError) || !strings.Contains(err.Error(), "join_test.go:") {
		t.Errorf("%v", err)
	}
	_, err = thread.Go(func() { panic(nil) }).Join()
	var nilPanic *runtime.PanicNilError
	if !errors.As(err, &nilPanic) {
		t.Errorf("panic(nil): %v", err)
	}
}

func TestGoexitIsToldApart(t *testing.T) {
	seen := quiet(t)
	v, err := thread.Spawn(func() int { runtime.Goexit(); return 1 }).Join()
	if v != 0 || !errors.Is(err, thread.ErrGoexit) {
		t.Errorf("%v, %v", v, err)
	}
	if len(seen()) != 0 {
		t.Error("the panic hook was called")
	}
}

func TestHookIsCalledThoughNobodyJoins(t *testing.T) {
	called := make(chan *thread.PanicError)
	thread.SetPanicHook(func(e *thread.PanicError) { called <- e })
	defer thread.SetPanicHook(nil)
	h := thread.Go(func() { panic("alone") })
	if e := <-called; e.Value != "alone" {
		t.Error(e)
	}
	<-h.Done()
}

func TestJoinShapes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		stop := make(chan struct{})
		h := thread.Spawn(func() int { <-stop; return 7 })
		if _, err := h.TryJoin(); !errors.Is(err, thread.ErrRunning) {
			t.Errorf("TryJoin: %v", err)
		}
		start := time.Now()
		if _, err := h.JoinTimeout(time.Hour); !errors.Is(err, thread.ErrTimeout) || time.Since(start) != time.Hour {
			t.Errorf("JoinTimeout: %v after %v", err, time.Since(start))
		}
		if _, err := h.JoinTimeout(-1); !errors.Is(err, thread.ErrTimeout) {
			t.Errorf("JoinTimeout(-1): %v", err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if _, err := h.JoinContext(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("JoinContext: %v", err)
		}
		select {
		case <-h.Done():
			t.Error("Done is closed while the thread runs")
		default:
		}
		done := h.Done()
		close(stop)
		<-done
		<-h.Done()
		if v, err := h.JoinTimeout(0); v != 7 || err != nil {
			t.Errorf("Join after all: %v, %v", v, err)
		}
	})
}

// TestTimeoutAndEndAtOnce: whichever wins, the result is not lost.
func TestTimeoutAndEndAtOnce(t *testing.T) {
	for i := range 2000 {
		h := thread.Spawn(func() int {
			time.Sleep(time.Duration(i%50) * time.Microsecond)
			return i
		})
		v, err := h.JoinTimeout(time.Duration(i%70) * time.Microsecond)
		if err != nil {
			v, err = h.Join()
		}
		if v != i || err != nil {
			t.Fatalf("%d, %v", v, err)
		}
	}
}

// TestDeadlockedBubble is the program of TestDeadlockInBubbleIsReported.
func TestDeadlockedBubble(t *testing.T) {
	wait := map[string]func(){
		"join": func() {
			self := make(chan *thread.JoinHandle[thread.Void], 1)
			h := thread.Go(func() { (<-self).Join() })
			self <- h
			<-h.Done()
		},
		"park":  thread.Park,
		"scope": func() { thread.Scope(func(s *thread.ScopeHandle) { s.Go(thread.Park) }) },
	}[os.Getenv("THREAD_TEST_DEADLOCK")]
	if wait == nil {
		return // nothing to do in a plain run
	}
	synctest.Test(t, func(*testing.T) { wait() })
}

func TestDeadlockInBubbleIsReported(t *testing.T) {
	if runtime.GOOS == "js" {
		t.Skip("it needs a process of its own, and js/wasm cannot start one")
	}
	for _, name := range []string{"join", "park", "scope"} {
		cmd := exec.Command(os.Args[0], "-test.run=^TestDeadlockedBubble$", "-test.timeout=1m")
		cmd.Env = append(os.Environ(), "THREAD_TEST_DEADLOCK="+name)
		out, err := cmd.CombinedOutput()
		if err == nil || !strings.Contains(string(out), "deadlock: all goroutines in bubble are blocked") {
			t.Errorf("%s: %v\n%s", name, err, out)
		}
	}
}
