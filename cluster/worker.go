package cluster

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// Tries is how many workers may try a piece before it is given up.
const Tries = 3

// A Worker does pieces, one at a time.
type Worker struct {
	Conn   *Conn
	System string // what it can run, see [System]
	Name   string // for people; "" is the machine's name and the process
	Dir    string // where it keeps files; "" is in the user's cache
	// Do does a piece. binary is the path of the piece's file, or "". Its outcome and what is left
	// of the piece become the [Result]. hungry returns for how many workers that
	// wait this one is to find something to do: if it is more than 0, and Do has been at it for a while, it
	// gives back what is left, in that many parts or more. An error makes another
	// worker try.
	Do func(ctx context.Context, p Piece, binary string, hungry func() int) (outcome []byte, left [][]byte, err error)
	// Log says what a person should know; nil is nothing.
	Log func(format string, args ...any)
	// Deadline is how long the worker may not be heard of before another one gets
	// its piece; 0 is 30 s. A living worker is heard of. The first worker decides for all.
	Deadline time.Duration

	ear  *ear
	done int
	told map[string]bool // runs that were refused
}

// Run works until ctx ends. The piece that it is at is then given back to others.
// Its error is an [*Error], unless ctx has ended: then it is nil.
func (w *Worker) Run(ctx context.Context) error {
	w.defaults()
	cons, err := w.begin(ctx)
	if err != nil && ctx.Err() != nil {
		return nil
	}
	if err != nil {
		return err
	}
	if w.ear, err = w.Conn.listen(w.System); err != nil {
		return w.Conn.storeError("the queue at "+w.Conn.at.Place(), err)
	}
	defer w.ear.sub.Unsubscribe() //nolint:errcheck // the connection may be closed
	alive, stop := context.WithCancel(ctx)
	defer stop()
	present := w.present(alive)
	for ctx.Err() == nil {
		// While it waits, a request of its own says so: that is how others know of it.
		fetch, cancel := context.WithTimeout(ctx, fetchWait)
		batch, err := cons.Fetch(1, jetstream.FetchContext(fetch))
		if err != nil {
			cancel()
			pause(ctx, reconnectWait)
			continue
		}
		for m := range batch.Messages() {
			if ctx.Err() != nil {
				m.Nak() //nolint:errcheck // it comes again in any case, only later
				continue
			}
			present(w.piece(ctx, m, present))
		}
		cancel()
		if err := batch.Error(); err != nil && !errors.Is(err, context.DeadlineExceeded) {
			pause(ctx, reconnectWait)
			// The queue may have been made anew.
			if errors.Is(err, jetstream.ErrConsumerDeleted) || errors.Is(err, jetstream.ErrConsumerNotFound) {
				return w.Conn.storeError("the queue at "+w.Conn.at.Place(), err)
			}
		}
	}
	return nil
}

const fetchWait = 5 * time.Second

// begin is consumer, however long the server is away that was there a moment ago.
func (w *Worker) begin(ctx context.Context) (jetstream.Consumer, error) {
	for start := time.Now(); ; pause(ctx, reconnectWait) {
		cons, err := w.consumer(ctx)
		if err == nil {
			return cons, nil
		}
		err = w.Conn.storeError("the queue at "+w.Conn.at.Place(), err)
		var e *Error
		if ctx.Err() != nil || errors.As(err, &e) && (e.Kind == Refused || e.Kind == TooLarge) || time.Since(start) > lostAfter && w.Conn.nc.IsConnected() {
			return nil, err
		}
	}
}

// consumer is how the workers of a system share the queue. The first one makes it,
// and its deadline is that of all: who reckons with a longer one would lose
// its pieces to others while it is at them.
func (w *Worker) consumer(ctx context.Context) (jetstream.Consumer, error) {
	name := w.Conn.consumer(w.System)
	cons, err := w.Conn.work.Consumer(ctx, name)
	if errors.Is(err, jetstream.ErrConsumerNotFound) {
		cons, err = w.Conn.work.CreateConsumer(ctx, jetstream.ConsumerConfig{
			Durable: name, FilterSubject: w.Conn.names.work(w.System, "*", "*"),
			AckPolicy: jetstream.AckExplicitPolicy, AckWait: w.Deadline, MaxDeliver: -1, MaxAckPending: -1, MaxWaiting: 1 << 14,
		})
		if errors.Is(err, jetstream.ErrConsumerExists) {
			cons, err = w.Conn.work.Consumer(ctx, name) // another worker was first
		}
	}
	if err != nil {
		return nil, err
	}
	w.Deadline = cons.CachedInfo().Config.AckWait
	return cons, nil
}

func (w *Worker) defaults() {
	if w.Name == "" {
		host, _ := os.Hostname()
		w.Name = fmt.Sprintf("%s/%d", host, os.Getpid())
	}
	if w.Dir == "" {
		cache, err := os.UserCacheDir()
		if err != nil {
			cache = os.TempDir()
		}
		w.Dir = filepath.Join(cache, "fearless", "cluster")
	}
	if w.Log == nil {
		w.Log = func(string, ...any) {}
	}
	if w.Deadline == 0 {
		w.Deadline = 30 * time.Second
	}
	w.told = map[string]bool{}
}

