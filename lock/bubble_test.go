package lock_test

import (
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/fearless-go/fearless/lock"
)

// deadlocks are waits that nobody can end.
var deadlocks = map[string]func(){
	"mutex": func() {
		m := lock.NewMutex(0)
		m.Lock()
		m.Lock()
	},
	"with": func() {
		m := lock.NewMutex(0)
		m.With(func(*int) { m.With(func(*int) {}) })
	},
	"read": func() {
		l := lock.NewRWLock(0)
		l.Write()
		l.Read()
	},
	"write": func() {
		l := lock.NewRWLock(0)
		l.Read()
		l.Write()
	},
	"upgradable": func() {
		l := lock.NewRWLock(0)
		l.UpgradableRead()
		l.UpgradableRead()
	},
	"upgrade": func() {
		l := lock.NewRWLock(0)
		l.Read()
		l.UpgradableRead().Upgrade()
	},
	"condvar": func() {
		var c lock.Condvar
		c.Wait(lock.NewMutex(0).Lock())
	},
	"once": func() { new(lock.Once).Wait() },
	"oncelock": func() {
		var a, b lock.OnceLock[int]
		done := make(chan bool)
		go func() {
			defer close(done)
			a.GetOrInit(func() int { return b.GetOrInit(func() int { <-done; return 1 }) })
		}()
		synctest.Wait()
		b.GetOrInit(func() int { return 2 })
	},
	"barrier": func() { lock.NewBarrier(2).Wait() },
}

// TestDeadlockedBubble is the program of TestDeadlockInBubbleIsReported.
func TestDeadlockedBubble(t *testing.T) {
	if f := deadlocks[os.Getenv("LOCK_TEST_DEADLOCK")]; f != nil {
		synctest.Test(t, func(*testing.T) { f() })
	}
}

func TestDeadlockInBubbleIsReported(t *testing.T) {
	if runtime.GOOS == "js" {
		t.Skip("it needs a process of its own, and js/wasm cannot start one")
	}
	for name := range deadlocks {
		cmd := exec.Command(os.Args[0], "-test.run=^TestDeadlockedBubble$", "-test.timeout=1m")
		cmd.Env = append(os.Environ(), "LOCK_TEST_DEADLOCK="+name)
		out, err := cmd.CombinedOutput()
		if err == nil || !strings.Contains(string(out), "deadlock: all goroutines in bubble are blocked") {
			t.Errorf("%s: %v\n%s", name, err, out)
		}
	}
}
