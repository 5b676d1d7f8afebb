//go:build unix && !fearless_model

package lockdebug_test

import (
	"errors"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"github.com/fearless-go/fearless/lock"
	"github.com/fearless-go/fearless/lock/lockdebug"
	"github.com/fearless-go/fearless/thread"
)

// A process with two threads that wait for each other is told to quit: first comes
// the table, and then what the runtime prints of every process that quits.
func TestOnQuit(t *testing.T) {
	if os.Getenv("FEARLESS_QUIT") != "" {
		lockdebug.OnQuit(os.Stderr)
		a, b := lock.NewMutex(0), lock.NewMutex(0)
		both := meet(2)
		thread.Go(func() { g := a.Lock(); both(); b.Lock(); g.Unlock() })
		thread.Go(func() { g := b.Lock(); both(); a.Lock(); g.Unlock() })
		afterWaits(2)
		_ = syscall.Kill(os.Getpid(), syscall.SIGQUIT)
		select {}
	}
	process := exec.Command(os.Args[0], "-test.run=^TestOnQuit$")
	process.Env = append(os.Environ(), "FEARLESS_QUIT=1")
	out, err := process.CombinedOutput()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != 2 {
		t.Errorf("it ended with %v", err)
	}
	text := string(out)
	for _, want := range []string{"deadlock of 2 goroutines:", "quit_test.go:", "HOLDS", "SIGQUIT: quit", "TestOnQuit"} {
		at := strings.Index(text, want)
		if at < 0 {
			t.Fatalf("no %q, or not after what comes before it, in:\n%s", want, out)
		}
		text = text[at:]
	}
}

func TestOnQuitCanBeStopped(t *testing.T) {
	t.Cleanup(lockdebug.Disable)
	stop := lockdebug.OnQuit(io.Discard)
	stop()
	stop()
}
