package schedtest

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/fearless-go/fearless/internal/trace"
	"github.com/fearless-go/fearless/schedtest/strategy"
)

const namedObjects = `package m

import (
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	other "example.test/x/clock"
	"example.test/x/store/v2"
	"example.test/x/go-pool"
)

func f(mu *sync.Mutex, c *struct{ n int64 }, clock other.Clock) {
	time.Sleep(1)
	mu.Lock()
	syscall.Read(0, nil)
	other.Wait()
	clock.Wait()
	store.Wait()
	pool.Wait()
	atomic.AddInt64(&c.n, 1)
	atomic.AddInt64(&c.n, atomic.AddInt64(&c.n, 2))
}
`

// A package is no object: nobody waits on time, or on syscall.
func TestAPackageIsNoObject(t *testing.T) {
	name := filepath.Join(t.TempDir(), "m.go")
	if err := os.WriteFile(name, []byte(namedObjects), 0o666); err != nil {
		t.Fatal(err)
	}
	src := sourceCalls{}
	for _, c := range []struct {
		line           int
		called, object string
		call           string
	}{
		{15, "time.Sleep", "", "time.Sleep"},
		{16, "sync.(*Mutex).Lock", "mu", "mu.Lock"},
		{17, "syscall.Read", "", "syscall.Read"},
		{18, "example.test/x/clock.Wait", "", "other.Wait"},
		{19, "example.test/x/clock.Clock.Wait", "clock", "clock.Wait"},
		{20, "example.test/x/store/v2.Wait", "", "store.Wait"},
		{21, "example.test/x/go-pool.Wait", "", "pool.Wait"},
	} {
		call, object := src.blocked(trace.Pos{File: name, Line: c.line}, c.called, "")
		if call != c.call || object != c.object {
			t.Errorf("line %d: %q on %q, want %q on %q", c.line, call, object, c.call, c.object)
		}
	}
	names := newObjectNames()
	for line, want := range map[int]string{22: "c.n", 23: ""} { // in the second line two calls could be meant
		s := trace.Step{Op: "atomic.AddInt64", Pos: trace.Pos{File: name, Line: line}}
		names.describe(&s, event{op: strategy.OpWrite, addr: uint64(line)}, "sync/atomic.FearlessAddInt64", src)
		if s.Object != want {
			t.Errorf("line %d: object %q, want %q", line, s.Object, want)
		}
	}
	if got := src.argument(trace.Pos{File: "nowhere.go", Line: 1}, "sync/atomic.AddInt64"); got != "" {
		t.Errorf("a file that is not there has %q", got)
	}
}
