package cluster_test

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"

	"github.com/fearless-go/fearless/cluster"
	"github.com/fearless-go/fearless/cluster/embedded"
)

// A run adds the numbers from 1 to 10 up. A worker that gets more than three of
// them gives the others back.
func Example() {
	dir, err := os.MkdirTemp("", "cluster")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	server, err := embedded.Start(embedded.Options{Listen: "127.0.0.1:0", Dir: dir})
	if err != nil {
		panic(err)
	}
	defer server.Close()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	conn, err := cluster.Connect(ctx, cluster.Address{URL: server.URL()})
	if err != nil {
		panic(err)
	}
	defer conn.Close()

	worker := &cluster.Worker{Conn: conn, System: "any", Do: func(_ context.Context, p cluster.Piece, _ string, _ func() int) (outcome []byte, left [][]byte, err error) {
		sum, rest := 0, p.Work // each byte is a number
		for len(rest) > 0 && len(p.Work)-len(rest) < 3 {
			sum, rest = sum+int(rest[0]), rest[1:]
		}
		if len(rest) > 0 {
			left = [][]byte{rest}
		}
		return []byte(strconv.Itoa(sum)), left, nil
	}}
	go worker.Run(ctx)

	total := 0
	c := &cluster.Coordinator{Conn: conn, Run: cluster.Run{Name: "sum", Title: "the sum of ten numbers", System: "any"},
		Take: func(_ cluster.Piece, r *cluster.Result) (func(cluster.Piece) bool, error) {
			n, err := strconv.Atoi(string(r.Outcome))
			total += n
			return nil, err
		}}
	if err := c.Explore(ctx, []cluster.Piece{{Name: "all", Work: []byte{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}}}); err != nil {
		panic(err)
	}
	if err := c.Finish(ctx, 0); err != nil {
		panic(err)
	}
	fmt.Println("sum", total, "of", c.Run.Pieces, "pieces")
	status, err := conn.Status(ctx)
	if err != nil {
		panic(err)
	}
	for _, run := range status.Runs {
		fmt.Println("run", run.Name, "is", run.State)
	}
	// Output:
	// sum 55 of 4 pieces
	// run sum is over
}

// An error says what is at fault, and the next step.
func ExampleError() {
	_, err := cluster.Connect(context.Background(), cluster.Address{URL: "nats://ci:4222", Team: "a b"})
	fmt.Println(err)
	// Output: team "a b": bad address: use up to 40 letters, digits, - and _
}

// The place of an address can be printed: the token is left out.
func ExampleAddress() {
	fmt.Println(cluster.Address{URL: "nats://s3cr3t@ci:4222"}.Place())
	// Output: nats://ci:4222
}

// What a result leaves are pieces with names of their own, the same for all who
// work them out.
func ExampleResult() {
	r := cluster.Result{Run: "run", Piece: "7", Left: [][]byte{[]byte("this"), []byte("that")}}
	for _, p := range r.Children() {
		fmt.Println(strings.HasPrefix(p.Name, "7-"), string(p.Work))
	}
	// Output:
	// true this
	// true that
}

func ExampleCaller() {
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	dir, err := os.MkdirTemp("", "")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	server, err := embedded.Start(embedded.Options{Listen: "127.0.0.1:0", Dir: dir})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer server.Close()
	conn, err := cluster.Connect(ctx, cluster.Address{URL: server.URL()})
	if err != nil {
		fmt.Println(err)
		return
	}
	w := &cluster.Worker{Conn: conn, System: "words", Dir: dir, Do: func(_ context.Context, p cluster.Piece, _ string, _ func() int) ([]byte, [][]byte, error) {
		return []byte(strings.ToUpper(string(p.Work))), nil, nil
	}}
	go w.Run(ctx) //nolint:errcheck // it is stopped
	caller := conn.Call(ctx, cluster.Run{Name: "shout", Title: "shout", System: "words"}, nil, nil)
	r, err := caller.Do(ctx, cluster.Piece{Name: "hello", Title: "hello", Work: []byte("hello")})
	if err == nil {
		fmt.Println(string(r.Outcome))
	}
	fmt.Println(err, caller.Finish(ctx, 0))
	// Output:
	// HELLO
	// <nil> <nil>
}
