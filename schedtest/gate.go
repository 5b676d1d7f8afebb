package schedtest

import (
	"strings"
	"sync"
)

// A gate lets one build through at a time of those that would do the same work:
// of the first ones with the same flags, which build the distribution, and of
// those that write the same test binary. Runs of one process share it.
type gate struct {
	mu    sync.Mutex
	doors map[string]*door
}

type door struct {
	mu   sync.Mutex
	open bool // what several would build is built
}

var builds gate

func (g *gate) door(name string) *door {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.doors == nil {
		g.doors = map[string]*door{}
	}
	if g.doors[name] == nil {
		g.doors[name] = &door{}
	}
	return g.doors[name]
}

// enter waits until the binary may be built for which the distribution is built
// as common says. It returns what is to be called after that.
func (g *gate) enter(binary string, common []string) (leave func()) {
	file := g.door("binary " + binary)
	file.mu.Lock()
	first := g.door("distribution " + strings.Join(common, "\x00"))
	first.mu.Lock()
	if first.open {
		first.mu.Unlock()
		return file.mu.Unlock
	}
	return func() {
		first.open = true
		first.mu.Unlock()
		file.mu.Unlock()
	}
}
