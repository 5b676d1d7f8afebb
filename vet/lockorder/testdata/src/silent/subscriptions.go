package silent

import "sync"

// The done function is set on asynchronous subscriptions only, and remove calls
// it for the others only.

type sub struct {
	mu    sync.Mutex
	async bool
	done  func()
}

type client struct {
	mu   sync.Mutex
	subs []*sub
}

func (c *client) subscribe(async bool) *sub {
	c.mu.Lock()
	defer c.mu.Unlock()
	s := &sub{async: async}
	c.subs = append(c.subs, s)
	return s
}

func (c *client) remove(s *sub) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !s.async && s.done != nil {
		s.done()
	}
}

type watcher struct {
	mu sync.Mutex
	s  *sub
}

func (w *watcher) watch(c *client) {
	w.mu.Lock()
	defer w.mu.Unlock()
	s := c.subscribe(true)
	s.done = func() {
		w.mu.Lock()
		defer w.mu.Unlock()
	}
	w.s = s
}

// A kind by number, of which nothing is said where the zero one is made, and an
// early return.
type mode int

const (
	direct mode = iota
	queued
)

type task struct {
	mode mode
	done func()
}

type pool struct{ mu sync.Mutex }

func (p *pool) queue() (*task, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return &task{mode: queued}, nil
}

func (p *pool) direct() *task { return &task{} }

func (p *pool) finish(t *task) {
	if t.mode != direct {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if t.done != nil {
		t.done()
	}
}

type user struct{ mu sync.Mutex }

func (u *user) use(p *pool) {
	u.mu.Lock()
	defer u.mu.Unlock()
	t, err := p.queue()
	if err != nil {
		return
	}
	t.done = func() {
		u.mu.Lock()
		defer u.mu.Unlock()
	}
}

// A name, of an object that is made in sight.
type hook struct {
	name string
	call func()
}

type bus struct{ mu sync.Mutex }

func (b *bus) fire(h *hook) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch h.name {
	case "now":
		h.call()
	}
}

type page struct{ mu sync.Mutex }

func (p *page) later(b *bus) {
	p.mu.Lock()
	defer p.mu.Unlock()
	h := &hook{name: "later"}
	h.call = func() {
		p.mu.Lock()
		defer p.mu.Unlock()
	}
	b.fire(h)
}
