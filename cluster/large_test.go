package cluster_test

import (
	"bytes"
	"context"
	"errors"
	"testing"

	"github.com/nats-io/nats.go"

	"github.com/fearless-go/fearless/cluster"
	"github.com/fearless-go/fearless/cluster/embedded"
)

// What is too large for a message goes by way of files, and those go with the run.
func TestWhatIsTooLargeForAMessage(t *testing.T) {
	s, err := embedded.Start(embedded.Options{Listen: "127.0.0.1:0", Dir: t.TempDir(), Token: "secret", MaxPayload: 64 << 10})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	stop := work(t, s.URL(), 1, func(int) *cluster.Worker {
		return &cluster.Worker{Do: func(_ context.Context, p cluster.Piece, _ string, _ func() int) ([]byte, [][]byte, error) {
			return bytes.Repeat(p.Work, 2), nil, nil
		}}
	})
	c := connect(t, s.URL()).Call(t.Context(), cluster.Run{Name: "large", System: system}, nil, nil)
	large := bytes.Repeat([]byte("0123456789"), 10_000)
	for range 2 { // of the same run, one after the other
		r, err := c.Do(t.Context(), cluster.Piece{Name: "0", Title: "large", Work: large})
		if err != nil || !bytes.Equal(r.Outcome, bytes.Repeat(large, 2)) {
			t.Fatalf("%+v, %v", r, err)
		}
		if err := c.Finish(t.Context(), 0); err != nil {
			t.Fatal(err)
		}
		c = connect(t, s.URL()).Call(t.Context(), cluster.Run{Name: "large", System: system}, nil, nil)
	}
	stop()
	nc, err := nats.Connect(s.URL(), nats.Token("secret"))
	if err != nil {
		t.Fatal(err)
	}
	defer nc.Close()
	js, err := nc.JetStream()
	if err != nil {
		t.Fatal(err)
	}
	files, err := js.ObjectStore("fearless-default-files")
	if err != nil {
		t.Fatal(err)
	}
	if list, err := files.List(); !errors.Is(err, nats.ErrNoObjectsFound) {
		t.Errorf("%d files are left, %v", len(list), err)
	}
}
