package main

import (
	"bytes"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// TestMain is also the program that the tests below run: it prints, waits or
// takes memory, as it is told.
func TestMain(m *testing.M) {
	switch os.Getenv("HUNT_TEST") {
	case "":
		os.Exit(m.Run())
	case "print":
		for line := bytes.Repeat([]byte("x"), 1<<16); ; {
			os.Stdout.Write(line)
		}
	case "wait":
		select {}
	case "memory":
		var kept [][]byte
		for {
			block := make([]byte, 1<<20)
			for i := range block {
				block[i] = 1
			}
			kept = append(kept, block)
			if len(kept) > 4096 {
				os.Exit(0)
			}
		}
	case "panic":
		panic("a fault of the tool")
	}
}

func started(t *testing.T, what string, l Limits) outcome {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return command(t.Context(), t.TempDir(), []string{"HUNT_TEST=" + what}, l, self)
}

func TestTheLimitOfTime(t *testing.T) {
	// On a busy machine the program may not have begun to print at the limit.
	for limit := 200 * time.Millisecond; ; limit *= 2 {
		o := started(t, "print", Limits{Time: limit, Output: 1000})
		if o.state != Cut || len(o.stdout) > 1000 {
			t.Fatalf("%s (%s), %d bytes kept", o.state, o.why, len(o.stdout))
		}
		if len(o.stdout) == 1000 {
			return
		}
	}
}

func TestTheLimitOfMemory(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("only Linux counts the memory of other processes here")
	}
	o := started(t, "memory", Limits{Time: time.Minute, Memory: 200 << 20, Output: 1000})
	if o.state != NoMemory || o.exit == 0 {
		t.Errorf("%s (%s), status %d", o.state, o.why, o.exit)
	}
}

func TestAFaultOfTheToolIsNoFinding(t *testing.T) {
	o := started(t, "panic", Limits{Time: time.Minute, Output: 1 << 20})
	if state, why := notRun(o); state != Crashed || !strings.Contains(why, "a fault of the tool") {
		t.Errorf("%s: %s", state, why)
	}
	o = command(t.Context(), t.TempDir(), nil, Limits{Time: time.Minute}, filepath.Join(t.TempDir(), "none"))
	if o.state != Crashed {
		t.Errorf("a program that is not there: %s", o.state)
	}
}
