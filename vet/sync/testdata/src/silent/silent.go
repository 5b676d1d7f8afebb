// Package silent moves what only one goroutine may use.
package silent

import (
	"github.com/fearless-go/fearless/lock"
	"github.com/fearless-go/fearless/marker"
	"github.com/fearless-go/fearless/thread"
)

type parser struct{ _ marker.NoSync }

func moved() {
	p := new(parser)
	thread.Go(func() { _ = p })
}

func before(p *parser) {
	_ = *p
	go func(p *parser) {}(p)
}

// A Mutex makes it Sync.
func locked() {
	var m lock.Mutex[parser]
	thread.Go(func() { m.With(func(*parser) {}) })
	m.With(func(*parser) {})
}

// The author says so.
//
//fearless:unsafe send,sync every method locks
type opted struct{ p *parser }

func optedIn(o *opted) {
	thread.Go(func() { _ = o })
	_ = o
}
