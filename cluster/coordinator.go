package cluster

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/nats-io/nats.go"
)

// A Coordinator hands out the pieces of a run and collects the results.
type Coordinator struct {
	Conn *Conn
	Run  Run // Name, Title and System are needed
	// Take is called with the result of each piece, once, one after the other. It
	// returns which of the pieces that are left need not be done; nil is none.
	Take func(p Piece, r *Result) (pointless func(p Piece) bool, err error)
	// Log says what a person should know; nil is nothing.
	Log func(format string, args ...any)
	// Progress, if not nil, is called from time to time.
	Progress func(Run)

	lease *lease
	open  map[string]Piece
	after uint64                // the results up to that message have been taken
	feed  <-chan Piece          // more pieces; nil for none, see Caller
	fed   <-chan struct{}       // is closed when there are no more
	moved func(from, to string) // a piece was returned, and has another name now; may be nil
	wrong failing
}

const (
	hungerEvery = 200 * time.Millisecond
	renewEvery  = leaseTTL / 4
	checkEvery  = 5 * time.Second
	aloneAfter  = 20 * time.Second // without a worker
	awayAfter   = 3 * time.Second  // the server has not answered
	finishTries = 5
	lostAfter   = 30 * time.Second // the server says that it has not what it had
)

// Explore does the run: first the roots, then what they leave, until nothing is
// left. Roots have to be the same, of the same names, for each coordinator of a
// run. One that is started after another ended goes on where that was. When ctx
// ends it returns, and the run stays as it is.
//
// The results stay on the server until [Coordinator.Finish].
func (c *Coordinator) Explore(ctx context.Context, roots []Piece) (err error) {
	if c.Log == nil {
		c.Log = func(string, ...any) {}
	}
	said := false
	c.lease, err = c.Conn.take(ctx, c.Run.Name, func(owner string) {
		if !said {
			c.Log("the run %s is coordinated by %s: waiting for its end", c.Run.Name, owner)
			said = true
		}
	})
	if err != nil {
		return err
	}
	// Who is stopped from outside lets the next one begin at once.
	defer func() {
		if err != nil {
			c.lease.drop()
		}
	}()
	c.Run.Owner, c.Run.State = c.lease.owner, Open
	if c.Run.Created.IsZero() {
		c.Run.Created = time.Now()
	}
	if err := c.save(ctx); err != nil {
		return err
	}
	// A result that is stored is also sent to who listens.
	wake := make(chan *nats.Msg, 1<<12)
	sub, err := c.Conn.nc.ChanSubscribe(c.Conn.result(c.Run.Name, "*"), wake)
	if err != nil {
		return c.Conn.storeError("the results of "+c.Run.Name, err)
	}
	defer sub.Unsubscribe() //nolint:errcheck // the connection may be closed
	c.open, c.after = map[string]Piece{}, 0
	for i := range roots {
		roots[i].Run = c.Run.Name
		c.open[roots[i].Name] = roots[i]
	}
	// What was stored before is not handed out again.
	_, err = c.collect(ctx, false)
	if err = c.later(ctx, err); err != nil {
		return err
	}
	// What could not be handed out, repair finds.
	if err := c.later(ctx, c.handOut(ctx, roots)); err != nil {
		return err
	}
	return c.loop(ctx, wake)
}

