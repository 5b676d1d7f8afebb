// Package habits orders its uses of shared memory by habits of Go code that
// no single operation tells of, and breaks each of them once.
package habits

import (
	"sync"
	"sync/atomic"
	"time"
)

// A connection has one writer at a time, as writing remembers.
type connection struct {
	buf      []byte
	done     chan bool
	writing  bool
	requests chan byte
}

func (c *connection) serve() {
	for {
		select {
		case r := <-c.requests:
			if c.writing {
				continue
			}
			c.writing = true
			c.buf = append(c.buf[:0], r)
			go c.write()
		case <-c.done:
			c.writing = false
		}
	}
}

func (c *connection) write() {
	c.buf = c.buf[1:]
	c.done <- true
}

// careless forgets that it writes before the writer is done.
type careless struct {
	buf      []byte
	writing  bool
	requests chan byte
}

func (c *careless) serve(requests []byte) {
	for _, r := range requests {
		if c.writing {
			continue
		}
		c.writing = true
		c.buf = append(c.buf[:0], r) // want "`c.buf` is written here and also by the goroutine started at habits.go:54; nothing orders the two"
		go c.write()
		c.writing = false
	}
}

func (c *careless) write() { c.buf = c.buf[1:] }

// The one value that goes round is the leave to write.
func token() int {
	n := 0
	baton := make(chan bool)
	for range 2 {
		go func() {
			for {
				<-baton
				n++
				baton <- true
			}
		}()
	}
	baton <- true
	time.Sleep(time.Millisecond)
	<-baton
	return n
}

func twoTokens() int {
	n := 0
	batons := make(chan bool)
	for range 3 {
		go func() {
			for {
				<-batons
				n++ // want "`n` is written here by every goroutine started at habits.go:84; nothing orders them"
				batons <- true
			}
		}()
	}
	batons <- true
	batons <- true
	<-batons
	return 0
}

func noTurns(rounds int32) {
	var turn atomic.Int32
	shared := int32(0)
	for range 2 {
		go func() {
			for i := int32(1); i < rounds; i++ {
				shared = i // want "`shared` is written here by every goroutine started at habits.go:102; nothing orders them"
				turn.Store(i)
			}
			println(shared)
		}()
	}
}

// A request that is taken off the free list has one user.
type request struct {
	name string
	next *request
}

type server struct {
	mu   sync.Mutex
	free *request
}

func (s *server) get() *request {
	s.mu.Lock()
	r := s.free
	if r == nil {
		r = new(request)
	} else {
		s.free = r.next
		*r = request{}
	}
	s.mu.Unlock()
	return r
}

func (s *server) put(r *request) {
	s.mu.Lock()
	r.next = s.free
	s.free = r
	s.mu.Unlock()
}

func (s *server) serve(names []string) {
	for _, name := range names {
		r := s.get()
		r.name = name
		go func() {
			println(r.name)
			s.put(r)
		}()
	}
}

// peek leaves the request where others find it, too.
func (s *server) peek(names []string) {
	for range names {
		s.mu.Lock()
		r := s.free
		s.mu.Unlock()
		go func() {
			r.name += "!" // want "`r.name` is written here by every goroutine started at habits.go:160; nothing orders them"
		}()
	}
}

// Each row of a table has two ends that belong together.
func rows() {
	for _, row := range []struct {
		outside, inside func(ch chan int)
	}{
		{func(ch chan int) { close(ch) }, func(ch chan int) { <-ch }},
		{func(ch chan int) { <-ch }, func(ch chan int) { ch <- 1 }},
	} {
		ch := make(chan int)
		go row.outside(ch)
		row.inside(ch)
	}
}

func row() {
	n := 0
	for _, do := range []func(){
		func() { n++ }, // want "`n` is written here, by the goroutine started at habits.go:186, and written by the one started at habits.go:186; nothing orders the two"
		func() { n-- },
	} {
		go do()
	}
}

var seen struct {
	sync.Mutex
	cases []int
}

func observer() {
	for {
		seen.Lock()
		for _, c := range seen.cases {
			println(c)
		}
		seen.Unlock()
	}
}

func observed() {
	go observer()
	cases := make([]int, 3)
	seen.Lock()
	seen.cases = cases
	seen.Unlock()
	cases[1] = 2 // want "`cases\\[1\\]` is written here and read by the goroutine started at habits.go:206; nothing orders the two"
}

// A switch that nobody turns on.
var (
	off  = false
	sink int
	on   = true
	pot  int
)

func work(n int) {
	if off {
		sink += n
	}
	if on {
		pot += n // want "`pot` is written here by every goroutine started at habits.go:233; nothing orders them"
	}
}

func workers() {
	for i := range 3 {
		go work(i)
	}
}

// A timer is set by those who have the lock.
type session struct {
	mu    sync.Mutex
	timer *time.Timer
}

func (s *session) start() {
	s.timer = time.AfterFunc(time.Second, s.expire)
}

func (s *session) expire() {
	s.mu.Lock()
	s.timer = nil
	s.mu.Unlock()
}

func (s *session) Touch() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.timer == nil {
		s.start()
	}
}

type lease struct {
	mu    sync.Mutex
	timer *time.Timer
}

// Start is called by code that cannot have the lock.
func (l *lease) Start() {
	l.timer = time.AfterFunc(time.Second, l.expire) // want "`l.timer` is written here and also by the goroutine started at habits.go:268; nothing orders the two"
}

func (l *lease) expire() {
	l.mu.Lock()
	l.timer = nil
	l.mu.Unlock()
}

// What accept returns is new each time, if it returns anything.
type peer struct{ addr string }

func accept(ok bool, addr string) (*peer, error) {
	if !ok {
		return nil, nil
	}
	p := new(peer)
	handshake(p)
	p.addr = addr
	return p, nil
}

var handshake func(*peer)

func listen(addrs []string) {
	for _, addr := range addrs {
		p, err := accept(addr != "", addr)
		if err != nil {
			return
		}
		go func() { println(p.addr) }()
	}
}

func lastAccepted(addrs []string) {
	var last *peer
	for _, addr := range addrs {
		if p, _ := accept(addr != "", addr); p != nil {
			last = p // want "`last` is written here and read by the goroutine started at habits.go:308; nothing orders the two"
		}
		go func() { println(last.addr) }()
	}
}
