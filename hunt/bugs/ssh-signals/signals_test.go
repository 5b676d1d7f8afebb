package signals

import (
	"net"
	"testing"
	"time"

	"github.com/gliderlabs/ssh"
	gossh "golang.org/x/crypto/ssh"
)

// Signals writes the session's channel with its lock held; the goroutine that
// hands on the signals that came before reads it without (session.go:220 and
// 224). A handler that takes its channel back meanwhile, as Signals(nil), races
// with it, and the goroutine then sends to no channel for good.
//
// Mend: give the goroutine the channel and the signals as they are when it starts.
//
// run: go test -race -count=1
// shows: DATA RACE
func TestSignalsThatCameBefore(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	done := make(chan bool)
	server := &ssh.Server{Handler: func(s ssh.Session) {
		time.Sleep(500 * time.Millisecond) // the signals come
		s.Signals(make(chan ssh.Signal, 1))
		s.Signals(nil)
		close(done)
	}}
	go server.Serve(l)
	client, err := gossh.Dial("tcp", l.Addr().String(), &gossh.ClientConfig{HostKeyCallback: gossh.InsecureIgnoreHostKey()})
	if err != nil {
		t.Fatal(err)
	}
	session, err := client.NewSession()
	if err != nil {
		t.Fatal(err)
	}
	if err := session.Start("x"); err != nil {
		t.Fatal(err)
	}
	for range 4 {
		if err := session.Signal(gossh.SIGUSR1); err != nil {
			t.Fatal(err)
		}
	}
	<-done
	time.Sleep(100 * time.Millisecond)
}
