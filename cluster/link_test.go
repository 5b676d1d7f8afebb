package cluster_test

import (
	"net"
	"strings"
	"sync"
	"testing"
	"time"
)

// A link is a way to a server that can be cut as a network can: what is sent does not
// arrive, and nobody is told.
type link struct {
	listener net.Listener
	delay    time.Duration // of each part that is sent

	mu     sync.Mutex
	healed sync.Cond
	cut    bool
	ends   []net.Conn
}

// through makes a link to the server, and returns its URL.
func through(t *testing.T, url string, delay time.Duration) (*link, string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	k := &link{listener: l, delay: delay}
	k.healed.L = &k.mu
	t.Cleanup(k.close)
	_, server, _ := strings.Cut(url, "://")
	go func() {
		for {
			client, err := l.Accept()
			if err != nil {
				return
			}
			go k.connect(client, server)
		}
	}()
	return k, "nats://" + l.Addr().String()
}

func (k *link) connect(client net.Conn, server string) {
	k.pass()
	far, err := net.Dial("tcp", server)
	if err != nil {
		client.Close()
		return
	}
	k.mu.Lock()
	k.ends = append(k.ends, client, far)
	k.mu.Unlock()
	go k.copy(client, far)
	k.copy(far, client)
}

// pass waits until the link is whole.
func (k *link) pass() {
	k.mu.Lock()
	for k.cut {
		k.healed.Wait()
	}
	k.mu.Unlock()
	time.Sleep(k.delay)
}

func (k *link) copy(to, from net.Conn) {
	defer to.Close()
	defer from.Close()
	part := make([]byte, 1<<15)
	for {
		n, err := from.Read(part)
		k.pass()
		if _, failed := to.Write(part[:n]); err != nil || failed != nil {
			return
		}
	}
}

func (k *link) set(cut bool) {
	k.mu.Lock()
	k.cut = cut
	k.healed.Broadcast()
	k.mu.Unlock()
}

// drop ends the connections, as a router does that has forgotten them. What was on
// its way is lost.
func (k *link) drop() {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, c := range k.ends {
		c.Close()
	}
	k.ends = nil
}

func (k *link) close() {
	k.listener.Close()
	k.drop()
	k.set(false)
}
