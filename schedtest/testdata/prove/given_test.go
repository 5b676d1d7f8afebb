package prove

import (
	"math/rand"
	"os"
	"runtime"
	"testing"
	"time"
)

// What a process is given, and the test asks for.

var (
	drawnOnce  = rand.Intn(1_000)
	lookedOnce = time.Now()
	firstOnce  = func() (first int) {
		for first = range map[int]int{1: 1, 2: 2, 3: 3} {
			break
		}
		return first
	}()
)

func TestGivenProcsProven(t *testing.T) {
	if runtime.GOMAXPROCS(0) < 1 || runtime.NumCPU() < 1 || drawnOnce > 1_000 || lookedOnce.IsZero() || firstOnce > 3 {
		t.Fatal("impossible")
	}
}
func TestPidUndecided(t *testing.T) {
	if os.Getpid() == 7 {
		t.Fatal("seven")
	}
}
func TestParentPidUndecided(t *testing.T) {
	if os.Getppid() == 7 {
		t.Fatal("seven")
	}
}
