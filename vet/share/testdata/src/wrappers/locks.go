package wrappers

import "github.com/fearless-go/fearless/vet/share/testdata/src/wrapper"

func guarded(g *wrapper.Gate) {
	go func() {
		g.Enter()
		g.N++
		g.Leave()
	}()
	g.Enter()
	defer g.Leave()
	g.N++
}

// The wrapper's lock and the lock itself are one.
func guardedDirectly(g *wrapper.Gate) {
	go func() {
		g.Enter()
		g.N++
		g.Leave()
	}()
	g.Mu.Lock()
	g.N++
	g.Mu.Unlock()
}

func guardedOnOneSide(g *wrapper.Gate) {
	go func() {
		g.Enter()
		g.N++
		g.Leave()
	}()
	g.N++ // want "`g.N` is written here and also by the goroutine started at locks.go:29"
}

func readLockedOnly(g *wrapper.Gate) {
	go func() {
		g.Look()
		g.N++ // want "`g.N` is written here"
		g.Looked()
	}()
	g.Look()
	println(g.N)
	g.Looked()
}

func readAndWriteLocked(g *wrapper.Gate) {
	go func() {
		g.Enter()
		g.N++
		g.Leave()
	}()
	g.Look()
	println(g.N)
	g.Looked()
}

func leftBefore(g *wrapper.Gate) {
	go func() {
		g.Enter()
		g.Leave()
		g.N++
	}()
	g.Enter()
	g.N++ // want "`g.N` is written here and also by the goroutine started at locks.go:60"
	g.Leave()
}

func otherGate(g, h *wrapper.Gate) {
	go func() {
		g.Enter()
		g.N++
		g.Leave()
	}()
	h.Enter()
	h.N++
	h.Leave()
}
