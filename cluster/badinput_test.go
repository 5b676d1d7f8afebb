package cluster_test

import (
	"context"
	"errors"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"

	"github.com/fearless-go/fearless/cluster"
	"github.com/fearless-go/fearless/cluster/embedded"
	"github.com/fearless-go/fearless/internal/long"
)

func wantKind(t *testing.T, what string, err error, kind cluster.Kind, parts ...string) {
	t.Helper()
	var e *cluster.Error
	if !errors.As(err, &e) || e.Kind != kind {
		t.Errorf("%s: %v, want an error of the kind %q", what, err, kind)
		return
	}
	for _, part := range append(parts, e.Next) {
		if part == "" || !strings.Contains(err.Error(), part) {
			t.Errorf("%s: %q has no %q", what, err, part)
		}
	}
}

func TestWhatCannotBeConnectedToSaysWhatHelps(t *testing.T) {
	s := serve(t)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	nobody := "nats://" + l.Addr().String()
	l.Close()
	plain, err := server.NewServer(&server.Options{Host: "127.0.0.1", Port: -1, NoSigs: true, NoLog: true})
	if err != nil {
		t.Fatal(err)
	}
	go plain.Start()
	t.Cleanup(plain.Shutdown)
	if !plain.ReadyForConnections(10 * time.Second) {
		t.Fatal("the server without JetStream does not start")
	}
	for _, test := range []struct {
		name string
		at   cluster.Address
		kind cluster.Kind
	}{
		{"no URL", cluster.Address{}, cluster.BadAddress},
		{"no server", cluster.Address{URL: nobody}, cluster.NoServer},
		{"no token", cluster.Address{URL: s.URL()}, cluster.Refused},
		{"a wrong token", cluster.Address{URL: s.URL(), Token: "wrong"}, cluster.Refused},
		{"a team with a dot", cluster.Address{URL: s.URL(), Token: "secret", Team: "a.b"}, cluster.BadAddress},
		{"no JetStream", cluster.Address{URL: plain.ClientURL()}, cluster.NoJetStream},
		{"no key file", cluster.Address{URL: s.URL(), NKey: "there/is/none"}, cluster.BadAddress},
		{"no certificate", cluster.Address{URL: s.URL(), CA: "there/is/none"}, cluster.BadAddress},
		{"a wrong address", cluster.Address{URL: "nats://host:port:4222"}, cluster.BadAddress},
	} {
		c, err := cluster.Connect(t.Context(), test.at)
		if err == nil {
			c.Close()
		}
		wantKind(t, test.name, err, test.kind)
	}
	if text := (cluster.Address{URL: "nats://word@host:1,tls://user:word@other"}).Place(); strings.Contains(text, "word") {
		t.Errorf("the place %q shows a secret", text)
	}
}

func TestAServerThatCannotServeSaysWhy(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	s := serve(t)
	for name, test := range map[string]struct {
		o    embedded.Options
		kind cluster.Kind
	}{
		"no port":        {embedded.Options{Listen: "host", Dir: t.TempDir()}, cluster.BadAddress},
		"a used address": {embedded.Options{Listen: strings.TrimPrefix(s.URL(), "nats://"), Dir: t.TempDir()}, cluster.BadAddress},
		"no folder":      {embedded.Options{Listen: "127.0.0.1:0"}, cluster.StoreFailed},
		"a file":         {embedded.Options{Listen: "127.0.0.1:0", Dir: filepath.Join(file, "dir")}, cluster.StoreFailed},
		"half of TLS":    {embedded.Options{Listen: "127.0.0.1:0", Dir: t.TempDir(), Cert: file}, cluster.BadAddress},
		"no certificate": {embedded.Options{Listen: "127.0.0.1:0", Dir: t.TempDir(), Cert: file, Key: file}, cluster.BadAddress},
	} {
		s, err := embedded.Start(test.o)
		if err == nil {
			s.Close()
		}
		wantKind(t, name, err, test.kind)
	}
	if runtime.GOOS != "windows" && os.Getuid() != 0 { // root may write everywhere, and Windows has no such folder
		dir := t.TempDir()
		if err := os.Chmod(dir, 0o500); err != nil {
			t.Fatal(err)
		}
		_, err := embedded.Start(embedded.Options{Listen: "127.0.0.1:0", Dir: filepath.Join(dir, "streams")})
		wantKind(t, "a folder that cannot be written to", err, cluster.StoreFailed, dir)
	}
}

func TestALimitThatIsTooSmallForABinaryIsNamed(t *testing.T) {
	s, err := server.NewServer(&server.Options{Host: "127.0.0.1", Port: -1, NoSigs: true, NoLog: true, JetStream: true, StoreDir: t.TempDir(), JetStreamMaxStore: 1 << 20, JetStreamMaxMemory: 1 << 20})
	if err != nil {
		t.Fatal(err)
	}
	go s.Start()
	t.Cleanup(func() { s.Shutdown(); s.WaitForShutdown() })
	if !s.ReadyForConnections(10 * time.Second) {
		t.Fatal("the server does not start")
	}
	c, err := cluster.Connect(t.Context(), cluster.Address{URL: s.ClientURL()})
	if err == nil {
		c.Close()
	}
	wantKind(t, "a store of 1 MiB", err, cluster.TooLarge, "max_file_store")
}

func TestASecondCoordinatorIsRefusedLong(t *testing.T) {
	t.Parallel()
	long.Only(t, "a lease is ten seconds")
	s := serve(t)
	ctx, cancel := context.WithCancel(t.Context())
	first := make(chan error, 1)
	go func() { // without a worker it does not end
		_, _, err := explore(ctx, connect(t, s.URL()), "run", 1)
		first <- err
	}()
	for status(t, s.URL()).Queue == 0 {
		time.Sleep(20 * time.Millisecond)
	}
	_, _, err := explore(t.Context(), connect(t, s.URL()), "run", 1)
	wantKind(t, "two coordinators", err, cluster.Taken, "the run run", "coordinated by")
	cancel()
	if err := <-first; !errors.Is(err, context.Canceled) {
		t.Errorf("the first coordinator: %v", err)
	}
}

func status(t *testing.T, url string) *cluster.Status {
	t.Helper()
	s, err := connect(t, url).Status(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestResultsOfAnotherVersionAreNamed(t *testing.T) {
	s := serve(t)
	c := connect(t, s.URL())
	nc, err := nats.Connect(s.URL(), nats.Token("secret"))
	if err != nil {
		t.Fatal(err)
	}
	defer nc.Close()
	js, err := nc.JetStream()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := js.Publish("fearless.default.result.run.0", []byte(`{"protocol":99,"run":"run","piece":"0"}`)); err != nil {
		t.Fatal(err)
	}
	_, _, err = explore(t.Context(), c, "run", 1)
	wantKind(t, "an older result", err, cluster.OldResults, "FEARLESS-default-RESULTS")
}
