package values

import (
	"sync"
	"sync/atomic"
)

// A conn is given to its methods by others, so that they are not run here: what they
// test says what it can.
type conn struct {
	x    int
	done atomic.Bool
	left atomic.Int32
	mu   sync.Mutex
	n    int
	quit bool
}

// Right: it is done.
func (c *conn) isDone() {
	go func() { c.x = 1; c.done.Store(true) }()
	if c.done.Load() {
		c.x = 2
	}
}

func (c *conn) isNotDone() {
	go func() { c.x = 1; c.done.Store(true) }()
	if !c.done.Load() {
		c.x = 2 // want "`c.x` is written here"
	}
}

func (c *conn) returnsWhenDone() {
	go func() { c.x = 1; c.done.Store(true) }()
	if c.done.Load() {
		return
	}
	c.x = 2 // want "`c.x` is written here"
}

func (c *conn) untilDone() {
	go func() { c.x = 1; c.done.Store(true) }()
	for !c.done.Load() {
		c.x++ // want "`c.x` is (read|written) here"
	}
}

// Right: nobody is left.
func (c *conn) noneLeft() {
	c.left.Store(1)
	go func() { c.x = 1; c.left.Add(-1) }()
	if c.left.Load() == 0 {
		c.x = 2
	}
}

func (c *conn) someLeft() {
	c.left.Store(1)
	go func() { c.x = 1; c.left.Add(-1) }()
	if c.left.Load() != 0 {
		c.x = 2 // want "`c.x` is written here"
	}
}

// What holds before holds behind.
func (c *conn) anyNumberLeft() {
	c.left.Store(0)
	go func() { c.x = 1; c.left.Store(1) }()
	if c.left.Load() >= 0 {
		c.x = 2 // want "`c.x` is written here"
	}
}

// It takes its own share, and asks whether others are left.
func (c *conn) othersLeft() {
	c.left.Store(2)
	go func() { c.x = 1; c.left.Add(-1) }()
	if c.left.Add(-1) > 0 {
		c.x = 2 // want "`c.x` is written here"
	}
}

// Right: it is the last one.
func (c *conn) lastLeft() {
	c.left.Store(2)
	go func() { c.x = 1; c.left.Add(-1) }()
	if c.left.Add(-1) == 0 {
		c.x = 2
	}
}

// The count is zero in a new one.
func (c *conn) notCounted() {
	go func() {
		c.x = 1
		c.mu.Lock()
		c.n++
		c.mu.Unlock()
	}()
	c.mu.Lock()
	n := c.n
	c.mu.Unlock()
	if n == 0 {
		c.x = 2 // want "`c.x` is written here"
	}
}

// Any of two raises the flag.
func (c *conn) oneOfTwoRaises() {
	for range 2 {
		go func() { c.x++; c.done.Store(true) }()
	}
	if c.done.Load() {
		c.x = 2 // want "`c.x` is written here"
	}
}

// One of two answers.
func (c *conn) oneOfTwoAnswers() {
	var last chan bool
	for i := range 2 {
		done := make(chan bool, 1)
		go func() { println(c.x); done <- i > 0 }()
		last = done
	}
	<-last
	c.x = 2 // want "`c.x` is written here"
}

// Right: both answer.
func (c *conn) bothAnswer() {
	var all []chan bool
	for i := range 2 {
		done := make(chan bool, 1)
		go func() { println(c.x); done <- i > 0 }()
		all = append(all, done)
	}
	for _, done := range all {
		<-done
	}
	c.x = 2
}

// Right: each waits for the one before.
func (c *conn) oneByOne() {
	last := make(chan bool, 1)
	last <- true
	for range 2 {
		before, done := last, make(chan bool, 1)
		go func() { <-before; c.x++; done <- true }()
		last = done
	}
	<-last
	c.x = 2
}

// One of two that are kept answers.
func (c *conn) firstAnswers() {
	all := make([]chan bool, 2)
	for i := range all {
		done := make(chan bool, 1)
		all[i] = done
		go func() { println(c.x); done <- i > 0 }()
	}
	<-all[0]
	c.x = 2 // want "`c.x` is written here"
}

// Right: all that are kept answer.
func (c *conn) keptAnswer() {
	all := map[string]chan bool{}
	for _, s := range []string{"a", "b"} {
		done := make(chan bool, 1)
		all[s] = done
		go func() { println(c.x); done <- true }()
	}
	for s := range all {
		<-all[s]
	}
	c.x = 2
}

// Of two groups one is waited for.
func (c *conn) lastGroup() {
	var last *sync.WaitGroup
	for range 2 {
		var wg sync.WaitGroup
		wg.Add(1)
		go func() { println(c.x); wg.Done() }()
		last = &wg
	}
	last.Wait()
	c.x = 2 // want "`c.x` is written here"
}

// Right: each group is.
func (c *conn) eachGroup() {
	for range 2 {
		var wg sync.WaitGroup
		wg.Add(1)
		go func() { println(c.x); wg.Done() }()
		wg.Wait()
	}
	c.x = 2
}

// A variable that is changed between two looks is no option, though nobody else knows of it.
func changedOption(on bool, p *int) {
	flip := func() { on = !on }
	if on {
		go func() { *p = 1 }()
	}
	flip()
	if !on {
		*p = 2 // want "`p` is written here"
	}
}

// Right: it is changed before the first look.
func settledOption(on bool, p *int) {
	flip := func() { on = !on }
	flip()
	if on {
		go func() { *p = 1 }()
	}
	if !on {
		*p = 2
	}
}

// What was copied is changed before it is looked at itself.
func copiedOption(c *conn, on bool) {
	change := func() { on = !on }
	d := &conn{quit: on}
	change()
	if d.quit {
		go func() { c.x = 1 }()
	}
	if !on {
		c.x = 2 // want "`c.x` is written here"
	}
}
