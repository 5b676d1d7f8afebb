// Package network uses the network in many ways, and writes down what it sees:
// the same in memory as on a real loopback.
package network

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// A log is what a case has seen. Ports differ from run to run.
type log struct {
	t     *testing.T
	mu    sync.Mutex
	lines []string
}

var ports = regexp.MustCompile(`:[1-9]\d{3,4}\b`)

func (l *log) add(format string, args ...any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lines = append(l.lines, ports.ReplaceAllString(fmt.Sprintf(format, args...), ":PORT"))
}

// fault adds an error with all that a program can ask of it.
func (l *log) fault(what string, err error) {
	var types []string
	for e := err; e != nil; e = errors.Unwrap(e) {
		types = append(types, fmt.Sprintf("%T", e))
	}
	var ne net.Error
	timeout := errors.As(err, &ne) && ne.Timeout()
	l.add("%s: %v [%s] closed %t, timeout %t, deadline %t, refused %t, reset %t, pipe %t", what, err, strings.Join(types, " "), errors.Is(err, net.ErrClosed), timeout,
		errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, syscall.ECONNREFUSED), errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE))
}

func (l *log) must(err error) {
	l.t.Helper()
	if err != nil {
		l.t.Fatal(err)
	}
}

func (l *log) listen(network, addr string) net.Listener {
	l.t.Helper()
	ln, err := net.Listen(network, addr)
	l.must(err)
	l.t.Cleanup(func() { ln.Close() })
	return ln
}

// connect returns the two ends of a connection: who dialed, and who accepted.
func (l *log) connect(network, addr string) (a, b net.Conn) {
	l.t.Helper()
	ln := l.listen(network, addr)
	a, err := net.Dial(network, ln.Addr().String())
	l.must(err)
	b, err = ln.Accept()
	l.must(err)
	l.t.Cleanup(func() { a.Close(); b.Close() })
	return a, b
}

func (l *log) read(what string, c net.Conn, n int) {
	b := make([]byte, n)
	k, err := c.Read(b)
	l.add("%s: %d %q", what, k, b[:k])
	l.fault(what, err)
}

var later = 20 * time.Millisecond

