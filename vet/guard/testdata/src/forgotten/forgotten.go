// Package forgotten has functions that keep a lock, beside wrappers that give
// such a lock back for their callers.
package forgotten

import "sync"

type tally struct {
	mu sync.Mutex
	n  map[string]int
}

func (t *tally) Lock()   { t.mu.Lock() }
func (t *tally) Unlock() { t.mu.Unlock() }

func (t *tally) inc(k string) {
	t.mu.Lock() // want `t.mu is locked here and never unlocked`
	t.n[k]++
}

func (t *tally) incRight(k string) {
	t.mu.Lock()
	t.n[k]++
	t.mu.Unlock()
}

func (t *tally) begin() { t.mu.Lock() }

func (t *tally) end() {
	t.n["end"]++
	t.mu.Unlock()
}

func count() {
	t := &tally{n: map[string]int{}}
	for range 3 {
		go t.inc("a")
		go t.incRight("a")
	}
	t.Lock()
	println(t.n["a"])
	t.Unlock()
	t.begin()
	t.end()
}

// The caller of the caller gives it back.
type table struct {
	mu   sync.RWMutex
	rows []int
}

func (t *table) lock()   { t.mu.Lock() }
func (t *table) unlock() { t.mu.Unlock() }

func (t *table) start() { t.mu.Lock() }

func (t *table) prepare() {
	t.start()
	t.rows = t.rows[:0]
}

func (t *table) fill() {
	t.prepare()
	defer t.unlock()
	t.rows = append(t.rows, 1)
}

func (t *table) grow() {
	t.lock()
	defer t.unlock()
	t.rows = append(t.rows, 2)
}

func (t *table) size() int {
	t.mu.RLock() // want `t.mu is read-locked here and never unlocked`
	return len(t.rows)
}

func (t *table) rlock()   { t.mu.RLock() }
func (t *table) runlock() { t.mu.RUnlock() }

func (t *table) first() int {
	t.rlock()
	defer t.runlock()
	return t.rows[0]
}

func init() {
	t := &table{}
	t.fill()
	t.grow()
	go func() { println(t.first()) }()
	go watch(t)
}

func watch(t *table) {
	for {
		println(t.size())
	}
}

// A hand-over from one goroutine to another: the wrapper and the taker are the
// only pair.
type gate struct{ mu sync.Mutex }

func (g *gate) shut() { g.mu.Lock() }
func (g *gate) open() { g.mu.Unlock() }

func pass(g *gate) {
	g.shut()
	go g.open()
}

// A function of the API that locks for callers whom the package does not know.
type Session struct{ mu sync.Mutex }

func (s *Session) Lock()   { s.mu.Lock() }
func (s *Session) Unlock() { s.mu.Unlock() }

func (s *Session) Begin() { s.mu.Lock() }

func Open(s *Session) {
	s.Begin()
}
