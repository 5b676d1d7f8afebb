// Package unfortunate has what rule sync gets wrong.
package unfortunate

import (
	"github.com/fearless-go/fearless/marker"
	"github.com/fearless-go/fearless/thread"
)

type parser struct{ _ marker.NoSync }

// Joined before it is used again: nobody shares it, but rule sync does not
// look at joins.
func joined() {
	var p parser
	h := thread.Go(func() { _ = p }) // want "`p` is captured by another goroutine and still used by this one"
	h.Join()
	_ = p
}

// Another pointer to the same parser is not recognised.
func alias(p *parser) {
	q := &*p
	thread.Go(func() { _ = p })
	_ = q
}
