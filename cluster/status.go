package cluster

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// A WorkerStatus is what a worker was at when it was last heard of.
type WorkerStatus struct {
	Name   string    `json:"name"`
	System string    `json:"system"`
	Run    string    `json:"run,omitempty"`
	Piece  string    `json:"piece,omitempty"`
	Title  string    `json:"title,omitempty"`
	Since  time.Time `json:"since,omitzero"` // when it began with the piece
	Done   int       `json:"done"`           // pieces begun
}

// A Status is a moment of a cluster.
type Status struct {
	Place   string         `json:"place"`
	Team    string         `json:"team"`
	Queue   uint64         `json:"queue"` // pieces that wait or that a worker has
	Runs    []Run          `json:"runs"`  // the latest first
	Workers []WorkerStatus `json:"workers"`
}

// Status asks the server how things stand.
func (c *Conn) Status(ctx context.Context) (*Status, error) {
	s := &Status{Place: c.at.Place(), Team: c.team, Runs: []Run{}, Workers: []WorkerStatus{}}
	info, err := c.work.Info(ctx)
	if err != nil {
		return nil, c.storeError("the queue at "+c.at.Place(), err)
	}
	s.Queue = info.State.Msgs
	if s.Runs, err = c.Runs(ctx); err != nil {
		return nil, err
	}
	err = c.each(ctx, c.workers, func(data []byte) error {
		var w WorkerStatus
		err := json.Unmarshal(data, &w)
		s.Workers = append(s.Workers, w)
		return err
	})
	slices.SortFunc(s.Workers, func(a, b WorkerStatus) int { return strings.Compare(a.Name, b.Name) })
	if err != nil {
		return nil, c.storeError("the workers at "+c.at.Place(), err)
	}
	return s, nil
}

// Runs returns the runs that the cluster knows, the latest first.
func (c *Conn) Runs(ctx context.Context) ([]Run, error) {
	runs := []Run{}
	err := c.each(ctx, c.runs, func(data []byte) error {
		var r Run
		err := json.Unmarshal(data, &r)
		runs = append(runs, r)
		return err
	})
	if err != nil {
		return nil, c.storeError("the runs at "+c.at.Place(), err)
	}
	slices.SortFunc(runs, func(a, b Run) int { return b.Created.Compare(a.Created) })
	return runs, nil
}

// each calls f with each value of the bucket. It asks for the keys with one request,
// and does not watch the bucket as KeyValue.ListKeys does: a watch of a server that is
// killed may never end.
func (c *Conn) each(ctx context.Context, kv jetstream.KeyValue, f func([]byte) error) error {
	ctx, cancel := context.WithTimeout(ctx, 2*connectTimeout)
	defer cancel()
	prefix := "$KV." + kv.Bucket() + "."
	stream, err := c.js.Stream(ctx, "KV_"+kv.Bucket())
	if err != nil {
		return err
	}
	info, err := stream.Info(ctx, jetstream.WithSubjectFilter(prefix+">"))
	if err != nil {
		return err
	}
	for subject := range info.State.Subjects {
		e, err := kv.Get(ctx, strings.TrimPrefix(subject, prefix))
		if errors.Is(err, jetstream.ErrKeyNotFound) {
			continue // it went meanwhile
		}
		if err != nil {
			return err
		}
		if err := f(e.Value()); err != nil {
			return err
		}
	}
	return nil
}

// keyOf makes any text the key of a bucket.
func keyOf(text string) string { return hex.EncodeToString([]byte(text)) }
