package cluster

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// publish puts a piece into the queue, unless it is there or a worker has it.
func (c *Conn) publish(ctx context.Context, system string, p Piece) error {
	work, err := c.item(ctx, p.Run, p.Work, c.share(1))
	if err != nil {
		return err
	}
	data, err := json.Marshal(message{p, work})
	if err != nil {
		return err
	}
	subject := c.names.work(system, p.Run, p.Name)
	// A message stays in the stream until a worker acknowledges it.
	_, err = c.js.PublishMsg(ctx, &nats.Msg{Subject: subject, Data: data}, jetstream.WithExpectLastSequencePerSubject(0))
	if err != nil && !exists(err) {
		return c.storeError("piece "+p.Name+" of "+p.Run, err)
	}
	return nil
}

// queued returns how many pieces of the run are in the queue or with a worker,
// for each piece that is.
func (c *Conn) queued(ctx context.Context, system, run string) (map[string]uint64, error) {
	info, err := c.work.Info(ctx, jetstream.WithSubjectFilter(c.names.work(system, run, "*")))
	if err != nil {
		return nil, c.storeError("the queue of "+run, err)
	}
	return info.State.Subjects, nil
}

// readPiece is the piece of a message.
func (c *Conn) readPiece(ctx context.Context, data []byte) (Piece, error) {
	var m message
	if err := json.Unmarshal(data, &m); err != nil {
		return Piece{}, fmt.Errorf("a piece cannot be read: %w", err)
	}
	work, err := c.bytes(ctx, m.Work)
	m.Piece.Work = work
	return m.Piece, err
}

// storeResult keeps r, unless there is a result of its piece. It reports whether
// r is the one that is kept.
func (c *Conn) storeResult(ctx context.Context, r *Result) (first bool, err error) {
	s := storedResult{Protocol: protocol, Run: r.Run, Piece: r.Piece, Title: r.Title, Binary: r.Binary, GaveUp: r.GaveUp, Returned: r.Returned, Worker: r.Worker, Elapsed: r.Elapsed}
	most := c.share(len(r.Left) + 1)
	if s.Outcome, err = c.item(ctx, r.Run, r.Outcome, most); err != nil {
		return false, err
	}
	for _, work := range r.Left {
		it, err := c.item(ctx, r.Run, work, most)
		if err != nil {
			return false, err
		}
		s.Left = append(s.Left, it)
	}
	data, err := json.Marshal(s)
	if err != nil {
		return false, err
	}
	_, err = c.js.PublishMsg(ctx, &nats.Msg{Subject: c.result(r.Run, r.Piece), Data: data}, jetstream.WithExpectLastSequencePerSubject(0))
	if exists(err) {
		return false, nil
	}
	if err != nil {
		return false, c.storeError("the result of piece "+r.Piece+" of "+r.Run, err)
	}
	return true, nil
}

// hasResult reports whether there is a result of the piece.
func (c *Conn) hasResult(ctx context.Context, run, piece string) (bool, error) {
	_, err := c.results.GetLastMsgForSubject(ctx, c.result(run, piece))
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		return false, nil
	}
	return err == nil, err
}

// nextResult returns the first result of the run that was stored after the message
// of that number, and its own number; nil if there is none.
func (c *Conn) nextResult(ctx context.Context, run string, after uint64) (*storedResult, uint64, error) {
	m, err := c.results.GetMsg(ctx, after+1, jetstream.WithGetMsgSubject(c.result(run, "*")))
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		return nil, after, nil
	}
	if err != nil {
		return nil, after, c.storeError("the results of "+run, err)
	}
	s, err := c.readStored(run, m)
	return s, m.Sequence, err
}

// resultOf returns the result of a piece; nil if there is none.
func (c *Conn) resultOf(ctx context.Context, run, piece string) (*storedResult, error) {
	m, err := c.results.GetLastMsgForSubject(ctx, c.result(run, piece))
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, c.storeError("the results of "+run, err)
	}
	return c.readStored(run, m)
}

func (c *Conn) readStored(run string, m *jetstream.RawStreamMsg) (*storedResult, error) {
	var s storedResult
	if err := json.Unmarshal(m.Data, &s); err != nil || s.Protocol != protocol || s.Run != run {
		return nil, &Error{Kind: OldResults, What: m.Subject, Err: err,
			Next: fmt.Sprintf("it is not of version %d of the messages: delete the stream %s, or use another -team", protocol, c.resultStream())}
	}
	return &s, nil
}

// load is the result with what is too large for a message. Results of pieces that
// nobody waits for may lack that: it goes when a run ends.
func (c *Conn) load(ctx context.Context, s *storedResult) (r *Result, err error) {
	r = &Result{Run: s.Run, Piece: s.Piece, Title: s.Title, Binary: s.Binary, GaveUp: s.GaveUp, Returned: s.Returned, Worker: s.Worker, Elapsed: s.Elapsed}
	if r.Outcome, err = c.bytes(ctx, s.Outcome); err != nil {
		return nil, err
	}
	for _, it := range s.Left {
		work, err := c.bytes(ctx, it)
		if err != nil {
			return nil, err
		}
		r.Left = append(r.Left, work)
	}
	return r, nil
}

// purge removes what there is of the run's pieces and results.
func (c *Conn) purge(ctx context.Context, r Run) error {
	err := errors.Join(
		c.work.Purge(ctx, jetstream.WithPurgeSubject(c.names.work("*", r.Name, "*"))),
		c.results.Purge(ctx, jetstream.WithPurgeSubject(c.result(r.Name, "*"))),
	)
	if err != nil {
		return c.storeError("what is left of "+r.Name, err)
	}
	return c.dropFiles(ctx, r.Name)
}
