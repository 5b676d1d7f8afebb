package main

import "sync"

// A conns counts a connection itself, and forgets one.
type conns struct{ wg sync.WaitGroup }

func (c *conns) serve(n int) {
	if n == 0 {
		return
	}
	c.wg.Add(1)
	if n > 3 {
		return // want "ends here without calling c.wg.Done, which other paths call: Wait waits forever"
	}
	println(n)
	c.wg.Done()
}

func (c *conns) accept(next func() int) {
	for {
		go c.serve(next())
	}
}

func (c *conns) close() { c.wg.Wait() }

// It is counted by its starter, and again by itself.
type twice struct{ wg sync.WaitGroup }

func (c *twice) serve(n int) {
	if n == 0 {
		return // want "ends here without calling c.wg.Done, which other paths call: Wait waits forever"
	}
	c.wg.Add(1)
	println(n)
	c.wg.Done()
	c.wg.Done()
}

func (c *twice) accept(next func() int) {
	for {
		c.wg.Add(1)
		go c.serve(next())
	}
}

func (c *twice) close() { c.wg.Wait() }
