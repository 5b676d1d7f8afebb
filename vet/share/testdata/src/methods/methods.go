// Package methods has types with a lock, of which one method does without.
package methods

import (
	"bytes"
	"io"
	"sync"
	"sync/atomic"
)

// A Store is read without the lock that Set holds.
type Store struct {
	mu      sync.RWMutex
	m       map[string]int
	size    int
	stats   struct{ hits, misses int }
	last    string
	closed  bool
	flushed atomic.Bool
	done    chan struct{}
	err     error
	name    string
}

func NewStore(name string) *Store {
	s := &Store{m: map[string]int{}, done: make(chan struct{})}
	s.name = name
	s.size = 1
	return s
}

func (s *Store) Set(k string, v int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.m[k] = v
	s.size++
	s.stats.hits++
	s.put(k)
	s.err = nil
}

func (s *Store) Get(k string) int {
	return s.m[k] // want "`s.m` is read here without `s.mu`, which is held where it is written at methods.go:[0-9]+: Get and Set may run at once"
}

// Len calls what reads.
func (s *Store) Len() int { return s.length() }

func (s *Store) length() int {
	return s.size // want "`s.size` is read here without `s.mu`, .*: Len and Set may run at once"
}

// Misses uses another part than Set.
func (s *Store) Misses() int { return s.stats.misses }

// put is called with the lock.
func (s *Store) put(k string) { s.last = k }

func (s *Store) Last() string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.last
}

// Name is never written but by the constructor.
func (s *Store) Name() string { return s.name }

// Err waits for the end.
func (s *Store) Err() error {
	<-s.done
	return s.err
}

// ErrNow looks whether that is the end.
func (s *Store) ErrNow() error {
	select {
	case <-s.done:
		return s.err
	default:
		return nil
	}
}

// A Table is deleted from without the lock.
type Table struct {
	sync.Mutex
	rows map[int]string
}

func (t *Table) Add(i int, s string) {
	t.Lock()
	t.rows[i] = s
	t.Unlock()
}

func (t *Table) Row(i int) string {
	t.Lock()
	defer t.Unlock()
	return t.rows[i]
}

func (t *Table) Drop(i int) {
	delete(t.rows, i) // want "`t.rows` is written here without `t`"
}

// A Loop reads in its goroutine what others write.
type Loop struct {
	mu   sync.Mutex
	rate int
	own  int
	told int
	stop chan struct{}
	ask  chan struct{}
}

func (l *Loop) Start() { go l.run() }

func (l *Loop) run() {
	for {
		select {
		case <-l.stop:
			return
		case <-l.ask:
			println(l.told)
		default:
		}
		if l.rate > 3 { // want "`l.rate` is read here without `l.mu`, .*: the goroutine of run and SetRate may run at once"
			return
		}
		l.mu.Lock()
		l.own++
		l.mu.Unlock()
		println(l.own)
	}
}

func (l *Loop) SetRate(n int) {
	l.mu.Lock()
	l.rate = n
	l.mu.Unlock()
}

// Tell asks for what it has written, and waits until that is seen.
func (l *Loop) Tell(n int) {
	l.mu.Lock()
	l.told = n
	l.mu.Unlock()
	l.ask <- struct{}{}
}

func (l *Loop) Rate() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.rate
}

// Own reads what only the goroutine of run writes, with the lock.
func (l *Loop) Own() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.own
}

// A Counter locks in one method only, for those that call it at once.
type Counter struct {
	mu sync.Mutex
	n  int
}

func (c *Counter) Next() int {
	if c.n > 10 { // want "`c.n` is read here without `c.mu`, .*: two goroutines may call Next at once"
		return 0
	}
	c.mu.Lock()
	c.n++
	c.mu.Unlock()
	return 1
}

// A Reader is for one goroutine that reads; the lock is for those that ask.
type Reader struct {
	mu  sync.Mutex
	pos int
	r   io.Reader
}

func (r *Reader) Read(p []byte) (int, error) {
	if r.pos > 100 {
		return 0, io.EOF
	}
	n, err := r.r.Read(p)
	r.mu.Lock()
	r.pos += n
	r.mu.Unlock()
	return n, err
}

func (r *Reader) Pos() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.pos
}

// A Shared is used with either of two locks.
type Shared struct {
	mu, other sync.Mutex
	n, k      int
}

func (s *Shared) Inc() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.n++
}

