package schedtest

import (
	"os"
	"slices"
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

// ofBuilds are the variables of an environment that may change what the go command
// builds: its own, and those of the C compiler. A test's own variables are not among
// them, so that runs which differ in those do not build the distribution side by side.
// One that is missing here costs only time: both builds are right. nil is the
// environment of this process.
func ofBuilds(vars []string) []string {
	if vars == nil {
		vars = os.Environ()
	}
	return slices.DeleteFunc(slices.Clone(vars), func(v string) bool {
		name, _, _ := strings.Cut(v, "=")
		return !slices.ContainsFunc([]string{"GO", "CGO", "CC", "CXX", "PATH", "HOME", "XDG_CACHE_HOME"}, func(begin string) bool { return strings.HasPrefix(name, begin) })
	})
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
