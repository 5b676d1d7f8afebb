package engine

import (
	"iter"

	"github.com/fearless-go/fearless/internal/goid"
)

// A coroutine is a goroutine that the engine resumes, and that runs threads of
// the modelled program. It outlives an execution and serves in the next one.
//
// A thread that has to wait calls the function of one that has yet to begin,
// on its own stack: a call takes a tenth of the time of a switch. Of the
// threads on one stack only the last can go on. When it is another one's turn,
// the run is taken back and repeated, and the thread that stood in the way has
// a coroutine of its own from then on (Engine.trap). Which thread runs when is
// the same either way.
type coroutine struct {
	e       *Engine
	number  uint64    // of its goroutine
	key     uintptr   // of its goroutine, see goid.Key
	threads []*Thread // that it runs: each was called by the one before it
	running *Thread   // the last of them; nil: none
	active  bool      // resumed, and not yielded since: it stands in the chain of resumes
	goexit  bool      // runtime.Goexit has ended it: it cannot be resumed

	yield  func(struct{}) bool
	resume func() (struct{}, bool)
	stop   func()
}

// launch makes a coroutine.
func (e *Engine) launch() *coroutine {
	c := &coroutine{e: e}
	c.resume, c.stop = iter.Pull(c.loop)
	c.resume() // up to the first yield: it learns which goroutine it is
	register(c, nil)
	e.coroutines = append(e.coroutines, c)
	return c
}

// retire ends a coroutine that runs no thread. Only engines do it.
func (c *coroutine) retire() {
	register(nil, c)
	done := make(chan struct{})
	// A coroutine that was left by runtime.Goexit passes that on to whoever
	// stops it: here to a goroutine that has nothing else to do.
	go func() {
		defer close(done)
		c.stop()
	}()
	<-done
}

func (c *coroutine) loop(yield func(struct{}) bool) {
	c.number, c.key = goid.Get(), goid.Key()
	c.yield = yield
	defer func() {
		if c.goexit {
			c.drop(0)
			c.active = false
			for yield(struct{}{}) {
			}
		}
	}()
	for yield(struct{}{}) {
		c.threads[0].run()
		c.drop(0)
		c.active = false
		c.e.free = append(c.e.free, c)
	}
}

// take puts a thread that has yet to begin on top of the stack.
func (c *coroutine) take(u *Thread) {
	c.e.begins(u)
	c.threads = append(c.threads, u)
	c.running, u.on = u, c
}

// drop takes the threads from number n on from the stack.
func (c *coroutine) drop(n int) {
	for _, t := range c.threads[n:] {
		t.on = nil
	}
	c.threads = c.threads[:n]
	c.running = nil
	if n > 0 {
		c.running = c.threads[n-1]
	}
}

// call runs u, which has yet to begin, on the stack of the caller.
func (c *coroutine) call(u *Thread) {
	t, n := c.running, len(c.threads)
	c.take(u)
	u.run()
	c.threads = c.threads[:n]
	c.running, u.on = t, nil
}

// start puts u, which has yet to begin, on a coroutine of its own.
func (e *Engine) start(u *Thread) *coroutine {
	var c *coroutine
	if n := len(e.free); n > 0 {
		c = e.free[n-1]
		e.free = e.free[:n-1]
	} else {
		c = e.launch()
	}
	c.take(u)
	return c
}

// switchTo runs c until it yields.
func (e *Engine) switchTo(c *coroutine) {
	c.active = true
	c.resume()
}

// leave yields to whoever resumed the coroutine.
func (c *coroutine) leave() {
	c.active = false
	c.yield(struct{}{})
}

// trap takes the run back, because it is u's turn and other threads stand on
// u's coroutine above it.
func (e *Engine) trap(u *Thread) {
	above := e.threads[0]
	for i, t := range u.on.threads {
		if t == u {
			above = u.on.threads[i+1]
		}
	}
	e.separate(above)
}

// separate takes the run back and gives t a coroutine of its own from now on.
func (e *Engine) separate(t *Thread) {
	t.separate = true
	e.trapped, e.x.Dead = true, true
}

// collect makes all coroutines ready for the next run.
func (e *Engine) collect() {
	e.free = e.free[:0]
	kept := e.coroutines[:0]
	for _, c := range e.coroutines {
		if c.goexit {
			c.retire()
			continue
		}
		kept = append(kept, c)
		e.free = append(e.free, c)
	}
	clear(e.coroutines[len(kept):])
	e.coroutines = kept
}
