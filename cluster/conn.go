package cluster

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

const (
	connectTimeout = 5 * time.Second
	reconnectWait  = 250 * time.Millisecond
	keep           = 7 * 24 * time.Hour // results, runs and files that nobody has taken away
	maxWork        = 256 << 20          // bytes in the queue
	maxResults     = 1 << 30
	maxFiles       = 2 << 30
	leaseTTL       = 10 * time.Second
	workerTTL      = 15 * time.Second
)

// A Conn is a connection to a team's cluster. Its methods may be called
// concurrently.
type Conn struct {
	names
	at      Address
	nc      *nats.Conn
	js      jetstream.JetStream
	work    jetstream.Stream
	results jetstream.Stream
	runs    jetstream.KeyValue
	leases  jetstream.KeyValue
	workers jetstream.KeyValue
	files   jetstream.ObjectStore
}

// Connect connects to the cluster at a, and makes the streams that are not there
// yet. Its error is an [*Error]. A connection that is lost later comes back by
// itself.
func Connect(ctx context.Context, a Address) (*Conn, error) {
	opts, err := a.options()
	if err != nil {
		return nil, err
	}
	nc, err := nats.Connect(a.URL, append(opts, nats.Timeout(connectTimeout), nats.Name("fearless"))...)
	if err != nil {
		return nil, a.connectError(err)
	}
	c := &Conn{names: names{a.TeamName()}, at: a, nc: nc}
	if c.js, err = jetstream.New(nc, jetstream.WithDefaultTimeout(connectTimeout)); err == nil {
		err = c.open(ctx)
	}
	if err != nil {
		nc.Close()
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, c.storeError("the streams at "+a.Place(), err)
	}
	return c, nil
}

// Close ends the connection.
func (c *Conn) Close() { c.nc.Close() }

func (a Address) connectError(err error) error {
	e := &Error{Kind: NoServer, What: a.Place(), Next: "start one with \"fearless cluster serve\", or mend the address", Err: err}
	text := err.Error()
	switch {
	case errors.Is(err, nats.ErrAuthorization) || strings.Contains(strings.ToLower(text), "authorization"):
		e.Kind, e.Next = Refused, "give the token that \"fearless cluster serve\" printed, or the key that the server knows"
	case strings.Contains(text, "x509") || strings.Contains(text, "tls") || errors.Is(err, nats.ErrSecureConnRequired) || errors.Is(err, nats.ErrSecureConnWanted):
		e.Kind, e.Next = Refused, "use a tls:// address, and name the certificate that signed the server's with -ca"
	case strings.Contains(text, "parse") || strings.Contains(text, "unknown port") || strings.Contains(text, "too many colons"):
		e.Kind, e.Next = BadAddress, "write it as nats://host:4222"
	}
	return e
}

// storeError is an error of what the server stores.
func (c *Conn) storeError(what string, err error) error {
	var known *Error
	if errors.As(err, &known) {
		return err
	}
	e := &Error{Kind: StoreFailed, What: what, Next: "see the server's log: its store may be full or not writable", Err: err}
	text := err.Error()
	var api *jetstream.APIError
	switch {
	case errors.Is(err, jetstream.ErrJetStreamNotEnabled), errors.Is(err, jetstream.ErrJetStreamNotEnabledForAccount), errors.Is(err, nats.ErrNoResponders):
		e.Kind, e.Next = NoJetStream, "start the NATS server with -js, enable JetStream for the account, or use \"fearless cluster serve\""
	case errors.Is(err, nats.ErrMaxPayload), errors.Is(err, jetstream.ErrStreamMessageExceedsMaximum), strings.Contains(text, "maximum bytes exceeded"),
		strings.Contains(text, "exceeds max"), strings.Contains(text, "resource limits exceeded"), strings.Contains(text, "insufficient storage"):
		e.Kind, e.Next = TooLarge, "raise the limits of the server: max_payload, max_file_store, or the account's"
	case strings.Contains(strings.ToLower(text), "permissions violation"):
		e.Kind, e.Next = Refused, "let the user publish and subscribe to fearless.> and $JS.API.>, or use another one"
	case errors.Is(err, jetstream.ErrStreamNotFound), errors.Is(err, jetstream.ErrObjectNotFound), errors.Is(err, jetstream.ErrBucketNotFound),
		errors.As(err, &api) && api.ErrorCode == jetstream.JSErrCodeStreamNotFound:
		e.Kind, e.Next = Lost, "the server has lost or dropped what it had stored: start the run again"
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, nats.ErrTimeout), errors.Is(err, nats.ErrConnectionClosed):
		e.Kind, e.Next = NoServer, "the server stopped answering: look whether it runs, and start again; the run goes on"
	case errors.As(err, &api) && api.ErrorCode == jetstream.JSErrCodeStreamNameInUse:
		e.Next = "the streams were made with other settings: delete them, or use another -team"
	}
	return e
}

