package cluster_test

import (
	"context"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/fearless-go/fearless/cluster"
	"github.com/fearless-go/fearless/cluster/embedded"
)

// A tree stands for an exploration: its nodes are executions. How many children a
// node has follows from its path, so that everyone meets the same tree.
type tree struct {
	Seed  uint64   `json:"seed"`
	Paths []string `json:"paths"` // nodes that are still to be visited, with all below them
}

const deepest = 14

func (t *tree) children(path string) (list []string) {
	if len(path) >= deepest {
		return nil
	}
	h := fnv.New64a()
	fmt.Fprint(h, t.Seed, path)
	n := int(h.Sum64()>>7) % 4
	if len(path) < 3 {
		n = 3
	}
	for i := range n {
		list = append(list, path+string(rune('a'+i)))
	}
	return list
}

// visit visits so many nodes, or all if most is 0, and returns how many it met
// and a sum that depends on which.
func (t *tree) visit(most int) (nodes int, sum uint64) {
	for len(t.Paths) > 0 && (most == 0 || nodes < most) {
		last := t.Paths[len(t.Paths)-1]
		t.Paths = append(t.Paths[:len(t.Paths)-1], t.children(last)...)
		nodes++
		h := fnv.New64a()
		fmt.Fprint(h, last)
		sum += h.Sum64()
	}
	return nodes, sum
}

type visited struct {
	Nodes int
	Sum   uint64
}

// at is how many nodes a worker visits before it gives back what is left.
const at = 300

// do is the work of a worker: it gives back half and half.
func do(pause time.Duration) func(context.Context, cluster.Piece, string, func() int) ([]byte, [][]byte, error) {
	return func(ctx context.Context, p cluster.Piece, _ string, _ func() int) ([]byte, [][]byte, error) {
		return part(ctx, p, at, pause)
	}
}

// part visits so many nodes of a piece.
func part(ctx context.Context, p cluster.Piece, at int, pause time.Duration) ([]byte, [][]byte, error) {
	var t tree
	if err := json.Unmarshal(p.Work, &t); err != nil {
		return nil, nil, err
	}
	var v visited
	v.Nodes, v.Sum = t.visit(at)
	select {
	case <-ctx.Done():
		return nil, nil, ctx.Err()
	case <-time.After(pause):
	}
	parts := [2]tree{{Seed: t.Seed}, {Seed: t.Seed}}
	for i, path := range t.Paths {
		parts[i%2].Paths = append(parts[i%2].Paths, path)
	}
	var left [][]byte
	for _, part := range parts {
		if len(part.Paths) > 0 {
			left = append(left, encode(part))
		}
	}
	return encode(v), left, nil
}

func encode(v any) []byte {
	data, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return data
}

const system = "test-system"

func serve(t *testing.T) *embedded.Server {
	t.Helper()
	s, err := embedded.Start(embedded.Options{Listen: "127.0.0.1:0", Dir: t.TempDir(), Token: "secret"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

func connect(t *testing.T, url string) *cluster.Conn {
	t.Helper()
	c, err := cluster.Connect(t.Context(), cluster.Address{URL: url, Token: "secret"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

// explore runs a coordinator for the tree of seed.
func explore(ctx context.Context, c *cluster.Conn, run string, seed uint64) (visited, cluster.Run, error) {
	var sum visited
	co := &cluster.Coordinator{Conn: c, Run: cluster.Run{Name: run, Title: run, System: system}, Take: func(_ cluster.Piece, r *cluster.Result) (func(cluster.Piece) bool, error) {
		var v visited
		if r.GaveUp == "" {
			if err := json.Unmarshal(r.Outcome, &v); err != nil {
				return nil, err
			}
		}
		sum.Nodes += v.Nodes
		sum.Sum += v.Sum
		return nil, nil
	}}
	err := co.Explore(ctx, []cluster.Piece{{Name: "0", Title: run, Work: encode(tree{seed, []string{""}})}})
	if err == nil {
		err = co.Finish(ctx, 0)
	}
	return sum, co.Run, err
}

// alone is what one machine finds.
func alone(seed uint64) (v visited) {
	t := tree{seed, []string{""}}
	v.Nodes, v.Sum = t.visit(0)
	return v
}

// TestMain lets the test binary be a worker, a coordinator or a server, for the
// tests that kill processes.
func TestMain(m *testing.M) {
	if role := os.Getenv("FEARLESS_CLUSTER_ROLE"); role != "" {
		if err := play(role, os.Args[1:]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func play(role string, args []string) error {
	ctx := context.Background()
	if role == "server" {
		if _, err := embedded.Start(embedded.Options{Listen: args[0], Dir: args[1], Token: "secret"}); err != nil {
			return err
		}
		select {}
	}
	if role == "three" {
		return serveOneOfThree(args)
	}
	c, err := cluster.Connect(ctx, cluster.Address{URL: args[0], Token: "secret"})
	if err != nil {
		return err
	}
	switch role {
	case "worker":
		w := &cluster.Worker{Conn: c, System: system, Dir: os.TempDir(), Deadline: time.Second, Do: do(20 * time.Millisecond)}
		return w.Run(ctx)
	case "slow": // so that a run lasts
		w := &cluster.Worker{Conn: c, System: system, Dir: os.TempDir(), Deadline: 5 * time.Second, Do: do(time.Second)}
		return w.Run(ctx)
	case "deadly": // what it does kills it
		w := &cluster.Worker{Conn: c, System: system, Dir: os.TempDir(), Deadline: time.Second,
			Do: func(context.Context, cluster.Piece, string, func() int) ([]byte, [][]byte, error) {
				os.Exit(3)
				return nil, nil, nil
			}}
		return w.Run(ctx)
	case "coordinator":
		v, run, err := explore(ctx, c, "run", 7)
		if err != nil {
			return err
		}
		fmt.Println(v.Nodes, v.Sum, run.GaveUp)
		return nil
	}
	return fmt.Errorf("no role %q", role)
}

// start starts a process that plays a role.
func start(t *testing.T, role string, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self, args...)
	cmd.Env = append(os.Environ(), "FEARLESS_CLUSTER_ROLE="+role)
	cmd.Stderr = &strings.Builder{}
	if role == "coordinator" {
		cmd.Stdout = &strings.Builder{}
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { kill(cmd) })
	return cmd
}

func kill(cmd *exec.Cmd) {
	if cmd.ProcessState == nil {
		cmd.Process.Kill() //nolint:errcheck // it may have ended
		cmd.Wait()         //nolint:errcheck // it was killed
	}
}
