package cluster

import (
	"context"
	"errors"
	"fmt"
	"sync"
)

// A Caller has pieces done as they come up, for work of which the coordinator alone
// knows what comes next. Each is known before it is handed out, by its name: a caller
// that is started again and asks for a piece of the same name gets the result that
// there is. So the name has to be a hash of what is to be done, or as good as
// one. Its methods may be called concurrently.
type Caller struct {
	c    *Coordinator
	feed chan Piece
	fed  chan struct{}
	over chan struct{} // is closed when the run has come to its end
	err  error         // why; set before over is closed

	mu      sync.Mutex
	waiting map[string][]chan *Result
	closed  bool // so is fed
}

// Call begins a run whose pieces come up as it goes on. The lease of the run is this
// caller's until [Caller.Finish] or the end of ctx. log and progress are as those of
// [Coordinator].
func (c *Conn) Call(ctx context.Context, run Run, log func(string, ...any), progress func(Run)) *Caller {
	d := &Caller{feed: make(chan Piece), fed: make(chan struct{}), over: make(chan struct{}), waiting: map[string][]chan *Result{}}
	d.c = &Coordinator{Conn: c, Run: run, Log: log, Progress: progress, Take: d.take, feed: d.feed, fed: d.fed, moved: d.moved}
	go func() {
		d.err = d.c.Explore(ctx, nil)
		close(d.over)
	}()
	return d
}

var errCallerClosed = errors.New("the run has come to its end")

// Do has the piece done, and returns its result. Its error is the run's, or ctx's.
func (d *Caller) Do(ctx context.Context, p Piece) (*Result, error) {
	answer := make(chan *Result, 1)
	d.mu.Lock()
	d.waiting[p.Name] = append(d.waiting[p.Name], answer)
	d.mu.Unlock()
	select {
	case d.feed <- p:
	case <-d.over:
		return nil, d.end()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	select {
	case r := <-answer:
		return r, nil
	case <-d.over:
		return nil, d.end()
	case <-ctx.Done():
		return nil, ctx.Err() // if the piece is done, its result stays on the server
	}
}

func (d *Caller) end() error {
	if d.err != nil {
		return d.err
	}
	return errCallerClosed
}

func (d *Caller) take(p Piece, r *Result) (func(Piece) bool, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(r.Left) > 0 {
		return nil, fmt.Errorf("piece %s has left something, and nobody knows what of it is to be done", p.Name)
	}
	for _, answer := range d.waiting[p.Name] {
		answer <- r
	}
	delete(d.waiting, p.Name)
	return nil, nil
}

func (d *Caller) moved(from, to string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.waiting[to] = append(d.waiting[to], d.waiting[from]...)
	delete(d.waiting, from)
}

// Finish ends the run, and takes its results off the server: see [Coordinator.Finish].
// No call may go on.
func (d *Caller) Finish(ctx context.Context, failed int) error {
	d.mu.Lock()
	if !d.closed {
		d.closed = true
		close(d.fed)
	}
	d.mu.Unlock()
	<-d.over
	if d.err != nil {
		return d.err
	}
	return d.c.Finish(ctx, failed)
}

// Run is how the run stands. It may be called when that is over.
func (d *Caller) Run() Run {
	<-d.over
	return d.c.Run
}
