package main

import (
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"
	"time"
)

func TestMeasureSeesChildrenAndFailures(t *testing.T) {
	if _, err := exec.LookPath("sh"); err != nil {
		t.Skip("needs a shell")
	}
	for script, fails := range map[string]bool{"exit 0": false, "exit 1": false, "exit 2": true} {
		if _, err := measure(t.Context(), []string{"sh", "-c", script}, t.TempDir()); (err != nil) != fails {
			t.Errorf("%s: %v", script, err)
		}
	}
	c, err := measure(t.Context(), []string{"sh", "-c", `test -n "$GOCACHE" && sleep 0.3; exit $?`}, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if runtime.GOOS == "linux" && c.memory == 0 {
		t.Error("no memory seen")
	}
}

func TestMemoryOfCountsDescendants(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("memory is measured on Linux only")
	}
	own := memoryOf(os.Getpid())
	cmd := exec.Command(os.Args[0], "-test.run=TestHelperSleeps")
	cmd.Env = append(os.Environ(), "FEARLESS_EVAL_SLEEP=1")
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for memoryOf(cmd.Process.Pid) == 0 {
		time.Sleep(time.Millisecond)
	}
	both := memoryOf(os.Getpid())
	if both <= own {
		t.Errorf("%d bytes with a child, %d without", both, own)
	}
	in.Close()
	if err := cmd.Wait(); err != nil {
		t.Fatal(err)
	}
}

// TestHelperSleeps is the child of the test above: it lives until its input ends.
func TestHelperSleeps(t *testing.T) {
	if os.Getenv("FEARLESS_EVAL_SLEEP") == "" {
		t.Skip("runs only as the child of TestMemoryOfCountsDescendants")
	}
	_, _ = os.Stdin.Read(make([]byte, 1))
}

func TestSpeedTableHasRatios(t *testing.T) {
	got := speedTable([]comparison{{"cold", cost{2 * time.Second, 4 * time.Second, 1 << 20}, cost{3 * time.Second, 4 * time.Second, 0}}})
	if !strings.Contains(got, "| cold | 2.0 s | 3.0 s | 1.5 | 4.0 s | 4.0 s | 1.0 | 1 MiB | not measured |") {
		t.Error(got)
	}
}
