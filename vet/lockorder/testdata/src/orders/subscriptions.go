package orders

import "sync"

// The kind of a subscription is what it is made with, but these do not ask for it, or
// ask for the kind that has the function.

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
	if s.async && s.done != nil {
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
	s := c.subscribe(true) // want `client.mu is taken here`
	s.done = func() {
		w.mu.Lock()
		defer w.mu.Unlock()
	}
	w.s = s
}

// A kind that changes later says nothing.
type task struct {
	once bool
	done func()
}

type pool struct{ mu sync.Mutex }

func (p *pool) add() *task {
	p.mu.Lock()
	defer p.mu.Unlock()
	return &task{once: true}
}

func (p *pool) reset(t *task) { t.once = false }

func (p *pool) finish(t *task) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !t.once {
		t.done()
	}
}

type user struct{ mu sync.Mutex }

func (u *user) use(p *pool) {
	u.mu.Lock()
	defer u.mu.Unlock()
	t := p.add() // want `pool.mu is taken here`
	t.done = func() {
		u.mu.Lock()
		defer u.mu.Unlock()
	}
}
