package thread_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"runtime/pprof"
	"strings"
	"testing"

	"github.com/fearless-go/fearless/thread"
)

func TestBuilderRefusesWhatCannotBe(t *testing.T) {
	for _, b := range []thread.Builder{
		{StackSize: -1},
		{StackSize: thread.MaxStackSize + 1},
		{Name: "nul\x00"},
	} {
		h, err := thread.SpawnWith(b, func() int { t.Error("it ran"); return 0 })
		var bad *thread.BuilderError
		if h != nil || !errors.As(err, &bad) || !strings.Contains(err.Error(), bad.Field) {
			t.Errorf("%+v: %v", b, err)
		}
	}
}

func TestNameIsAPprofLabel(t *testing.T) {
	stop, running := make(chan bool), make(chan bool)
	h, err := thread.SpawnWith(thread.Builder{Name: "labelled"}, func() int {
		close(running)
		<-stop
		return 0
	})
	if err != nil {
		t.Fatal(err)
	}
	<-running
	var profile bytes.Buffer
	if err := pprof.Lookup("goroutine").WriteTo(&profile, 1); err != nil {
		t.Fatal(err)
	}
	close(stop)
	h.Join()
	if !strings.Contains(profile.String(), `"thread":"labelled"`) {
		t.Errorf("the goroutine profile has no such label:\n%s", profile.String())
	}
}

func TestOSThreadHasTheName(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("only Linux shows the names of threads")
	}
	h, err := thread.SpawnWith(thread.Builder{Name: "a name that is too long", OSThread: true}, func() []string {
		files, _ := filepath.Glob("/proc/self/task/*/comm")
		var names []string
		for _, f := range files {
			name, _ := os.ReadFile(f)
			names = append(names, string(name))
		}
		return names
	})
	if err != nil {
		t.Fatal(err)
	}
	if names, _ := h.Join(); !strings.Contains(strings.Join(names, ""), "a name that is \n") {
		t.Errorf("%q", names)
	}
}

// deep uses about n kilobytes of stack.
//
//go:noinline
func deep(n int) byte {
	var frame [1024]byte
	if n > 0 {
		frame[n%1024] = deep(n - 1)
	}
	return frame[0]
}

func TestStackSizeIsThereAtOnce(t *testing.T) {
	for _, size := range []int{1, 4096, 1 << 20, 64 << 20} {
		h, err := thread.SpawnWith(thread.Builder{StackSize: size}, func() bool {
			var here byte
			before := addressOf(&here)
			deep(size / 2048) // half of it, so that frames have room
			return before == addressOf(&here)
		})
		if err != nil {
			t.Fatal(err)
		}
		if same, _ := h.Join(); !same {
			t.Errorf("StackSize %d: the stack moved while half of it was used", size)
		}
	}
}

// The largest stack, and one that just fits what debug.SetMaxStack allows,
// either run or are refused. A stack that is too large kills the process.
func TestStackSizeAtTheLimit(t *testing.T) {
	run := func(size int) bool {
		h, err := thread.SpawnWith(thread.Builder{StackSize: size}, func() int { return 1 })
		var refused *thread.BuilderError
		if errors.As(err, &refused) && refused.Field == "StackSize" {
			return false
		}
		if v, err := h.Join(); v != 1 || err != nil {
			t.Error(size, v, err)
		}
		return true
	}
	if !testing.Short() && !run(thread.MaxStackSize) { // it takes half a gigabyte
		t.Error("MaxStackSize is refused")
	}
	const lowest = 512 << 10 // which this test and its printing can do with
	for limit := lowest; limit <= 2<<20; limit *= 4 {
		for _, off := range []int{-1, 0, 1} {
			old := debug.SetMaxStack(limit + off)
			ran := 0
			for size := limit / 8; size < limit*2; size += limit / 8 {
				if run(size) {
					ran++
				}
			}
			if set := debug.SetMaxStack(old); set != limit+off {
				t.Errorf("the limit was %d, and is %d after SpawnWith", limit+off, set)
			}
			if ran < 2 {
				t.Errorf("limit %d: %d sizes could be had", limit+off, ran)
			}
		}
	}
}

func TestLimit(t *testing.T) {
	thread.SetLimit(2)
	defer thread.SetLimit(0)
	stop := make(chan bool)
	block := func() int { <-stop; return 0 }
	a, b := thread.Spawn(block), thread.Spawn(block)
	_, err := thread.SpawnWith(thread.Builder{}, block)
	var full *thread.LimitError
	if !errors.As(err, &full) || full.Limit != 2 {
		t.Errorf("SpawnWith: %v", err)
	}
	if err, _ := recovered(func() { thread.Spawn(block) }).(error); !errors.As(err, &full) {
		t.Errorf("Spawn: %v", err)
	}
	thread.Scope(func(s *thread.ScopeHandle) {
		if err, _ := recovered(func() { s.Go(func() {}) }).(error); !errors.As(err, &full) {
			t.Errorf("ScopeHandle.Go: %v", err)
		}
	})
	close(stop)
	a.Join()
	b.Join()
	if _, err := thread.Spawn(block).Join(); err != nil {
		t.Errorf("a place is not free after Join: %v", err)
	}
}
