package ordered

import (
	"errors"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// Fetch of an ordered consumer while another one is under way is refused, with the
// consumer's lock held (ordered.go:403; FetchBytes in 443 likewise): every later call
// waits for good. Mended by 1.55.0.
//
// Mend: unlock before the return.
//
// run: go test -count=1
// shows: the third Fetch does not return
func TestFetchBesideAnother(t *testing.T) {
	s, err := server.NewServer(&server.Options{Host: "127.0.0.1", Port: -1, JetStream: true, StoreDir: t.TempDir(), NoLog: true, NoSigs: true})
	if err != nil {
		t.Fatal(err)
	}
	go s.Start()
	defer s.Shutdown()
	if !s.ReadyForConnections(10 * time.Second) {
		t.Fatal("no server")
	}
	conn, err := nats.Connect(s.ClientURL())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	js, err := jetstream.New(conn)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := js.CreateStream(t.Context(), jetstream.StreamConfig{Name: "S", Subjects: []string{"s"}}); err != nil {
		t.Fatal(err)
	}
	c, err := js.OrderedConsumer(t.Context(), "S", jetstream.OrderedConsumerConfig{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Fetch(1, jetstream.FetchMaxWait(time.Minute)); err != nil { // nobody publishes
		t.Fatal(err)
	}
	if _, err := c.Fetch(1); !errors.Is(err, jetstream.ErrOrderedConsumerConcurrentRequests) {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { _, err := c.Fetch(1); done <- err }()
	select {
	case <-done:
	case <-time.After(5 * time.Second):
		t.Fatal("the third Fetch does not return")
	}
}
