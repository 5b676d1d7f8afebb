// Package silent takes its locks in one order, though it may look otherwise.
package silent

import "sync"

type tree struct {
	mu       sync.Mutex
	parent   *tree
	children []*tree
	stats    *stats
}

type stats struct {
	mu sync.Mutex
	n  int
}

// Parent before child is an order among instances of one field.
func (t *tree) count() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	n := 1
	for _, c := range t.children {
		n += c.count()
	}
	return n
}

func (t *tree) record() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.stats.mu.Lock()
	defer t.stats.mu.Unlock()
	t.stats.n++
}

// The first lock is given back before the second is taken.
func (s *stats) reset(t *tree) {
	s.mu.Lock()
	s.n = 0
	s.mu.Unlock()
	t.mu.Lock()
	defer t.mu.Unlock()
	t.stats = s
}

// A third lock keeps the two orders apart.
type guarded struct {
	gate, a, b sync.Mutex
}

func (g *guarded) ab() {
	g.gate.Lock()
	defer g.gate.Unlock()
	g.a.Lock()
	defer g.a.Unlock()
	g.b.Lock()
	defer g.b.Unlock()
}

func (g *guarded) ba() {
	g.gate.Lock()
	defer g.gate.Unlock()
	g.b.Lock()
	defer g.b.Unlock()
	g.a.Lock()
	defer g.a.Unlock()
}

// A goroutine does not inherit the locks of the one that starts it.
func (t *tree) later() {
	t.mu.Lock()
	defer t.mu.Unlock()
	go func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		t.parent = nil
	}()
}

// A new object is nobody else's yet.
func (s *stats) tree() *tree {
	t := &tree{stats: s}
	s.mu.Lock()
	defer s.mu.Unlock()
	t.mu.Lock()
	defer t.mu.Unlock()
	return t
}

type account struct {
	mu sync.Mutex
	n  int
}

func (a *account) total(lock bool) int {
	if lock {
		a.mu.Lock()
		defer a.mu.Unlock()
	}
	return a.n
}

func (a *account) report(locked bool) int {
	if !locked {
		a.mu.Lock()
		defer a.mu.Unlock()
	}
	return a.total(false) + a.total(locked)
}

// The lock is given back by what is called, while it waits.
type room struct {
	mu   sync.Mutex
	free bool
}

func (r *room) waitLocked() {
	r.mu.Unlock()
	r.mu.Lock()
}

func (r *room) enter() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for !r.free {
		r.waitLocked()
	}
}

// The order of two accounts is that of their numbers.
type numbered struct {
	mu sync.Mutex
	id int
}

func exchange(a, b *numbered) {
	if a.id < b.id {
		a.mu.Lock()
		b.mu.Lock()
	} else {
		b.mu.Lock()
		a.mu.Lock()
	}
	a.mu.Unlock()
	b.mu.Unlock()
}

func sorted(a, b *numbered) {
	if a.id > b.id {
		a, b = b, a
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	b.mu.Lock()
	defer b.mu.Unlock()
}

func exchanges() {
	a, b := &numbered{id: 1}, &numbered{id: 2}
	go exchange(a, b)
	go exchange(b, a)
	go sorted(a, b)
	go sorted(b, a)
}

// Whether to lock is for the caller to say.
type log struct{ mu sync.Mutex }

func (l *log) write(needLock bool) {
	lock := func() {
		if needLock {
			l.mu.Lock()
		}
	}
	unlock := func() {
		if needLock {
			l.mu.Unlock()
		}
	}
	lock()
	defer unlock()
	println()
}

func (l *log) flush() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.write(false)
}

func (l *log) announce() {
	send := func(locked bool) {
		if locked {
			l.mu.Lock()
			defer l.mu.Unlock()
		}
		println()
	}
	send(false)
	go send(true)
}

func (l *log) announceLocked() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.announce()
}

type peer struct{ mu sync.Mutex }

type hub struct {
	mu    sync.Mutex
	peers []*peer
	n     int
}

func (h *hub) leave(p *peer) {
	h.mu.Lock()
	defer h.mu.Unlock()
	p.mu.Lock()
	defer p.mu.Unlock()
	h.n--
}

// All are locked in one loop and unlocked in another.
func (h *hub) pause() {
	for _, p := range h.peers {
		p.mu.Lock()
	}
	for _, p := range h.peers {
		p.mu.Unlock()
	}
	h.mu.Lock()
	h.n = 0
	h.mu.Unlock()
}

var onPause func()

// The lock is given back by what runs while resume does.
func (h *hub) resume(p *peer) {
	p.mu.Lock()
	var once sync.Once
	unlock := func() { once.Do(p.mu.Unlock) }
	defer unlock()
	onPause = func() { unlock() }
	h.pause()
}
