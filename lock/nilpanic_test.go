package lock_test

import (
	"os"
	"os/exec"
	"runtime"
	"testing"

	"github.com/fearless-go/fearless/internal/nilpanic"
	"github.com/fearless-go/fearless/lock"
)

// A deferred Unlock passes a panic(nil) on and poisons, also where recover
// returns nil for it, which is so in the process that this test starts.
func TestPanicNil(t *testing.T) {
	m, l := lock.NewMutex(0), lock.NewRWLock(0)
	for name, f := range map[string]func(){
		"Guard":      func() { g := m.Lock(); defer g.Unlock(); panic(nil) },
		"WriteGuard": func() { g := l.Write(); defer g.Unlock(); panic(nil) },
	} {
		returned := func() (returned bool) {
			defer func() { _ = recover() }()
			f()
			return true
		}()
		if returned {
			t.Errorf("%s.Unlock swallowed the panic", name)
		}
	}
	if !m.IsPoisoned() || !l.IsPoisoned() {
		t.Errorf("poisoned: Mutex %v, RWLock %v", m.IsPoisoned(), l.IsPoisoned())
	}
	m.ClearPoison()
	func() {
		g := m.Lock()
		defer g.Unlock() // no panic
	}()
	if m.IsPoisoned() {
		t.Error("poisoned without a panic")
	}
	if nilpanic.Enabled {
		return
	}
	if runtime.GOOS == "js" {
		t.Skip("it needs a process of its own, and js/wasm cannot start one")
	}
	again := exec.Command(os.Args[0], "-test.run=^TestPanicNil$")
	again.Env = append(os.Environ(), "GODEBUG=panicnil=1")
	if out, err := again.CombinedOutput(); err != nil {
		t.Errorf("with panicnil=1: %v\n%s", err, out)
	}
}
