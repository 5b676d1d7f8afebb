// Package unfortunate writes to what a shared pointer leads to through another
// pointer. Rust refuses that, too; the rule takes what is behind the second
// pointer for something that protects itself.
package unfortunate

import "github.com/fearless-go/fearless/arc"

type node struct {
	n    int
	next *node
}

func bump(a arc.Arc[node]) {
	a.Ptr().next.n++
}
