package rc_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/fearless-go/fearless/rc"
)

// collect runs the garbage collector until it has reported n leaks.
func collect(t *testing.T, n int, leaks <-chan rc.Leak) []rc.Leak {
	t.Helper()
	var got []rc.Leak
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

func watch(t *testing.T) <-chan rc.Leak {
	leaks := make(chan rc.Leak, 100)
	rc.SetLeakHook(func(l rc.Leak) { leaks <- l })
	t.Cleanup(func() { rc.SetLeakHook(nil) })
	return leaks
}

// leakOne leaks an owner and returns the line where that was made.
//
//go:noinline
func leakOne() string {
	a := rc.New("leaked")
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
	if leak.Type != "Rc[string]" || leak.Made != made ||
		!strings.Contains(leak.String(), "rc: Rc[string] made at "+leak.Made+" was never dropped") {
		t.Errorf("got %v", leak)
	}
	select {
	case more := <-leaks:
		t.Errorf("an owner that was dropped is reported: %v", more)
	default:
	}
}