func pause(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

// piece does the piece of a message. It returns what the worker then is: idle.
func (w *Worker) piece(ctx context.Context, m jetstream.Msg, tell func(presence)) presence {
	idle := presence{Done: w.done}
	meta, err := m.Metadata()
	if err != nil {
		return idle
	}
	p, err := w.Conn.readPiece(ctx, m.Data())
	if err != nil {
		w.Log("a piece cannot be read, so another worker gets it: %v", err)
		m.NakWithDelay(time.Second) //nolint:errcheck // it comes again in any case
		return idle
	}
	if has, err := w.Conn.hasResult(ctx, p.Run, p.Name); has && err == nil {
		w.ack(ctx, m)
		return idle
	}
	if w.over(ctx, p.Run) {
		w.ack(ctx, m)
		return idle
	}
	w.done++
	tell(presence{Run: p.Run, Piece: p.Name, Title: p.Title, Since: time.Now(), Done: w.done})
	r := &Result{Run: p.Run, Piece: p.Name, Title: p.Title, Binary: p.Binary, Worker: w.Name}
	if tries := int(meta.NumDelivered); tries > Tries {
		r.GaveUp = fmt.Sprintf("the workers that had it have died, or did not answer, %d times", tries-1)
	} else if err := w.try(ctx, m, p, r); err != nil {
		if ctx.Err() != nil {
			w.giveBack(m, p, r)
			return idle
		}
		w.Log("%s, piece %s: attempt %d of %d failed: %v", p.Title, p.Name, tries, Tries, err)
		if tries < Tries {
			m.NakWithDelay(again) //nolint:errcheck // it comes again in any case
			return idle
		}
		r.Left, r.Outcome, r.GaveUp = nil, nil, fmt.Sprintf("it failed %d times: %v", tries, err)
	}
	if w.store(ctx, m, r) {
		w.ack(ctx, m)
	}
	return presence{Done: w.done}
}

const again = 300 * time.Millisecond

// over reports whether the run is over, or forgotten. If nobody answers it is not.
func (w *Worker) over(ctx context.Context, run string) bool {
	e, err := w.Conn.runs.Get(ctx, run)
	if err != nil {
		return errors.Is(err, jetstream.ErrKeyNotFound)
	}
	var r Run
	return json.Unmarshal(e.Value(), &r) == nil && r.State == Over
}

// giveBack gives the piece to others because this worker is stopped. Delivered again
// it would count as tried: with three workers that are stopped, as when there are to be
// fewer of them, it would be given up. So it comes back as another piece.
func (w *Worker) giveBack(m jetstream.Msg, p Piece, r *Result) {
	ctx, cancel := context.WithTimeout(context.Background(), connectTimeout)
	defer cancel()
	r.Outcome, r.Left, r.Returned = nil, [][]byte{p.Work}, true
	if _, err := w.Conn.storeResult(ctx, r); err != nil {
		m.Nak() //nolint:errcheck // it comes again in any case, only later
		return
	}
	w.ack(ctx, m)
}

// try does the piece once.
func (w *Worker) try(ctx context.Context, m jetstream.Msg, p Piece, r *Result) (err error) {
	defer w.beat(m)()
	binary := ""
	if p.Binary != "" {
		if binary, err = w.Conn.GetFile(ctx, p.Binary, w.Dir); err != nil {
			return err
		}
	}
	start := time.Now()
	r.Outcome, r.Left, err = w.Do(ctx, p, binary, w.ear.hungry)
	r.Elapsed = time.Since(start)
	return err
}

// beat extends the piece's deadline until the function that it returns is called.
func (w *Worker) beat(m jetstream.Msg) func() {
	quit, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		for {
			select {
			case <-quit:
				return
			case <-time.After(w.Deadline / 3):
				m.InProgress() //nolint:errcheck // the next one may arrive
			}
		}
	}()
	return func() { close(quit); <-done }
}

// store keeps the result, however long the server is away. It reports false if it
// could not, because ctx ended or the server refuses it.
func (w *Worker) store(ctx context.Context, m jetstream.Msg, r *Result) bool {
	defer w.beat(m)()
	for attempt := 0; ; attempt++ {
		_, err := w.Conn.storeResult(ctx, r)
		if err == nil {
			return true
		}
		if ctx.Err() != nil {
			return false
		}
		if attempt == 0 {
			w.Log("%v", err)
		}
		var e *Error
		if errors.As(err, &e) && e.Kind == TooLarge && attempt > 0 {
			// This will not get better. That nothing is known fits into a small message.
			r.Outcome, r.Left, r.GaveUp = nil, nil, err.Error()
		}
		pause(ctx, time.Second)
	}
}

// ack takes the piece off the queue. If that fails it comes again, and its result is found.
func (w *Worker) ack(ctx context.Context, m jetstream.Msg) {
	ctx, cancel := context.WithTimeout(ctx, connectTimeout)
	defer cancel()
	if err := m.DoubleAck(ctx); err != nil && ctx.Err() == nil {
		w.Log("a piece stays in the queue for now: %v", err)
	}
}
