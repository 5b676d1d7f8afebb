package network

import (
	"errors"
	"io"
	"net"
	"os"
	"sync"
	"testing"
	"time"
)

// serve sends message to each client, and ends when the test does.
func serve(t *testing.T, network, addr string, message []byte) net.Listener {
	l, err := net.Listen(network, addr)
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			wg.Go(func() {
				c.Write(message)
				io.Copy(io.Discard, c)
				c.Close()
			})
		}
	})
	t.Cleanup(func() { l.Close(); wg.Wait() })
	return l
}

// first returns what the first Read gets of a message of n bytes.
func first(t *testing.T, network, addr string, n int) (int, error) {
	l := serve(t, network, addr, make([]byte, n))
	c, err := net.Dial(network, l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	return c.Read(make([]byte, n))
}

func TestLongMessage(t *testing.T) {
	const long = 100 << 10
	if n, err := first(t, "tcp", "localhost:0", long); err == nil && n < long {
		t.Error("a part: ", n)
	}
}

func TestPacket(t *testing.T) {
	if n, err := first(t, "tcp", "127.0.0.1:0", 100); err == nil && n < 100 {
		t.Error("a part: ", n)
	}
}

func TestEcho(t *testing.T) {
	if _, err := first(t, "unix", t.TempDir()+"/s", 1); err != nil {
		t.Error(err)
	}
}

func TestRetries(t *testing.T) {
	l := serve(t, "tcp", "127.0.0.1:0", make([]byte, 100))
	for tries := 0; ; tries++ {
		c := dial(t, l)
		_, err := io.ReadFull(c, make([]byte, 100))
		c.Close()
		if err == nil {
			return
		}
		if tries == 2 {
			t.Fatal(err)
		}
	}
}

// Bytes that are on their way when the Write returns come after the deadline.
func TestTimeout(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	a := dial(t, l)
	defer a.Close()
	b, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	if _, err := a.Write([]byte("x")); err != nil {
		return
	}
	b.SetReadDeadline(time.Now().Add(time.Microsecond))
	if _, err := b.Read(make([]byte, 1)); errors.Is(err, os.ErrDeadlineExceeded) {
		t.Error(err)
	}
}