var cases = []struct {
	name string
	run  func(l *log)
}{
	{"names", func(l *log) {
		for _, addr := range []string{"127.0.0.1:0", "localhost:0", ":0", "0.0.0.0:0", "127.0.0.2:0"} {
			ln := l.listen("tcp", addr)
			a, err := net.Dial("tcp", ln.Addr().String())
			l.must(err)
			b, err := ln.Accept()
			l.must(err)
			l.add("%s: %s %v, %v -> %v, %v -> %v", addr, ln.Addr().Network(), ln.Addr(), a.LocalAddr(), a.RemoteAddr(), b.LocalAddr(), b.RemoteAddr())
			l.add("%t %t", a.LocalAddr().String() == b.RemoteAddr().String(), a.RemoteAddr().String() == b.LocalAddr().String())
			l.add("%d %d", len(a.RemoteAddr().(*net.TCPAddr).IP), len(b.RemoteAddr().(*net.TCPAddr).IP))
			a.Close()
			b.Close()
		}
	}},
	{"refused", func(l *log) {
		ln := l.listen("tcp", "127.0.0.1:0")
		ln.Close()
		_, err := net.Dial("tcp", ln.Addr().String())
		l.fault("dial", err)
		_, err = ln.Accept()
		l.fault("accept", err)
		l.fault("close", ln.Close())
		_, err = net.Dial("tcp4", "127.0.0.1:1")
		l.fault("dial tcp4", err)
	}},
	{"in use", func(l *log) {
		ln := l.listen("tcp", "127.0.0.1:0")
		_, err := net.Listen("tcp", ln.Addr().String())
		l.fault("listen", err)
		_, port, _ := net.SplitHostPort(ln.Addr().String())
		_, err = net.Listen("tcp", ":"+port)
		l.fault("listen", err)
		other, err := net.Listen("tcp", "127.0.0.2:"+port)
		l.must(err)
		other.Close()
		ln.Close()
		again, err := net.Listen("tcp", ln.Addr().String())
		l.must(err)
		again.Close()
	}},
	{"bound", func(l *log) {
		ln := l.listen("tcp", "127.0.0.1:0")
		d := net.Dialer{LocalAddr: ln.Addr()}
		_, err := d.Dial("tcp", ln.Addr().String())
		l.fault("dial", err)
		d.LocalAddr = &net.TCPAddr{IP: net.IPv4(127, 0, 0, 3)}
		c, err := d.Dial("tcp", ln.Addr().String())
		l.must(err)
		l.add("%v", c.LocalAddr())
		c.Close()
	}},
	{"half closed", func(l *log) {
		a, b := l.connect("tcp", "127.0.0.1:0")
		a.Write([]byte("question"))
		l.must(a.(*net.TCPConn).CloseWrite())
		_, err := a.Write([]byte("x"))
		l.fault("write after CloseWrite", err)
		l.read("question", b, 100)
		l.read("end", b, 100)
		l.read("end again", b, 100)
		b.Write([]byte("answer"))
		b.Close()
		l.read("part", a, 3)
		l.read("rest", a, 100)
		l.read("end", a, 100)
	}},
	{"to a closed peer", func(l *log) {
		a, b := l.connect("tcp", "127.0.0.1:0")
		b.Close()
		l.read("end", a, 10)
		_, err := a.Write([]byte("x"))
		l.fault("first write", err)
		time.Sleep(later)
		_, err = a.Write([]byte("x"))
		l.fault("second write", err)
	}},
	{"reset", func(l *log) {
		a, b := l.connect("tcp", "127.0.0.1:0")
		a.Write([]byte("never read"))
		b.Write([]byte("there"))
		time.Sleep(later)
		b.Close()
		time.Sleep(later)
		b2 := make([]byte, 10)
		n, err := a.Read(b2)
		l.add("%d", n)
		if err == nil {
			_, err = a.Read(b2)
		}
		l.fault("read", err)
	}},
	{"linger 0", func(l *log) {
		a, b := l.connect("tcp", "127.0.0.1:0")
		l.must(b.(*net.TCPConn).SetLinger(0))
		b.Close()
		time.Sleep(later)
		_, err := a.Read(make([]byte, 1))
		l.fault("read", err)
		_, err = a.Write([]byte("x"))
		l.fault("write", err)
	}},
	{"closed", func(l *log) {
		a, _ := l.connect("tcp", "127.0.0.1:0")
		a.Close()
		l.read("read", a, 1)
		_, err := a.Write([]byte("x"))
		l.fault("write", err)
		l.fault("close", a.Close())
		l.fault("deadline", a.SetDeadline(time.Now()))
		l.fault("no delay", a.(*net.TCPConn).SetNoDelay(true))
		l.fault("close write", a.(*net.TCPConn).CloseWrite())
	}},
	{"closed while blocked", func(l *log) {
		ln := l.listen("tcp", "127.0.0.1:0")
		a, b := l.connect("tcp", "127.0.0.1:0")
		done := make(chan error, 3)
		go func() { _, err := ln.Accept(); done <- err }()
		time.Sleep(later)
		ln.Close()
		l.fault("accept", <-done)
		go func() { _, err := a.Read(make([]byte, 1)); done <- err }()
		time.Sleep(later)
		a.Close()
		l.fault("read", <-done)
		_ = b
	}},
	{"deadlines", func(l *log) {
		ln := l.listen("tcp", "127.0.0.1:0")
		ln.(*net.TCPListener).SetDeadline(time.Now().Add(later))
		_, err := ln.Accept()
		l.fault("accept", err)
		a, b := l.connect("tcp", "127.0.0.1:0")
		b.Write([]byte("abc"))
		time.Sleep(later)
		l.must(a.SetReadDeadline(time.Now().Add(-time.Second)))
		l.read("past", a, 10)
		l.must(a.SetReadDeadline(time.Time{}))
		l.read("none", a, 10)
		l.must(a.SetDeadline(time.Now().Add(later)))
		l.read("future", a, 10)
		_, err = a.Write([]byte("x"))
		l.fault("write", err)
		l.must(a.SetDeadline(time.Unix(1, 0)))
		l.read("long ago", a, 10)
		l.read("nothing", a, 0)
		l.must(a.SetDeadline(time.Unix(1<<40, 0)))
		done := make(chan error)
		go func() { _, err := a.Read(make([]byte, 1)); done <- err }()
		time.Sleep(later)
		a.SetReadDeadline(time.Now())
		l.fault("moved", <-done)
	}},
	{"contexts", func(l *log) {
		ln := l.listen("tcp", "127.0.0.1:0")
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		var d net.Dialer
		_, err := d.DialContext(ctx, "tcp", ln.Addr().String())
		l.fault("cancelled", err)
		ctx, cancel = context.WithDeadline(context.Background(), time.Now().Add(-time.Second))
		defer cancel()
		_, err = d.DialContext(ctx, "tcp", ln.Addr().String())
		l.fault("too late", err)
		d.Timeout = time.Minute
		c, err := d.Dial("tcp", ln.Addr().String())
		l.must(err)
		c.Close()
	}},
	{"a full buffer", func(l *log) {
		a, b := l.connect("tcp", "127.0.0.1:0")
		big := make([]byte, 12<<20)
		a.SetWriteDeadline(time.Now().Add(10 * later))
		n, err := a.Write(big)
		l.add("%t", n > 0 && n < len(big))
		l.fault("write", err)
		a.SetWriteDeadline(time.Time{})
		done := make(chan int64)
		go func() { n, _ := io.Copy(io.Discard, b); done <- n }()
		m, err := a.Write(big)
		l.fault("write", err)
		a.Close()
		l.add("%t", <-done == int64(n+m))
	}},
	{"unaccepted", func(l *log) {
		ln := l.listen("tcp", "127.0.0.1:0")
		a, err := net.Dial("tcp", ln.Addr().String())
		l.must(err)
		n, err := a.Write([]byte("x"))
		l.add("%d %v", n, err)
		time.Sleep(later)
		b, err := ln.Accept()
		l.must(err)
		l.read("read", b, 10)
		b.Close()
		a.Close()
	}},
	{"copies", func(l *log) {
		a, b := l.connect("tcp", "127.0.0.1:0")
		c, d := l.connect("tcp", "127.0.0.1:0")
		go func() {
			io.Copy(c, b)
			c.Close()
		}()
		bufs := net.Buffers{[]byte("one "), []byte("two "), []byte("three")}
		n, err := bufs.WriteTo(a)
		l.add("%d %v %d", n, err, len(bufs))
		f, err := os.Open("go.mod")
		l.must(err)
		_, err = io.Copy(a, io.LimitReader(f, 6))
		l.must(err)
		f.Close()
		a.Close()
		all, err := io.ReadAll(d)
		l.add("%q %v", all, err)
	}},
	{"options", func(l *log) {
		a, _ := l.connect("tcp", "127.0.0.1:0")
		c := a.(*net.TCPConn)
		l.must(errors.Join(c.SetNoDelay(false), c.SetKeepAlive(true), c.SetKeepAlivePeriod(time.Second), c.SetLinger(1), c.SetReadBuffer(4096), c.SetWriteBuffer(4096),
			c.SetKeepAliveConfig(net.KeepAliveConfig{Enable: true, Idle: time.Second, Interval: time.Second, Count: 3})))
	}},
	{"localhost", func(l *log) {
		ln := l.listen("tcp", "localhost:0")
		_, port, _ := net.SplitHostPort(ln.Addr().String())
		a, err := net.Dial("tcp", "LocalHost:"+port)
		l.must(err)
		b, err := ln.Accept()
		l.must(err)
		l.add("%v %v", a.RemoteAddr(), b.LocalAddr())
		a.Close()
		b.Close()
		_, err = net.Dial("tcp4", "localhost:1")
		l.fault("dial", err)
	}},
	{"unix sockets", func(l *log) {
		l.t.Chdir(l.t.TempDir())
		_, err := net.Dial("unix", "s")
		l.fault("no file", err)
		ln := l.listen("unix", "s")
		_, err = net.Listen("unix", "s")
		l.fault("in use", err)
		st, err := os.Stat("s")
		l.must(err)
		l.add("%v", st.Mode().Type())
		a, err := net.Dial("unix", "s")
		l.must(err)
		b, err := ln.Accept()
		l.must(err)
		l.add("%v %v -> %v, %v -> %v", ln.Addr(), a.LocalAddr(), a.RemoteAddr(), b.LocalAddr(), b.RemoteAddr())
		a.Write([]byte("hello"))
		buf := make([]byte, 10)
		n, from, err := b.(*net.UnixConn).ReadFrom(buf)
		l.add("%q %v %v", buf[:n], from, err)
		n, oobn, err := b.(*net.UnixConn).WriteMsgUnix([]byte("answer"), nil, nil)
		l.add("%d %d %v", n, oobn, err)
		n, _, _, _, err = a.(*net.UnixConn).ReadMsgUnix(buf, nil)
		l.add("%q %v", buf[:n], err)
		l.must(a.(*net.UnixConn).CloseWrite())
		l.read("end", b, 10)
		b.Close()
		l.read("end", a, 10)
		_, err = a.Write([]byte("x"))
		l.fault("write", err)
		a.Close()
		_, err = net.ListenUnix("unix", &net.UnixAddr{Name: "no/such/dir", Net: "unix"})
		l.fault("listen", err)
		c, err := net.Dial("unix", "s")
		l.must(err)
		ln.Close()
		l.read("never accepted", c, 1)
		_, err = os.Stat("s")
		l.add("%v", err)
		_, err = net.Dial("unix", "s")
		l.fault("gone", err)
		ln = l.listen("unix", "s")
		ln.(*net.UnixListener).SetUnlinkOnClose(false)
		ln.Close()
		_, err = net.Dial("unix", "s")
		l.fault("stale", err)
		x, y := l.connect("unix", "t")
		x.SetDeadline(time.Now().Add(later))
		l.read("deadline", x, 1)
		n, err = x.Write([]byte("x"))
		l.fault("deadline", err)
		y.Write([]byte("never read"))
		x.Close()
		l.read("reset", y, 1)
	}},
	{"ways to a unix socket", func(l *log) {
		l.t.Chdir(l.t.TempDir())
		l.listen("unix", "s")
		l.must(os.Symlink("s", "link"))
		l.must(os.Mkdir("d", 0o777))
		for _, path := range []string{"./s", "link", "d/../s", "d/s", ""} {
			c, err := net.Dial("unix", path)
			if l.fault(path, err); err == nil {
				l.add("%v", c.RemoteAddr())
				c.Close()
			}
		}
		l.must(os.Rename("s", "moved"))
		_, err := net.Dial("unix", "s")
		l.fault("moved", err)
		c, err := net.Dial("unix", "moved")
		l.must(err)
		c.Close()
		l.must(os.WriteFile("file", nil, 0o666))
		_, err = net.Dial("unix", "file")
		l.fault("a file", err)
		_, err = net.Listen("unix", "file")
		l.fault("a file", err)
	}},
	{"pipes", func(l *log) {
		a, b := net.Pipe()
		a.SetReadDeadline(time.Now().Add(later))
		l.read("deadline", a, 1)
		go b.Write([]byte("hello"))
		a.SetReadDeadline(time.Time{})
		l.read("read", a, 10)
		b.Close()
		l.read("end", a, 10)
		_, err := b.Write([]byte("x"))
		l.fault("write", err)
	}},
	{"a control function", func(l *log) {
		lc := net.ListenConfig{Control: func(network, address string, c syscall.RawConn) error {
			l.add("%s %s", network, address)
			return c.Control(func(fd uintptr) { l.add("%t", int(fd) > 2) })
		}}
		ln, err := lc.Listen(context.Background(), "tcp", "127.0.0.1:0")
		l.must(err)
		ln.Close()
		lc.Control = func(string, string, syscall.RawConn) error { return errors.New("no") }
		_, err = lc.Listen(context.Background(), "tcp", "127.0.0.1:0")
		l.fault("listen", err)
	}},
}

// TestTranscript runs every case. With TRANSCRIPT set it adds what they saw to
// that file; each schedule must see the same.
func TestTranscript(t *testing.T) {
	var all strings.Builder
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			l := &log{t: t}
			defer func() {
				for _, line := range l.lines {
					fmt.Fprintf(&all, "%s: %s\n", c.name, line)
				}
			}()
			c.run(l)
		})
	}
	name := os.Getenv("TRANSCRIPT")
	if name == "" {
		return
	}
	text := all.String()
	if old, err := os.ReadFile(name); err == nil && string(old) != text {
		t.Errorf("this schedule saw something else:\n%s\nthan another one:\n%s", text, old)
	} else if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}
