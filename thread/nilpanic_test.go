package thread_test

import (
	"errors"
	"os"
	"os/exec"
	"runtime"
	"testing"

	"github.com/fearless-go/fearless/internal/nilpanic"
	"github.com/fearless-go/fearless/thread"
)

// A panic(nil) is a panic, and no Goexit, also where recover returns nil for
// it, which is so in the process that this test starts.
func TestPanicNil(t *testing.T) {
	thread.SetPanicHook(func(*thread.PanicError) {})
	defer thread.SetPanicHook(nil)
	_, err := thread.Go(func() { panic(nil) }).Join()
	var panicked *thread.PanicError
	if !errors.As(err, &panicked) {
		t.Errorf("Join: %v", err)
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
