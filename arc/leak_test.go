package arc_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/fearless-go/fearless/arc"
)

// collect runs the garbage collector until it has reported n leaks.
func collect(t *testing.T, n int, leaks <-chan arc.Leak) []arc.Leak {
	t.Helper()
	var got []arc.Leak
	for len(got) < n {
		runtime.GC()
		select {
		case l := <-leaks:
			got = append(got, l)
		case <-time.After(10 * time.Millisecond): // and collect again
		}
	}
	return got
}

func watch(t *testing.T) <-chan arc.Leak {
	leaks := make(chan arc.Leak, 100)
	arc.SetLeakHook(func(l arc.Leak) { leaks <- l })
	t.Cleanup(func() { arc.SetLeakHook(nil) })
	return leaks
}

// leakOne leaks an owner and returns the line where that was made.
//
//go:noinline
func leakOne() string {
	a := arc.New("leaked")
	_, file, line, _ := runtime.Caller(0)
	b := a.Clone()
	w := a.Downgrade()
	a.Drop()
	w.Drop()
	_ = b
	return fmt.Sprintf("%s:%d", file, line+1)
}

func TestLeakHookNamesThePlace(t *testing.T) {
	leaks := watch(t)
	made := leakOne()
	leak := collect(t, 1, leaks)[0]
	if leak.Type != "Arc[string]" || leak.Made != made ||
		!strings.Contains(leak.String(), "arc: Arc[string] made at "+leak.Made+" was never dropped") {
		t.Errorf("got %v", leak)
	}
	select {
	case more := <-leaks:
		t.Errorf("an owner that was dropped is reported: %v", more)
	default:
	}
}

type ring struct{ next arc.Arc[*ring] }

//go:noinline
func leakRing() {
	r := new(ring)
	a := arc.New(r)
	r.next = a.Clone()
	a.Drop()
}

func TestLeakHookReportsCycles(t *testing.T) {
	leaks := watch(t)
	leakRing()
	if leak := collect(t, 1, leaks)[0]; leak.Type != "Arc[*arc_test.ring]" {
		t.Errorf("got %v", leak)
	}
}

// With a hook, every build finds a stale copy.
func TestLeakHookFindsStaleCopies(t *testing.T) {
	watch(t)
	a := arc.New(1)
	b, same := a.Clone(), a
	a.Drop()
	got, _ := recovered(func() { same.Get() }).(*arc.UseAfterDropError)
	if got == nil || !strings.Contains(got.Dropped, "leak_test.go:") {
		t.Errorf("got %v", got)
	}
	b.Drop()
}

func TestSetLeakHookToNil(t *testing.T) {
	leaks := watch(t)
	arc.SetLeakHook(nil)
	leakOne()
	for range 3 {
		runtime.GC()
	}
	select {
	case leak := <-leaks:
		t.Errorf("reported without a hook: %v", leak)
	default:
	}
}
