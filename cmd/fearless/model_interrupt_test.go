//go:build unix

package main

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/fearless-go/fearless/internal/long"
)

// An interrupt reaches a process alone, from kill, or all that a terminal runs, from
// control-C. Either way what was found is told, and what is left is kept.
func TestModelEndsAtCtrlCLong(t *testing.T) {
	long.Only(t, "an endless exploration is built, and interrupted")
	dir := modelProgram(t)
	const long = `package user

import (
	"fmt"
	"testing"
	"time"

	"github.com/fearless-go/fearless/atomic"
	"github.com/fearless-go/fearless/model"
	"github.com/fearless-go/fearless/thread"
)

func TestLong(t *testing.T) {
	model.Check(t, func() {
		fmt.Println("the model has begun")
		var n atomic.Int32
		thread.Scope(func(s *thread.ScopeHandle) {
			for range 20 {
				s.Go(func() { n.FetchAdd(1, atomic.Relaxed) })
			}
		})
	}, model.MaxDuration(5*time.Minute))
}
`
	if err := os.WriteFile(filepath.Join(dir, "long_test.go"), []byte(long), 0o666); err != nil {
		t.Fatal(err)
	}
	for _, whole := range []bool{false, true} {
		left := t.TempDir()
		cmd := process(t, "model", "-C", dir, "-run", "Long", "-v", "-checkpoint", left, ".")
		cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
		var errw bytes.Buffer
		cmd.Stderr = &errw
		stdout, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		// A hang fails the test instead of all that follow it.
		kill := time.AfterFunc(4*time.Minute, func() { syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) })
		out := untilLine(stdout, "the model has begun")
		pid := cmd.Process.Pid
		if whole {
			pid = -pid
		}
		if err := syscall.Kill(pid, syscall.SIGINT); err != nil {
			t.Error(err)
		}
		rest, err := io.ReadAll(stdout)
		if err != nil {
			t.Error(err)
		}
		cmd.Wait()
		kill.Stop()
		r := result{code: cmd.ProcessState.ExitCode(), out: out + string(rest), err: errw.String()}
		if r.code != exitFailure || !strings.Contains(r.err, "fearless: model: interrupted") ||
			!strings.Contains(r.out, "TestLong is not exhausted") || !strings.Contains(r.out, "1 checks, 0 failed") {
			t.Errorf("all processes %v: exit status %d, standard error %q, printed\n%s", whole, r.code, r.err, r.out)
		}
		if _, err := os.Stat(filepath.Join(left, "TestLong.json")); err != nil {
			t.Errorf("all processes %v: what is left is not kept: %v", whole, err)
		}
	}
}

// untilLine reads until a line has part in it, and returns what it has read.
func untilLine(r io.Reader, part string) string {
	var text []byte
	for b := make([]byte, 1); ; {
		if _, err := r.Read(b); err != nil {
			return string(text)
		}
		text = append(text, b[0])
		if b[0] == '\n' && strings.Contains(string(text), part) {
			return string(text)
		}
	}
}
