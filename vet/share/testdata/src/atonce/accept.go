package atonce

import (
	"bufio"
	"io"
	"net"
	"sync"
	"sync/atomic"
)

type proxy struct {
	tcp    *net.TCPListener
	count  int
	last   net.Addr
	mu     sync.Mutex
	locked int
	total  atomic.Int64
	names  map[string]int
}

func (p *proxy) Run(stop chan struct{}) error {
	go func() {
		<-stop
		p.tcp.Close()
	}()
	for {
		conn, err := p.tcp.Accept()
		if err != nil {
			return err
		}
		go p.pipe(conn)
	}
}

func (p *proxy) pipe(conn io.ReadWriteCloser) {
	defer conn.Close()
	p.count++ // want "`p.count` is written here, without a lock, by what runs in several goroutines at once: a goroutine is started for each connection that is accepted, at accept.go:[0-9]+"
	p.total.Add(1)
	p.mu.Lock()
	p.locked++
	p.mu.Unlock()
}

func (p *proxy) Literal(ln net.Listener) {
	n := 0
	for {
		conn, err := ln.Accept()
		if err != nil {
			return
		}
		go func() {
			defer conn.Close()
			n++                        // want "`n` is written here, without a lock"
			p.last = conn.RemoteAddr() // want "`p.last` is written here, without a lock"
		}()
	}
}

var accepted int

func serve(conn net.Conn) {
	accepted++ // want "`accepted` is written here, without a lock"
	conn.Close()
}

func Functions(ln net.Listener) {
	for {
		conn, err := ln.Accept()
		if err != nil {
			return
		}
		go serve(conn)
	}
}

func (p *proxy) Names(ln *net.UnixListener) {
	for {
		conn, err := ln.AcceptUnix()
		if err != nil {
			continue
		}
		go p.name(conn)
	}
}

func (p *proxy) name(conn *net.UnixConn) {
	p.add(conn.RemoteAddr().String())
}

func (p *proxy) add(name string) {
	p.names[name]++ // want "`p.names` is written here"
}

// Each connection has an object of its own.
type session struct {
	conn net.Conn
	n    int
}

func newSession(conn net.Conn) *session { return &session{conn: conn} }

func (s *session) serve() {
	s.n++
	r := bufio.NewReader(s.conn)
	_, _ = r.ReadByte()
}

func Sessions(ln net.Listener) {
	for {
		conn, err := ln.Accept()
		if err != nil {
			return
		}
		s := newSession(conn)
		go s.serve()
		go func() {
			last := 0
			last++
			_ = last
			s.conn.Close()
		}()
	}
}

// One connection after the other.
func (p *proxy) OneByOne(ln net.Listener) {
	for {
		conn, err := ln.Accept()
		if err != nil {
			return
		}
		done := make(chan struct{})
		go func() {
			defer close(done)
			p.last = conn.RemoteAddr()
			conn.Close()
		}()
		<-done
	}
}

// There is one connection.
func (p *proxy) Once(ln net.Listener) {
	conn, err := ln.Accept()
	if err != nil {
		return
	}
	go func() {
		p.count++
		conn.Close()
	}()
}

// The goroutine takes its turn first.
func (p *proxy) Turns(ln net.Listener) {
	sum := 0
	for {
		conn, err := ln.Accept()
		if err != nil {
			return
		}
		go func() {
			p.mu.Lock()
			defer p.mu.Unlock()
			sum++
			p.locked += sum
			conn.Close()
		}()
	}
}

// A list of jobs is no listener.
type jobs struct{ next int }

func (j *jobs) Accept() (int, error) { j.next++; return j.next, nil }

func (p *proxy) Jobs(j *jobs) {
	for range 1 {
		n, err := j.Accept()
		if err != nil {
			return
		}
		go func() { p.locked = n }()
	}
}
