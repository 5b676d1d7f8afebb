package schedtest_test

import (
	"strings"
	"testing"
	"time"

	"github.com/fearless-go/fearless/internal/long"
	"github.com/fearless-go/fearless/schedtest"
)

// outsideTests wait for the outside, each in its way.
const outsideTests = `package m

import (
	"bufio"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
)

func TestPipe(t *testing.T) {
	r, w, _ := os.Pipe()
	r.Read(make([]byte, 1))
	w.Close()
}

func TestFileLock(t *testing.T) {
	name := filepath.Join(t.TempDir(), "lock")
	a, _ := os.Create(name)
	b, _ := os.Open(name)
	syscall.Flock(int(a.Fd()), syscall.LOCK_EX)
	c := make(chan bool)
	go func() {
		syscall.Flock(int(b.Fd()), syscall.LOCK_EX)
		close(c)
	}()
	<-c
}

func TestAccept(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Accept()
}

var request, answer = make(chan int), make(chan int)

func init() {
	go func() {
		for range request {
			cmd := exec.Command("sh", "-c", "sleep 0.2; echo hi")
			out, _ := cmd.StdoutPipe()
			cmd.Start()
			line, _ := bufio.NewReader(out).ReadString('\n')
			cmd.Wait()
			answer <- len(line)
		}
	}()
}

// The goroutine of init is not controlled, and waits for a process.
func TestAnswered(t *testing.T) {
	request <- 1
	if n := <-answer; n != 3 {
		t.Error(n)
	}
}
`

func TestAWaitForTheOutsideIsNoFailureLong(t *testing.T) {
	t.Parallel()
	long.Only(t, "each wait is waited for")
	opts := module(t, map[string]string{"m_linux_test.go": outsideTests})
	opts.Schedules, opts.Stall, opts.Net = 3, 200*time.Millisecond, "real"
	places := map[string]string{"TestPipe": "r.Read at m_linux_test.go:15", "TestFileLock": "syscall.Flock at m_linux_test.go:26", "TestAccept": "l.Accept at m_linux_test.go:37"}
	for _, r := range run(t, opts).Results {
		if place := places[r.Test]; place == "" {
			if r.Verdict != schedtest.Passed || len(r.Aside) > 0 {
				t.Errorf("%s is %s: %s, %+v", r.Test, r.Verdict, r.Reason, r.Aside)
			}
		} else if r.Verdict != schedtest.Unsuitable || r.Finding != nil || !strings.Contains(r.Reason, place) {
			t.Errorf("%s is %s: %s, want %s", r.Test, r.Verdict, r.Reason, place)
		} else if len(r.Aside) != 1 || r.Aside[0].Rank != schedtest.ForOutside {
			t.Errorf("%s: aside %+v", r.Test, r.Aside)
		}
	}
}
