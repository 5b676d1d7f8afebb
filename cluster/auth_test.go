package cluster_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nkeys"

	"github.com/fearless-go/fearless/cluster"
	"github.com/fearless-go/fearless/cluster/embedded"
)

// certificate writes a certificate of 127.0.0.1 and its key.
func certificate(t *testing.T) (cert, key string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign}
	signed, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	data, err := x509.MarshalECPrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for name, block := range map[string]*pem.Block{"cert": {Type: "CERTIFICATE", Bytes: signed}, "key": {Type: "EC PRIVATE KEY", Bytes: data}} {
		if err := os.WriteFile(filepath.Join(dir, name), pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return filepath.Join(dir, "cert"), filepath.Join(dir, "key")
}

// wantWork has a run done by way of the address.
func wantWork(t *testing.T, at cluster.Address) {
	t.Helper()
	dial := func() *cluster.Conn {
		c, err := cluster.Connect(t.Context(), at)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(c.Close)
		return c
	}
	stop := work(t, "", 2, func(int) *cluster.Worker { return &cluster.Worker{Conn: dial(), Do: do(0)} })
	got, run, err := explore(t.Context(), dial(), "run", 7)
	if want := alone(7); err != nil || got != want || run.GaveUp > 0 {
		t.Errorf("%+v, %v, one machine: %+v; %+v", got, err, want, run)
	}
	stop()
}

func TestTLS(t *testing.T) {
	t.Parallel()
	cert, key := certificate(t)
	other, _ := certificate(t)
	s, err := embedded.Start(embedded.Options{Listen: "127.0.0.1:0", Dir: t.TempDir(), Token: "secret", Cert: cert, Key: key})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	url := "tls://" + s.URL()[strings.LastIndexByte(s.URL(), '/')+1:]
	wantWork(t, cluster.Address{URL: url, Token: "secret", CA: cert})
	for name, at := range map[string]cluster.Address{
		"no certificate":      {URL: url, Token: "secret"},
		"another certificate": {URL: url, Token: "secret", CA: other},
		"no token":            {URL: url, CA: cert},
	} {
		c, err := cluster.Connect(t.Context(), at)
		if err == nil {
			c.Close()
		}
		wantKind(t, name, err, cluster.Refused)
	}
}

func TestNKey(t *testing.T) {
	t.Parallel()
	write := func() (file, public string) {
		pair, err := nkeys.CreateUser()
		if err != nil {
			t.Fatal(err)
		}
		seed, err := pair.Seed()
		if err != nil {
			t.Fatal(err)
		}
		if public, err = pair.PublicKey(); err != nil {
			t.Fatal(err)
		}
		file = filepath.Join(t.TempDir(), "seed")
		if err := os.WriteFile(file, seed, 0o600); err != nil {
			t.Fatal(err)
		}
		return file, public
	}
	seed, public := write()
	stranger, _ := write()
	s, err := server.NewServer(&server.Options{Host: "127.0.0.1", Port: -1, NoSigs: true, NoLog: true, JetStream: true, StoreDir: t.TempDir(),
		JetStreamMaxStore: 8 << 30, JetStreamMaxMemory: 1 << 20, Nkeys: []*server.NkeyUser{{Nkey: public}}})
	if err != nil {
		t.Fatal(err)
	}
	go s.Start()
	t.Cleanup(func() { s.Shutdown(); s.WaitForShutdown() })
	if !s.ReadyForConnections(10 * time.Second) {
		t.Fatal("the server does not start")
	}
	wantWork(t, cluster.Address{URL: s.ClientURL(), NKey: seed})
	for name, at := range map[string]cluster.Address{"another key": {URL: s.ClientURL(), NKey: stranger}, "no key": {URL: s.ClientURL()}} {
		c, err := cluster.Connect(t.Context(), at)
		if err == nil {
			c.Close()
		}
		wantKind(t, name, err, cluster.Refused)
	}
}
