// Package imports holds a lock while a function of another package waits.
package imports

import (
	"sync"

	"github.com/fearless-go/fearless/vet/held/testdata/src/imports/queue"
)

type box struct {
	mu sync.Mutex
	n  int
}

func (b *box) next(c <-chan int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.n = queue.Next(c) // want "still held"
}

func (b *box) pause() {
	b.mu.Lock()
	queue.Pause() // want "still held"
	b.mu.Unlock()
}

func (b *box) size(c <-chan int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.n = queue.Size(c)
}

func (b *box) before(c <-chan int) {
	n := queue.Next(c)
	b.mu.Lock()
	b.n = n
	b.mu.Unlock()
}
