package atonce

import (
	"net/http"
	"sync"

	"github.com/fearless-go/fearless/vet/share/testdata/src/router"
)

type site struct {
	mu    sync.Mutex
	last  string
	seen  map[string]bool
	polls int
	safe  int
}

func (s *site) routes() {
	r := router.New()
	r.Get("/", s.index)
	r.Get("/safe", s.locked)
	r.Get("/poll", func(w http.ResponseWriter, r *http.Request) {
		s.polls++ // want "`s.polls` is written here, without a lock, by what runs in several goroutines at once: net/http calls a handler, such as router.Router.Get is given, in a goroutine for each connection"
	})
	r.Mount("/seen", &seen{site: s})
	r.Get("/each", each)
}

func (s *site) index(w http.ResponseWriter, r *http.Request) {
	s.last = r.URL.Path // want "`s.last` is written here, without a lock"
}

func (s *site) locked(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	s.safe++
	s.mu.Unlock()
}

type seen struct {
	site *site
	n    int
}

func (s *seen) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.n++ // want "`s.n` is written here, without a lock"
}

// The handler is for one request.
type once struct{ n int }

func (o *once) ServeHTTP(w http.ResponseWriter, r *http.Request) { o.n++ }

func each(w http.ResponseWriter, r *http.Request) {
	http.StripPrefix("/each", &once{}).ServeHTTP(w, r)
}

type root struct{ hits int }

func (s *root) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.hits++ // want "`s.hits` is written here, without a lock, by what runs in several goroutines at once: net/http calls the handler of a Server in a goroutine for each connection"
}

func newServer() *http.Server { return &http.Server{Addr: ":0", Handler: &root{}} }
