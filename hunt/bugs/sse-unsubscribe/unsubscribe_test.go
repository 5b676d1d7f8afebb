package unsubscribe

import (
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/r3labs/sse/v2"
)

// Who unsubscribes leaves a goroutine behind: the loop that reads ends with a
// send of its error, or of an event, to a channel without room from which
// nobody receives any more (client.go:217, 245; the receiver returns at
// client.go:166).
//
// Mend: room for the error, and a select with the subscription for the events.
//
// run: go test -count=1
// shows: 20 goroutines of readLoop are left
func TestUnsubscribe(t *testing.T) {
	server := sse.New()
	server.AutoReplay = false
	server.CreateStream("s")
	web := httptest.NewServer(server)
	for range 20 {
		client := sse.NewClient(web.URL)
		events := make(chan *sse.Event)
		if err := client.SubscribeChan("s", events); err != nil {
			t.Fatal(err)
		}
		go client.Unsubscribe(events)
		server.Publish("s", &sse.Event{Data: []byte("x")})
		time.Sleep(20 * time.Millisecond)
	}
	server.Close()
	web.CloseClientConnections()
	left := 0
	for range 50 {
		time.Sleep(100 * time.Millisecond)
		buf := make([]byte, 1<<20)
		left = strings.Count(string(buf[:runtime.Stack(buf, true)]), "sse/v2.(*Client).readLoop(")
		if left == 0 {
			return
		}
	}
	t.Fatalf("%d goroutines of readLoop are left", left)
}
