// Package embedded is a NATS server with JetStream inside of the process, for
// those who run none. Begin at [Start].
package embedded

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/nats-io/nats-server/v2/server"

	"github.com/fearless-go/fearless/cluster"
)

// Options say where the server listens and what it keeps.
type Options struct {
	Listen    string // "host:port"; port 0 is any that is free
	Dir       string // where streams are kept; it is made if need be
	Token     string // what clients must give; "" lets everyone in
	Cert, Key string // files with the certificate and key for TLS; "" for none
	// MaxPayload is the size of the largest message, in bytes; 0 is 8 MiB.
	MaxPayload int
}

// A Server runs until Close.
type Server struct{ s *server.Server }

const ready = 10 * time.Second

// Start starts a server. Its error is a [*cluster.Error].
func Start(o Options) (*Server, error) {
	bad := func(what, next string, err error) (*Server, error) {
		return nil, &cluster.Error{Kind: cluster.BadAddress, What: what, Next: next, Err: err}
	}
	host, text, err := net.SplitHostPort(o.Listen)
	if err != nil {
		return bad(o.Listen, "write it as host:port", err)
	}
	port, err := strconv.Atoi(text)
	if err != nil || port < 0 || port > 65535 {
		return bad(o.Listen, "use a port from 0 to 65535", err)
	}
	if port == 0 {
		port = server.RANDOM_PORT
	} else if l, err := net.Listen("tcp", o.Listen); err != nil {
		return bad(o.Listen, "use an address of this machine that is free", err)
	} else {
		l.Close()
	}
	if err := writable(o.Dir); err != nil {
		return nil, &cluster.Error{Kind: cluster.StoreFailed, What: o.Dir, Next: "use a folder that can be written to", Err: err}
	}
	opts := &server.Options{
		ServerName: "fearless", Host: host, Port: port, JetStream: true, StoreDir: o.Dir, Authorization: o.Token,
		MaxPayload: int32(o.MaxPayload), NoSigs: true, NoLog: true, JetStreamMaxStore: 64 << 30, JetStreamMaxMemory: 256 << 20,
	}
	if opts.MaxPayload == 0 {
		opts.MaxPayload = 8 << 20
	}
	if (o.Cert == "") != (o.Key == "") {
		return bad("TLS", "give both a certificate and its key", nil)
	}
	if o.Cert != "" {
		pair, err := tls.LoadX509KeyPair(o.Cert, o.Key)
		if err != nil {
			return bad(o.Cert, "use a certificate and its key, as PEM", err)
		}
		opts.TLS, opts.TLSConfig, opts.TLSTimeout = true, &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12}, 5
	}
	s, err := server.NewServer(opts)
	if err != nil {
		return bad(o.Listen, "the server cannot use its options", err)
	}
	go s.Start()
	if !s.ReadyForConnections(ready) {
		s.Shutdown()
		return nil, &cluster.Error{Kind: cluster.NoServer, What: o.Listen, Next: fmt.Sprintf("the server did not start in %v: is the address free, and %s of no other server?", ready, o.Dir)}
	}
	return &Server{s}, nil
}

// writable makes dir, and reports why nothing can be written there.
func writable(dir string) error {
	if dir == "" {
		return errors.New("it has no name")
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, "try-*")
	if err != nil {
		return err
	}
	return errors.Join(f.Close(), os.Remove(f.Name()))
}

// URL is where clients find the server, without its token.
func (s *Server) URL() string { return s.s.ClientURL() }

// Close ends the server when what it stores is written.
func (s *Server) Close() {
	s.s.Shutdown()
	s.s.WaitForShutdown()
}

// DefaultDir is where a server keeps its streams if nothing else is said.
func DefaultDir() (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("no folder for the streams: %w; give one with -dir", err)
	}
	return filepath.Join(cache, "fearless", "nats"), nil
}
