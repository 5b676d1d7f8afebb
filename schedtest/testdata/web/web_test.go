// Package web uses servers of net/http as tests do.
package web

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"os"
	"strings"
	"sync"
	"testing"
	"time"
)

func get(t *testing.T, c *http.Client, url string) (*http.Response, string) {
	t.Helper()
	r, err := c.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return r, string(b)
}

func hello(w http.ResponseWriter, r *http.Request) {
	fmt.Fprintf(w, "hello over %s", r.Proto)
}

func TestHTTP(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(hello))
	defer s.Close()
	if _, b := get(t, s.Client(), s.URL); b != "hello over HTTP/1.1" {
		t.Error(b)
	}
}

func TestReuse(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(hello))
	defer s.Close()
	reused := 0
	ctx := httptrace.WithClientTrace(context.Background(), &httptrace.ClientTrace{GotConn: func(i httptrace.GotConnInfo) {
		if i.Reused {
			reused++
		}
	}})
	for range 3 {
		req, _ := http.NewRequestWithContext(ctx, "GET", s.URL, nil)
		r, err := s.Client().Do(req)
		if err != nil {
			t.Fatal(err)
		}
		io.Copy(io.Discard, r.Body)
		r.Body.Close()
	}
	if reused != 2 {
		t.Error(reused)
	}
}

func TestTLS(t *testing.T) {
	s := httptest.NewTLSServer(http.HandlerFunc(hello))
	defer s.Close()
	if r, b := get(t, s.Client(), s.URL); b != "hello over HTTP/1.1" || r.TLS == nil {
		t.Error(b)
	}
}

func TestHTTP2(t *testing.T) {
	s := httptest.NewUnstartedServer(http.HandlerFunc(hello))
	s.EnableHTTP2 = true
	s.StartTLS()
	defer s.Close()
	if _, b := get(t, s.Client(), s.URL); b != "hello over HTTP/2.0" {
		t.Error(b)
	}
}

func TestShutdown(t *testing.T) {
	l, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		t.Fatal(err)
	}
	begun := make(chan bool)
	s := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		close(begun)
		time.Sleep(time.Second)
		hello(w, r)
	})}
	served := make(chan error)
	go func() { served <- s.Serve(l) }()
	answer := make(chan string)
	c := &http.Client{Transport: &http.Transport{}}
	go func() {
		_, b := get(t, c, "http://"+l.Addr().String())
		answer <- b
	}()
	<-begun
	if err := s.Shutdown(context.Background()); err != nil {
		t.Error(err)
	}
	if err := <-served; !errors.Is(err, http.ErrServerClosed) {
		t.Error(err)
	}
	if b := <-answer; !strings.HasPrefix(b, "hello") {
		t.Error(b)
	}
	c.CloseIdleConnections()
}

func TestTimeout(t *testing.T) {
	stop := make(chan bool)
	s := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-stop }))
	defer s.Close()
	defer close(stop)
	c := s.Client()
	c.Timeout = 2 * time.Second
	if _, err := c.Get(s.URL); !os.IsTimeout(err) {
		t.Error(err)
	}
}

// TestCounter has a handler that loses an update when two requests meet.
func TestCounter(t *testing.T) {
	var mu sync.Mutex
	count := 0
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		n := count
		mu.Unlock()
		io.WriteString(w, "ok")
		mu.Lock()
		count = n + 1
		mu.Unlock()
	}))
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() { get(t, s.Client(), s.URL) })
	}
	wg.Wait()
	s.Close()
	if count != 2 {
		t.Error(count)
	}
}