func (s *Shared) Get() int {
	s.other.Lock()
	defer s.other.Unlock()
	return s.n
}

// Each is called with the lock held, in the package, which its users know.
func (s *Shared) Each() int { return s.k }

func (s *Shared) Sum() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.k++
	return s.Each()
}

// An inner is only used by one that has its own lock.
type inner struct {
	mu sync.Mutex
	n  int
}

func (i *inner) Inc() {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.n++
}

func (i *inner) N() int { return i.n }

// An Owner has made what it writes.
type Owner struct {
	mu  sync.Mutex
	buf bytes.Buffer
	n   int
}

func (o *Owner) Clone() *Owner {
	c := &Owner{}
	c.n = 3
	return c
}

func (o *Owner) Inc() {
	o.mu.Lock()
	o.n++
	o.mu.Unlock()
}

// A Config is set up without the lock, more often than with it.
type Config struct {
	mu   sync.Mutex
	path string
}

func (c *Config) SetPath(p string) { c.path = p }
func (c *Config) AddPath(p string) { c.path += p }
func (c *Config) Path() string     { return c.path }

func (c *Config) Reset() {
	c.mu.Lock()
	c.path = ""
	c.mu.Unlock()
}

// SetPath is for the one who makes a Setup; NewRound is not.
type Setup struct {
	mu    sync.Mutex
	path  string
	round chan int
	n     int
}

func (s *Setup) SetPath(p string) { s.path = p }

func (s *Setup) Path() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.path == "" {
		s.path = "."
	}
	return s.path
}

// Begin starts the goroutine that reads what it has written.
func (s *Setup) Begin() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.round = make(chan int)
	go s.run()
}

func (s *Setup) run() {
	for s.round != nil {
		println(s.n) // want "`s.n` is read here without `s.mu`"
	}
}

func (s *Setup) Add(n int) {
	s.mu.Lock()
	s.n += n
	s.mu.Unlock()
}

// A Lazy looks at an atomic flag first.
type Lazy struct {
	mu    sync.Mutex
	ready atomic.Bool
	v     int
}

func (l *Lazy) Make() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.ready.Load() {
		l.v = 1
		l.ready.Store(true)
	}
}

func (l *Lazy) Get() int {
	if !l.ready.Load() {
		l.Make()
	}
	return l.v
}

// A Set is counted without the lock: len of a map looks into it.
type Set struct {
	mu   sync.Mutex
	m    map[string]bool
	free map[string]bool
	row  []string
}

func (s *Set) Add(k string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.m[k] = true
	s.row[0] = k
}

func (s *Set) Len() int {
	return len(s.m) // want "`s.m` is read here without `s.mu`, .*: Len and Add may run at once"
}

// Room reads the slice itself, which nobody writes.
func (s *Set) Room() int { return cap(s.row) - len(s.row) }

// Free counts a map that is filled by nobody.
func (s *Set) Free() int { return len(s.free) }

// Count has the lock, and so have its callers.
func (s *Set) Count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.count()
}

func (s *Set) count() int { return len(s.m) }

// A Pile is emptied without the lock, and counted with it.
type Pile[T any] struct {
	mu sync.RWMutex
	m  map[int]T
}

func (p *Pile[T]) Put(i int, v T) {
	p.mu.Lock()
	p.m[i] = v
	p.mu.Unlock()
}

func (p *Pile[T]) Len() int {
	p.mu.RLock()
	defer p.mu.RUnlock()
	return len(p.m)
}

func (p *Pile[T]) Empty() bool {
	return len(p.m) == 0 // want "`p.m` is read here without `p.mu`, .*: Empty and Put may run at once"
}

// A Sluice is a lock that says how long it was waited for. Whoever asks has it.
type Sluice struct {
	sync.Mutex
	waited int
}

func (s *Sluice) Lock() {
	s.Mutex.Lock()
	s.waited++
}

func (s *Sluice) Waited() int { return s.waited }

// Sluices are locked together.
type Sluices []*Sluice

func (s Sluices) Lock() {
	for _, sluice := range s {
		sluice.Mutex.Lock()
		sluice.waited = 1
	}
}

// A Gauge gives its lock back in each method.
type Gauge struct {
	sync.Mutex
	n int
}

func (g *Gauge) Add() {
	g.Mutex.Lock()
	g.n++
	g.Mutex.Unlock()
}

func (g *Gauge) Get() int {
	return g.n // want "`g.n` is read here without `g`, .*: Get and Add may run at once"
}
