package cluster_test

import (
	"cmp"
	"fmt"
	"net"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/fearless-go/fearless/cluster"
	"github.com/fearless-go/fearless/internal/long"
)

// times is how often a fault is tried: once, or FEARLESS_FAULTS times.
func times() int {
	n, err := strconv.Atoi(cmp.Or(os.Getenv("FEARLESS_FAULTS"), "1"))
	if err != nil || n < 1 {
		panic("FEARLESS_FAULTS: want how often each fault is to be tried, as in 50")
	}
	return n
}

// ended waits for a coordinator's process, and returns what it printed.
func ended(t *testing.T, cmd *exec.Cmd) string {
	t.Helper()
	if err := cmd.Wait(); err != nil {
		t.Fatalf("the coordinator: %v: %s", err, cmd.Stderr)
	}
	return strings.TrimSpace(cmd.Stdout.(*strings.Builder).String())
}

func wantAlone(t *testing.T, got string) {
	t.Helper()
	want := alone(7)
	if want := fmt.Sprint(want.Nodes, want.Sum, 0); got != want {
		t.Errorf("%s, one machine: %s", got, want)
	}
}

func TestACoordinatorThatIsKilledLosesNothing(t *testing.T) {
	t.Parallel()
	for i := range times() {
		s := serve(t)
		first, second := start(t, "worker", s.URL()), start(t, "worker", s.URL())
		c := start(t, "coordinator", s.URL())
		time.Sleep(time.Duration(50+37*i) * time.Millisecond)
		kill(c)
		wantAlone(t, ended(t, start(t, "coordinator", s.URL())))
		kill(first)
		kill(second)
		s.Close()
	}
}

func TestAServerThatIsKilledLosesNothingLong(t *testing.T) {
	t.Parallel()
	long.Only(t, "a server is waited for")
	for i := range times() {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		at, dir := l.Addr().String(), t.TempDir()
		l.Close()
		s := start(t, "server", at, dir)
		await(t, at)
		first, second := start(t, "worker", "nats://"+at), start(t, "worker", "nats://"+at)
		awaitWorkers(t, at, 2)
		c := start(t, "coordinator", "nats://"+at)
		awaitRun(t, at)
		time.Sleep(time.Duration(100+37*i) * time.Millisecond)
		kill(s)
		s = start(t, "server", at, dir)
		wantAlone(t, ended(t, c))
		for _, p := range []*exec.Cmd{first, second, s} {
			kill(p)
		}
	}
}

func TestWorkersThatAreKilledLoseNothing(t *testing.T) {
	t.Parallel()
	for i := range times() {
		s := serve(t)
		workers := []*exec.Cmd{start(t, "worker", s.URL()), start(t, "worker", s.URL())}
		c := start(t, "coordinator", s.URL())
		time.Sleep(time.Duration(100+37*i) * time.Millisecond)
		kill(workers[0])
		workers = append(workers, start(t, "worker", s.URL()))
		wantAlone(t, ended(t, c))
		for _, w := range workers {
			kill(w)
		}
		s.Close()
	}
}

// awaitWorkers waits for so many workers: one that has not begun when its server is
// killed says so, and ends.
func awaitWorkers(t *testing.T, at string, n int) {
	t.Helper()
	for range 600 {
		if len(status(t, "nats://"+at).Workers) >= n {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatal("the workers do not come")
}

// awaitRun waits until a coordinator has begun: without a server, it cannot.
func awaitRun(t *testing.T, at string) {
	t.Helper()
	c, err := cluster.Connect(t.Context(), cluster.Address{URL: "nats://" + at, Token: "secret"})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	for range 1200 {
		if runs, err := c.Runs(t.Context()); err == nil && len(runs) > 0 {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatal("no run begins")
}

// await waits for a server.
func await(t *testing.T, at string) {
	t.Helper()
	for range 600 {
		c, err := cluster.Connect(t.Context(), cluster.Address{URL: "nats://" + at, Token: "secret"})
		if err == nil {
			c.Close()
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatal("the server does not come up")
}