func (c *Coordinator) loop(ctx context.Context, wake <-chan *nats.Msg) error {
	told := time.NewTicker(hungerEvery)
	defer told.Stop()
	renewed, checked, alone := time.Now(), time.Now(), time.Now()
	saidAlone := false
	for len(c.open) > 0 || c.feed != nil {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case p := <-c.feed:
			if err := c.later(ctx, c.add(ctx, p)); err != nil {
				return err
			}
		case <-c.fed:
			c.feed, c.fed = nil, nil
			clear(c.open) // nobody waits for them
		case <-wake:
			for n := len(wake); n > 0; n-- {
				<-wake
			}
		case <-told.C:
			if h, err := c.Conn.tellHunger(ctx, c.Run.System); err == nil && h.Waiting > 0 {
				alone = time.Now()
			}
		}
		took, err := c.collect(ctx, true)
		if err = c.later(ctx, err); err != nil {
			return err
		}
		if took {
			alone = time.Now()
		}
		if time.Since(renewed) > renewEvery {
			renewed = time.Now()
			if err := c.later(ctx, c.lease.renew(ctx)); err != nil {
				return err
			}
			if err := c.later(ctx, c.save(ctx)); err != nil {
				return err
			}
		}
		if time.Since(checked) > checkEvery {
			checked = time.Now()
			if err := c.later(ctx, c.repair(ctx)); err != nil {
				return err
			}
			if time.Since(alone) > aloneAfter && !saidAlone {
				saidAlone = c.noWorker(ctx)
			}
		}
	}
	return nil
}

// handOut publishes what is open, the roots first, in their order.
func (c *Coordinator) handOut(ctx context.Context, roots []Piece) error {
	list := roots
	for _, name := range slices.Sorted(maps.Keys(c.open)) {
		list = append(list, c.open[name])
	}
	done := map[string]bool{}
	for _, p := range list {
		if _, open := c.open[p.Name]; !open || done[p.Name] {
			continue
		}
		done[p.Name] = true
		if err := c.Conn.publish(ctx, c.Run.System, p); err != nil {
			return err
		}
	}
	return nil
}

// repair hands out again what is neither in the queue nor done: the queue may
// have lost it, or a message to it was lost.
func (c *Coordinator) repair(ctx context.Context) error {
	queued, err := c.Conn.queued(ctx, c.Run.System, c.Run.Name)
	if err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(c.open)) {
		p, open := c.open[name]
		if !open || queued[c.Conn.names.work(c.Run.System, c.Run.Name, name)] > 0 {
			continue
		}
		found, err := c.find(ctx, p)
		if err == nil && !found {
			err = c.Conn.publish(ctx, c.Run.System, p)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// noWorker says that nobody works. It reports whether it had to.
func (c *Coordinator) noWorker(ctx context.Context) bool {
	s, err := c.Conn.Status(ctx)
	if err != nil {
		return false
	}
	for _, w := range s.Workers {
		if w.System == c.Run.System {
			return false
		}
	}
	others := ""
	if n := len(s.Workers); n > 0 {
		others = fmt.Sprintf(" (the %d workers that are there are others)", n)
	}
	c.Log("%v", &Error{Kind: NoWorker, What: "the run " + c.Run.Name,
		Next: fmt.Sprintf("no worker of %s is there%s: start one with \"fearless cluster work -server %s\"; the run waits for it", c.Run.System, others, c.Conn.at.Place())})
	return true
}

// Finish takes the run's results off the server. What is known of it stays for a
// while, for [Conn.Status]. When another coordinator has taken the run over while
// this one was not heard of, its results are left to that one.
func (c *Coordinator) Finish(ctx context.Context, failed int) error {
	if err := c.lease.renew(ctx); err != nil {
		return err
	}
	c.Run.State, c.Run.Left, c.Run.Failed = Over, len(c.open), failed
	var err error
	for range finishTries {
		// A server that is killed at this moment may be back in the next.
		if err = errors.Join(c.Conn.purge(ctx, c.Run), c.save(ctx)); err == nil || ctx.Err() != nil {
			break
		}
		pause(ctx, time.Second)
	}
	c.lease.drop()
	return err
}

func (c *Coordinator) save(ctx context.Context) error {
	c.Run.Updated = time.Now()
	data, err := json.Marshal(c.Run)
	if err == nil {
		_, err = c.Conn.runs.Put(ctx, c.Run.Name, data)
	}
	if err != nil {
		return c.Conn.storeError("the run "+c.Run.Name, err)
	}
	return nil
}
