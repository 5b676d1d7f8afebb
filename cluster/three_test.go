package cluster_test

import (
	"fmt"
	"net"
	"net/url"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"

	"github.com/fearless-go/fearless/cluster"
	"github.com/fearless-go/fearless/internal/long"
)

// serveOneOfThree runs a server of a NATS cluster: its number, the addresses for
// clients, those between servers, and its folder.
func serveOneOfThree(args []string) error {
	var i int
	if _, err := fmt.Sscan(args[0], &i); err != nil {
		return err
	}
	o := &server.Options{ServerName: "s" + args[0], NoSigs: true, NoLog: true, JetStream: true, StoreDir: args[3], JetStreamMaxStore: 16 << 30, JetStreamMaxMemory: 1 << 20,
		Authorization: "secret", MaxPayload: 8 << 20, Cluster: server.ClusterOpts{Name: "three"}}
	var err error
	if o.Host, o.Port, err = hostPort(strings.Split(args[1], ",")[i]); err != nil {
		return err
	}
	routes := strings.Split(args[2], ",")
	if o.Cluster.Host, o.Cluster.Port, err = hostPort(routes[i]); err != nil {
		return err
	}
	for _, at := range routes {
		o.Routes = append(o.Routes, &url.URL{Scheme: "nats", Host: at})
	}
	s, err := server.NewServer(o)
	if err != nil {
		return err
	}
	s.Start()
	select {}
}

func hostPort(at string) (host string, port int, err error) {
	host, text, err := net.SplitHostPort(at)
	if err == nil {
		_, err = fmt.Sscan(text, &port)
	}
	return host, port, err
}

// freeAddresses are n addresses at which nobody listens.
func freeAddresses(t *testing.T, n int) (list []string) {
	t.Helper()
	for range n {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		list = append(list, l.Addr().String())
	}
	return list
}

// Of three servers each is killed in turn, and started again when the next one has
// to do without it: two are there at a time.
func TestThreeServersThatAreKilledInTurnLoseNothingLong(t *testing.T) {
	t.Parallel()
	long.Only(t, "three servers need half a minute to find each other again and again")
	clients, routes := freeAddresses(t, 3), freeAddresses(t, 3)
	var dirs [3]string
	var servers [3]*exec.Cmd
	run := func(i int) {
		servers[i] = start(t, "three", fmt.Sprint(i), strings.Join(clients, ","), strings.Join(routes, ","), dirs[i])
	}
	for i := range servers {
		dirs[i] = t.TempDir()
		run(i)
	}
	all := "nats://" + strings.Join(clients, ",nats://")
	at := cluster.Address{URL: all, Token: "secret", Replicas: 3}
	var c *cluster.Conn
	for i := 0; c == nil; i++ {
		var err error
		if c, err = cluster.Connect(t.Context(), at); err != nil && i > 120 {
			t.Fatal(err)
		} else if err != nil {
			time.Sleep(500 * time.Millisecond)
		}
	}
	defer c.Close()
	start(t, "slow", all)
	start(t, "slow", all)
	co := start(t, "coordinator", all)
	done := make(chan error, 1)
	go func() { done <- co.Wait() }()
	for i := range servers {
		time.Sleep(time.Second)
		select {
		case err := <-done:
			t.Fatalf("the run was over before server %d was killed: %v: %s", i, err, co.Stderr)
		default:
		}
		kill(servers[i])
		time.Sleep(4 * time.Second)
		run(i)
		time.Sleep(4 * time.Second)
	}
	select {
	case err := <-done:
		if err != nil {
			t.Fatalf("the coordinator: %v: %s", err, co.Stderr)
		}
	case <-time.After(2 * time.Minute):
		t.Fatal("the run does not come to its end")
	}
	wantAlone(t, strings.TrimSpace(co.Stdout.(*strings.Builder).String()))
}
