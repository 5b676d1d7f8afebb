package cluster

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// A lease makes one coordinator at a time the owner of a run. The server
// forgets it when it is not renewed, by its own clock.
type lease struct {
	c        *Conn
	run      string
	owner    string // for people; two may have the same
	value    string // no two have the same
	revision uint64
}

func ownName() string {
	host, _ := os.Hostname()
	return fmt.Sprintf("%s/%d", host, os.Getpid())
}

// take takes the lease. One who died may still seem to have it: so it waits for
// as long as that can last.
func (c *Conn) take(ctx context.Context, run string, wait func(owner string)) (*lease, error) {
	l := &lease{c: c, run: run, owner: ownName()}
	l.value = l.owner + " " + rand.Text()
	for end := time.Now().Add(leaseTTL + 2*time.Second); ; {
		revision, err := c.leases.Create(ctx, run, []byte(l.value))
		if err == nil {
			l.revision = revision
			return l, nil
		}
		if !errors.Is(err, jetstream.ErrKeyExists) {
			return nil, c.storeError("the run "+run, err)
		}
		owner := "another process"
		if e, err := c.leases.Get(ctx, run); err == nil {
			owner, _, _ = strings.Cut(string(e.Value()), " ")
		}
		if time.Now().After(end) {
			return nil, &Error{Kind: Taken, What: "the run " + run, Next: "it is coordinated by " + owner + ": wait for that one, or end it"}
		}
		wait(owner)
		if pause(ctx, 500*time.Millisecond); ctx.Err() != nil {
			return nil, ctx.Err()
		}
	}
}

// renew keeps the lease. Its error has the kind Taken if another one has it.
func (l *lease) renew(ctx context.Context) error {
	revision, err := l.c.leases.Update(ctx, l.run, []byte(l.value), l.revision)
	if err == nil {
		l.revision = revision
		return nil
	}
	if !exists(err) && !errors.Is(err, jetstream.ErrKeyExists) && !errors.Is(err, jetstream.ErrKeyRevisionMismatch) {
		return err // the server is away: it may come back
	}
	e, getErr := l.c.leases.Get(ctx, l.run)
	switch {
	case errors.Is(getErr, jetstream.ErrKeyNotFound):
		// It was forgotten while the server or this process stood still.
		if revision, err = l.c.leases.Create(ctx, l.run, []byte(l.value)); err == nil {
			l.revision = revision
			return nil
		}
	case getErr == nil && string(e.Value()) == l.value:
		l.revision = e.Revision() // the answer of the last renewal was lost
		return nil
	}
	return &Error{Kind: Taken, What: "the run " + l.run, Next: "another process has taken it over while this one was not heard of: let that one go on"}
}

// drop lets another coordinator begin at once.
func (l *lease) drop() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	l.c.leases.Delete(ctx, l.run, jetstream.LastRevision(l.revision)) //nolint:errcheck // the server forgets it soon
}
