package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/fearless-go/fearless/cluster"
	"github.com/fearless-go/fearless/cluster/embedded"
)

// measureCosts measures what messages, results and pieces cost: processor time of this
// process, which is server and client, so rather too much.
func measureCosts() (c Costs, err error) {
	c = Costs{Work: 2000, Outcome: 6000, Latency: 250 * time.Microsecond, Cores: 4, Start: 20 * time.Millisecond}
	dir, err := os.MkdirTemp("", "simulation-")
	if err != nil {
		return c, err
	}
	defer os.RemoveAll(dir)
	s, err := embedded.Start(embedded.Options{Listen: "127.0.0.1:0", Dir: dir})
	if err != nil {
		return c, err
	}
	defer s.Close()
	nc, err := nats.Connect(s.URL())
	if err != nil {
		return c, err
	}
	defer nc.Close()
	js, err := nc.JetStream()
	if err != nil {
		return c, err
	}
	if _, err := js.AddStream(&nats.StreamConfig{Name: "COSTS", Subjects: []string{"costs.*"}}); err != nil {
		return c, err
	}
	data := make([]byte, c.Work)
	sub, err := nc.SubscribeSync("plain")
	if err != nil {
		return c, err
	}
	c.Plain, err = each(5000, func(int) error {
		return errors.Join(nc.Publish("plain", data[:200]), ignore(sub.NextMsg(time.Second)))
	})
	if err == nil {
		c.Stored, err = each(2000, func(i int) error { return ignore(js.Publish(fmt.Sprint("costs.", i), data)) })
	}
	if err == nil {
		c.Request, err = each(2000, func(i int) error { return ignore(js.GetLastMsg("COSTS", fmt.Sprint("costs.", i))) })
	}
	if err != nil {
		return c, err
	}
	return c, measurePieces(&c, s.URL())
}

func ignore[T any](_ T, err error) error { return err }

// each is the processor time of one of n calls of f.
func each(n int, f func(i int) error) (time.Duration, error) {
	start, err := processor()
	if err != nil {
		return 0, err
	}
	for i := range n {
		if err := f(i); err != nil {
			return 0, err
		}
	}
	end, err := processor()
	return (end - start) / time.Duration(n), err
}

// measurePieces measures pieces that do nothing. What they cost beyond their messages is
// half the worker's and half the coordinator's, and at least 50 µs each.
func measurePieces(c *Costs, url string) error {
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	conn, err := cluster.Connect(ctx, cluster.Address{URL: url})
	if err != nil {
		return err
	}
	defer conn.Close()
	dir, err := os.MkdirTemp("", "simulation-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	w := &cluster.Worker{Conn: conn, System: "none", Dir: dir, Do: func(_ context.Context, p cluster.Piece, _ string, _ func() int) ([]byte, [][]byte, error) {
		return make([]byte, c.Outcome), nil, nil
	}}
	go w.Run(ctx) //nolint:errcheck // it is stopped
	co := &cluster.Coordinator{Conn: conn, Run: cluster.Run{Name: "costs", System: "none"},
		Take: func(cluster.Piece, *cluster.Result) (func(cluster.Piece) bool, error) { return nil, nil }}
	var roots []cluster.Piece
	for i := range 500 {
		roots = append(roots, cluster.Piece{Name: fmt.Sprint(i), Work: make([]byte, c.Work)})
	}
	all, err := each(1, func(int) error { return co.Explore(ctx, roots) })
	if err != nil {
		return err
	}
	c.All = all / 500
	messages := c.Plain + 5*c.Stored + 3*c.Request
	c.Piece = max((all/500-messages)/2, 50*time.Microsecond)
	c.Result = c.Piece
	return nil
}
