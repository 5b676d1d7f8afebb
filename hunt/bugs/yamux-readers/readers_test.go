package readers

import (
	"io"
	"net"
	"testing"
	"time"

	"github.com/hashicorp/yamux"
)

// Two readers of a stream whose peer has closed it. Read holds the lock of the
// state when it takes that of the buffer (stream.go:100 and 107); the update of
// the window holds that of the buffer when it asks for the state (stream.go:273,
// 281). Each waits for the other.
//
// Mend: ask for the flags before the lock of the buffer is taken.
//
// run: go test -count=1
// shows: both readers wait for ever
func TestTwoReaders(t *testing.T) {
	config := yamux.DefaultConfig()
	config.LogOutput = io.Discard
	a, b := net.Pipe()
	client, err := yamux.Client(a, config)
	if err != nil {
		t.Fatal(err)
	}
	server, err := yamux.Server(b, config)
	if err != nil {
		t.Fatal(err)
	}
	data := make([]byte, 200<<10)
	for range 2000 {
		out, err := client.OpenStream()
		if err != nil {
			t.Fatal(err)
		}
		in, err := server.AcceptStream()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := out.Write(data); err != nil {
			t.Fatal(err)
		}
		out.Close()
		done := make(chan bool, 2)
		for range 2 {
			go func() {
				buf := make([]byte, 64)
				for {
					if _, err := in.Read(buf); err != nil {
						break
					}
				}
				done <- true
			}()
		}
		for range 2 {
			select {
			case <-done:
			case <-time.After(10 * time.Second):
				t.Fatal("both readers wait for ever")
			}
		}
		in.Close()
	}
}
