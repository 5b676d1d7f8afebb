// Package unfortunate uses up an Arc in a function that is called, which the
// rule does not look into.
package unfortunate

import "github.com/fearless-go/fearless/arc"

func done(a *arc.Arc[int]) { a.Drop() }

func use() int {
	a := arc.New(1)
	done(&a)
	return a.Get()
}
