// Package unfortunate has what rule share gets wrong.
package unfortunate

import "sync"

// A token goes round: whoever has it may write. The channel's only value is
// what excludes the others, which the analysis does not see.
func token() {
	n := 0
	turn := make(chan bool)
	for range 2 {
		go func() {
			for <-turn {
				n++ // want "`n` is written here by every goroutine started at unfortunate.go:12; nothing orders them"
				turn <- true
			}
		}()
	}
	turn <- true
}

// Two methods of one type that different goroutines call: from neither is the
// other in sight.
type counter struct{ n int }

func (c *counter) Inc() { c.n++ }

func (c *counter) Get() int { return c.n }

// Elements whose indexes are not known are taken for distinct.
func indexes(xs []int, i, j int) {
	var wg sync.WaitGroup
	wg.Go(func() { xs[i]++ })
	wg.Go(func() { xs[j]++ })
	wg.Wait()
}

// What sync.Pool gives out is taken for new.
func pool() {
	p := sync.Pool{New: func() any { return new(int) }}
	x := p.Get().(*int)
	p.Put(x)
	go func() { *p.Get().(*int) = 1 }()
	*x = 2
}
