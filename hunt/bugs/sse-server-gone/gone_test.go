package gone

import (
	"net/http/httptest"
	"testing"
	"time"

	"github.com/r3labs/sse/v2"
	"gopkg.in/cenkalti/backoff.v1"
)

// Unsubscribe sends with the client's lock held (client.go:277). If the server
// has gone, nobody receives: the goroutine of the subscription gives up and
// then wants that lock, to clean up (client.go:366). Both wait for ever.
//
// Mend: close the channel of the subscription instead of sending to it.
//
// run: go test -count=1
// shows: Unsubscribe does not return
func TestUnsubscribeFromAServerThatHasGone(t *testing.T) {
	server := sse.New()
	server.CreateStream("s")
	web := httptest.NewServer(server)
	client := sse.NewClient(web.URL)
	client.ReconnectStrategy = backoff.WithMaxTries(backoff.NewConstantBackOff(100*time.Millisecond), 5)
	events := make(chan *sse.Event)
	if err := client.SubscribeChan("s", events); err != nil {
		t.Fatal(err)
	}
	web.CloseClientConnections()
	web.Listener.Close()
	time.Sleep(50 * time.Millisecond)
	done := make(chan bool)
	go func() {
		client.Unsubscribe(events)
		close(done)
	}()
	select {
	case <-done:
	case <-time.After(5 * time.Second):
		t.Fatal("Unsubscribe does not return")
	}
}
