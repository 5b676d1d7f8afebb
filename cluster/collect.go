package cluster

import (
	"context"
	"errors"
	"sync"
	"time"
)

// failing is since when a server does not do what it is asked to.
type failing struct {
	since time.Time // zero: it does
	told  bool
}

// later is nil for an error that time may mend: the server is away, or its store full.
func (c *Coordinator) later(ctx context.Context, err error) error {
	var e *Error
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case err == nil:
		if c.wrong.told {
			c.Log("the server is back: the run %s goes on", c.Run.Name)
		}
		c.wrong = failing{}
		return nil
	case errors.As(err, &e) && (e.Kind == Taken || e.Kind == OldResults || e.Kind == TooLarge || e.Kind == Refused || e.Kind == BadAddress):
		return err
	case errors.As(err, new(takeError)):
		return err
	case c.wrong.since.IsZero():
		c.wrong.since = time.Now()
	case e != nil && e.Kind == Lost && time.Since(c.wrong.since) > lostAfter:
		return err // one of several servers may say so while they find each other
	case !c.wrong.told && time.Since(c.wrong.since) > awayAfter:
		c.wrong.told = true
		c.Log("the run %s waits: %v", c.Run.Name, err)
	}
	pause(ctx, reconnectWait)
	return ctx.Err()
}

// takeError is an error of Take: nothing of the cluster's.
type takeError struct{ error }

func (e takeError) Unwrap() error { return e.error }

// add takes in a piece that comes up while the run goes on. It may have been done
// already, for a coordinator before this one.
func (c *Coordinator) add(ctx context.Context, p Piece) error {
	p.Run = c.Run.Name
	c.open[p.Name] = p
	c.Run.Left = len(c.open)
	if found, err := c.find(ctx, p); err != nil || found {
		return err
	}
	return c.Conn.publish(ctx, c.Run.System, p)
}

// find takes the result of an open piece, if there is one.
func (c *Coordinator) find(ctx context.Context, p Piece) (found bool, err error) {
	s, err := c.Conn.resultOf(ctx, c.Run.Name, p.Name)
	if err != nil || s == nil {
		return false, err
	}
	return true, c.take(ctx, p, s, true)
}

// collect takes the results that are new. It hands out what they leave, if out is true.
func (c *Coordinator) collect(ctx context.Context, out bool) (took bool, err error) {
	for {
		s, at, err := c.Conn.nextResult(ctx, c.Run.Name, c.after)
		if err != nil || s == nil {
			return took, err
		}
		took = true
		// Others are of a run before this one, or of pieces that need not be done.
		if p, ok := c.open[s.Piece]; ok {
			if err := c.take(ctx, p, s, out); err != nil {
				return took, err
			}
		}
		c.after = at
	}
}

func (c *Coordinator) take(ctx context.Context, p Piece, s *storedResult, out bool) error {
	r, err := c.Conn.load(ctx, s)
	if err != nil {
		return err
	}
	var pointless func(Piece) bool
	if !r.Returned {
		if pointless, err = c.Take(p, r); err != nil {
			return takeError{err}
		}
		c.Run.Pieces++
	}
	delete(c.open, r.Piece)
	if r.GaveUp != "" {
		c.Run.GaveUp++
		c.Log("%s: piece %s is given up: %s", r.Title, r.Piece, r.GaveUp)
	}
	if pointless == nil {
		pointless = func(Piece) bool { return false }
	}
	for name, p := range c.open {
		if pointless(p) {
			delete(c.open, name)
		}
	}
	var more []Piece
	for _, child := range r.Children() {
		if pointless(child) {
			continue
		}
		if r.Returned && c.moved != nil {
			c.moved(r.Piece, child.Name)
		}
		c.open[child.Name] = child
		more = append(more, child)
	}
	if out {
		c.publishAll(ctx, more)
	}
	c.Run.Left = len(c.open)
	if c.Progress != nil {
		c.Progress(c.Run)
	}
	return nil
}

// atOnce is how many pieces are handed out beside each other: one at a time, a server far
// away would decide how fast that goes.
const atOnce = 16

// publishAll hands pieces out. What cannot be handed out, repair finds.
func (c *Coordinator) publishAll(ctx context.Context, list []Piece) {
	limit := make(chan struct{}, atOnce)
	faults := make([]error, len(list))
	var wg sync.WaitGroup
	for i, p := range list {
		limit <- struct{}{}
		wg.Go(func() {
			defer func() { <-limit }()
			faults[i] = c.Conn.publish(ctx, c.Run.System, p)
		})
	}
	wg.Wait()
	if err := errors.Join(faults...); err != nil && ctx.Err() == nil {
		c.Log("%v", err)
	}
}
