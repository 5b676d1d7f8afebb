package main

import (
	"errors"
	"sync"
)

// A conns counts a connection itself, once it has been made.
type conns struct {
	wg  sync.WaitGroup
	all map[int]bool
}

var errNone = errors.New("none")

func (c *conns) serve(n int) error {
	if n < 0 {
		return errNone // nobody counts this one
	}
	if n == 0 {
		return nil
	}
	c.wg.Add(1)
	for range n {
		if n > 3 {
			break
		}
	}
	c.wg.Done()
	return nil
}

func (c *conns) accept(next func() int) {
	for {
		go c.serve(next())
	}
}

// Whoever asks for the end counts none of those that come too late.
func (c *conns) close() { c.wg.Wait() }

// A batch counts its own parts, in each branch.
type batch struct{ wg sync.WaitGroup }

func (b *batch) part(n int) {
	if n == 0 {
		return
	}
	if n > 1 {
		b.wg.Add(1)
		println(n)
		b.wg.Done()
		return
	}
	println("one")
	b.wg.Add(1)
	if n > 0 {
		println(n)
	}
	b.wg.Done()
}

func (b *batch) run(n int) {
	go b.part(n)
	b.wg.Wait()
}
