package network

import (
	"io"
	"net"
	"strings"
	"sync"
	"testing"
)

func listen(t *testing.T) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func dial(t *testing.T, l net.Listener) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestTwoClients takes for granted that the first to dial is the first to be read.
func TestTwoClients(t *testing.T) {
	l := listen(t)
	defer l.Close()
	var wg sync.WaitGroup
	for _, name := range []string{"a", "b"} {
		wg.Go(func() {
			c := dial(t, l)
			io.WriteString(c, name)
			c.Close()
		})
	}
	var seen strings.Builder
	for range 2 {
		c, err := l.Accept()
		if err != nil {
			t.Fatal(err)
		}
		io.Copy(&seen, c)
		c.Close()
	}
	wg.Wait()
	if seen.String() != "ab" {
		t.Error(seen.String())
	}
}

// TestWholeMessage takes one Read for one message of two writes.
func TestWholeMessage(t *testing.T) {
	l := listen(t)
	defer l.Close()
	go func() {
		c, err := l.Accept()
		if err != nil {
			return
		}
		io.WriteString(c, "head")
		io.WriteString(c, "body")
		c.Close()
	}()
	c := dial(t, l)
	defer c.Close()
	b := make([]byte, 100)
	if n, _ := c.Read(b); string(b[:n]) != "headbody" {
		t.Error(string(b[:n]))
	}
}

// TestStuckRead waits for what nobody sends.
func TestStuckRead(t *testing.T) {
	l := listen(t)
	defer l.Close()
	c := dial(t, l)
	defer c.Close()
	c.Read(make([]byte, 10))
}

// TestStuckAccept leaves a listener that is never closed.
func TestStuckAccept(t *testing.T) {
	l := listen(t)
	go l.Accept()
}

// TestBothWrite has two peers that write more than the buffers take before they read.
func TestBothWrite(t *testing.T) {
	l := listen(t)
	defer l.Close()
	big := make([]byte, 8<<20)
	talk := func(c net.Conn) {
		c.Write(big)
		io.ReadFull(c, big)
		c.Close()
	}
	var wg sync.WaitGroup
	wg.Go(func() {
		if c, err := l.Accept(); err == nil {
			talk(c)
		}
	})
	talk(dial(t, l))
	wg.Wait()
}

// TestManyConnections has ten thousand of them open at once.
func TestManyConnections(t *testing.T) {
	l := listen(t)
	defer l.Close()
	const many = 10_000
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				io.Copy(c, c)
				c.Close()
			}()
		}
	}()
	var open []net.Conn
	for range many {
		open = append(open, dial(t, l))
	}
	b := make([]byte, 1)
	for _, c := range open {
		c.Write([]byte("x"))
		if _, err := c.Read(b); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range open {
		c.Close()
	}
}

// shared is written by one goroutine and read by another.
var shared int

// TestOrdered hands shared over with the bytes of a connection.
func TestOrdered(t *testing.T) {
	l := listen(t)
	defer l.Close()
	c := dial(t, l)
	defer c.Close()
	done := make(chan bool)
	go func() {
		defer close(done)
		s, err := l.Accept()
		if err != nil {
			return
		}
		defer s.Close()
		if _, err := s.Read(make([]byte, 1)); err == nil {
			shared++
			s.Write([]byte("y"))
		}
	}()
	shared = 1
	c.Write([]byte("x"))
	c.Read(make([]byte, 1))
	if shared != 2 {
		t.Error(shared)
	}
	<-done
}

// TestAcceptOrdersNothing reads shared behind Accept, and nothing was written.
func TestAcceptOrdersNothing(t *testing.T) {
	l := listen(t)
	done := make(chan bool)
	go func() {
		defer close(done)
		if s, err := l.Accept(); err == nil {
			shared++
			s.Close()
		}
	}()
	shared = 1
	c := dial(t, l)
	<-done
	c.Close()
	l.Close()
}

// TestOtherConnection writes to one connection and reads from another one,
// which orders nothing.
func TestOtherConnection(t *testing.T) {
	l := listen(t)
	defer l.Close()
	a := dial(t, l)
	b := dial(t, l)
	a2, _ := l.Accept()
	b2, _ := l.Accept()
	done := make(chan bool)
	go func() {
		defer close(done)
		b2.Read(make([]byte, 1))
		shared++
	}()
	b.Write([]byte("y"))
	shared = 1
	a.Write([]byte("x"))
	<-done
	for _, c := range []net.Conn{a, b, a2, b2} {
		c.Close()
	}
}

// server was begun by TestMain, and answers all tests.
var server net.Listener

func TestMain(m *testing.M) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	server = l
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go io.Copy(c, c)
		}
	}()
	m.Run()
}

func TestServerOfTestMain(t *testing.T) {
	c := dial(t, server)
	defer c.Close()
	io.WriteString(c, "hello")
	b := make([]byte, 5)
	if _, err := io.ReadFull(c, b); string(b) != "hello" {
		t.Error(string(b), err)
	}
}