// open finds the streams, or makes them. Where others have made them with limits
// of their own, those stay.
func (c *Conn) open(ctx context.Context) (err error) {
	ctx, cancel := context.WithTimeout(ctx, 4*connectTimeout)
	defer cancel()
	n := max(c.at.Replicas, 1)
	c.work, err = c.stream(ctx, jetstream.StreamConfig{
		Name: c.workStream(), Description: "pieces of fearless's explorations", Subjects: []string{c.names.work("*", "*", "*")},
		Retention: jetstream.WorkQueuePolicy, Discard: jetstream.DiscardNew, MaxBytes: maxWork, Replicas: n,
	})
	if err != nil {
		return err
	}
	c.results, err = c.stream(ctx, jetstream.StreamConfig{
		Name: c.resultStream(), Description: "results of fearless's explorations", Subjects: []string{c.result("*", "*")},
		Discard: jetstream.DiscardNew, MaxBytes: maxResults, MaxAge: keep, Replicas: n, AllowDirect: true,
	})
	if err != nil {
		return err
	}
	for _, b := range []struct {
		to  *jetstream.KeyValue
		cfg jetstream.KeyValueConfig
	}{
		{&c.runs, jetstream.KeyValueConfig{Bucket: c.runBucket(), TTL: keep}},
		{&c.leases, jetstream.KeyValueConfig{Bucket: c.leaseBucket(), TTL: leaseTTL}},
		{&c.workers, jetstream.KeyValueConfig{Bucket: c.workerBucket(), TTL: workerTTL}},
	} {
		b.cfg.Replicas = n
		if *b.to, err = c.js.KeyValue(ctx, b.cfg.Bucket); errors.Is(err, jetstream.ErrBucketNotFound) {
			*b.to, err = c.js.CreateOrUpdateKeyValue(ctx, b.cfg)
		}
		if err != nil {
			return err
		}
	}
	if c.files, err = c.js.ObjectStore(ctx, c.fileStore()); errors.Is(err, jetstream.ErrBucketNotFound) {
		c.files, err = c.js.CreateOrUpdateObjectStore(ctx, jetstream.ObjectStoreConfig{Bucket: c.fileStore(), TTL: keep, MaxBytes: maxFiles, Replicas: n})
	}
	return err
}

func (c *Conn) stream(ctx context.Context, cfg jetstream.StreamConfig) (jetstream.Stream, error) {
	s, err := c.js.Stream(ctx, cfg.Name)
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		s, err = c.js.CreateOrUpdateStream(ctx, cfg)
	}
	return s, err
}

// exists reports whether err says that there is a message of that subject already.
func exists(err error) bool {
	var api *jetstream.APIError
	return errors.As(err, &api) && (api.ErrorCode == jetstream.JSErrCodeStreamWrongLastSequence || api.ErrorCode == jetstream.JSErrCodeStreamWrongLastSequenceConstant)
}
