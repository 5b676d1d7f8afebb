// Package plain shares what only one goroutine may use.
package plain

import (
	"sync"

	"github.com/fearless-go/fearless/marker"
	"github.com/fearless-go/fearless/thread"
)

type parser struct {
	pos int
	_   marker.NoSync
}

func (p *parser) parse(string) {}

func captured() {
	var p parser
	thread.Go(func() { p.parse("a") }) // want "`p` is captured by another goroutine and still used by this one, but plain.parser is not Sync: it is marked marker.NoSync"
	p.parse("b")
}

func pointer(p *parser) {
	go p.parse("a") // want "`p` is passed to another goroutine and still used by this one"
	p.parse("b")
}

type tool struct{ in *parser }

func loop(t *tool) {
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() { t.in.parse("a") }) // want "`t` is captured by another goroutine and still used by this one, but plain.tool is not Sync: its field in is marked marker.NoSync"
	}
	wg.Wait()
}
