package orders

import "sync"

// A gate that only one of three takes keeps nobody apart.
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
	c.closeM.Lock()
	c.m.Lock()
	c.closing = false
	c.m.Unlock()
	c.closeM.Unlock()
}

func (c *link) Shutdown() {
	c.gate.Lock()
	defer c.gate.Unlock()
	c.m.Lock()
	defer c.m.Unlock()
	for _, ch := range c.chans {
		ch.Shutdown() // want `link.closeM is taken here`
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

// One of the calls of back is without the gate.
type gated struct{ gate, a, b sync.Mutex }

func (g *gated) Run() {
	g.gate.Lock()
	defer g.gate.Unlock()
	g.forth()
	g.back()
}

func (g *gated) Stop() { g.back() }

func (g *gated) forth() {
	g.a.Lock()
	g.b.Lock()
	g.b.Unlock()
	g.a.Unlock()
}

func (g *gated) back() {
	g.b.Lock()
	g.a.Lock() // want `gated.a is taken here while gated.b is held`
	g.a.Unlock()
	g.b.Unlock()
}

// A function that is kept is called by whoever has it.
type kept struct {
	gate, a, b sync.Mutex
	later      func()
}

func (g *kept) Run() {
	g.gate.Lock()
	defer g.gate.Unlock()
	g.forth()
	g.back()
	g.later = g.back
}

func (g *kept) forth() {
	g.a.Lock()
	g.b.Lock()
	g.b.Unlock()
	g.a.Unlock()
}

func (g *kept) back() {
	g.b.Lock()
	g.a.Lock() // want `kept.a is taken here while kept.b is held`
	g.a.Unlock()
	g.b.Unlock()
}

// All only read the gate.
type readGated struct {
	gate sync.RWMutex
	a, b sync.Mutex
}

func (g *readGated) Forth() {
	g.gate.RLock()
	defer g.gate.RUnlock()
	g.a.Lock()
	defer g.a.Unlock()
	g.b.Lock()
	defer g.b.Unlock()
}

func (g *readGated) Back() {
	g.gate.RLock()
	defer g.gate.RUnlock()
	g.b.Lock()
	defer g.b.Unlock()
	g.a.Lock() // want `readGated.a is taken here while readGated.b is held`
	defer g.a.Unlock()
}

// A goroutine does not have the locks of the function that starts it.
type started struct{ gate, a, b sync.Mutex }

func (g *started) Run() {
	g.gate.Lock()
	defer g.gate.Unlock()
	g.forth()
	go g.back()
}

func (g *started) forth() {
	g.a.Lock()
	g.b.Lock()
	g.b.Unlock()
	g.a.Unlock()
}

func (g *started) back() {
	g.b.Lock()
	g.a.Lock() // want `started.a is taken here while started.b is held`
	g.a.Unlock()
	g.b.Unlock()
}
