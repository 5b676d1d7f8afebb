package silent

import "sync"

// Of three locks, two pairs are taken with the gate held: these never happen at once.
type link struct {
	gate, closeM, m sync.Mutex
	closing         bool
	chans           []*channel
}

type channel struct {
	c *link
	d sync.Mutex
}

func (c *link) reconnect() {
	c.gate.Lock()
	c.closeM.Lock()
	c.m.Lock()
	c.closing = false
	c.m.Unlock()
	c.closeM.Unlock()
	c.gate.Unlock()
}

func (c *link) Shutdown() {
	c.gate.Lock()
	defer c.gate.Unlock()
	c.m.Lock()
	defer c.m.Unlock()
	for _, ch := range c.chans {
		ch.Shutdown()
	}
}

func (ch *channel) Shutdown() bool {
	ch.d.Lock()
	defer ch.d.Unlock()
	return ch.c.isClosing()
}

func (c *link) isClosing() bool {
	c.closeM.Lock()
	defer c.closeM.Unlock()
	return c.closing
}

// Whoever calls forth or back holds the gate, through any number of calls.
type gated struct{ gate, a, b sync.Mutex }

func (g *gated) Run(way bool) {
	g.gate.Lock()
	defer g.gate.Unlock()
	g.turn(way, 3)
}

func (g *gated) turn(way bool, n int) {
	if n == 0 {
		return
	}
	if way {
		g.forth()
	} else {
		g.back()
	}
	g.turn(!way, n-1)
}

func (g *gated) forth() {
	g.a.Lock()
	g.b.Lock()
	g.b.Unlock()
	g.a.Unlock()
}

func (g *gated) back() {
	g.b.Lock()
	g.a.Lock()
	g.a.Unlock()
	g.b.Unlock()
}

// Of a gate for readers and writers, one side writes.
type halfGated struct {
	gate sync.RWMutex
	a, b sync.Mutex
}

func (g *halfGated) Forth() {
	g.gate.RLock()
	defer g.gate.RUnlock()
	g.forth()
}

func (g *halfGated) forth() {
	g.a.Lock()
	defer g.a.Unlock()
	g.b.Lock()
	defer g.b.Unlock()
}

func (g *halfGated) Back() {
	g.gate.Lock()
	defer g.gate.Unlock()
	g.b.Lock()
	defer g.b.Unlock()
	g.a.Lock()
	defer g.a.Unlock()
}
