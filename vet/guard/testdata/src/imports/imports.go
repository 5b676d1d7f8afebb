// Package imports uses locks through the functions of another package.
package imports

import "github.com/fearless-go/fearless/vet/guard/testdata/src/imports/gate"

func forgets(g *gate.Gate, full bool) bool {
	g.Enter()
	if full {
		return false // want "g.mu is still locked when the function returns here: it was locked at imports.go:7"
	}
	g.Leave()
	return true
}

// A caller may unlock it.
func keeps(g *gate.Gate) {
	g.Enter()
	println("entered")
}

func drops(g *gate.Gate) {
	g.Count() // want "dropped"
}

func fine(g *gate.Gate) int {
	g.Enter()
	defer g.Leave()
	count := g.Count()
	defer count.Unlock()
	return count.Get()
}
