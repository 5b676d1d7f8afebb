// Package atonce has handlers and methods that run at once, without a go
// statement beside them.
package atonce

import (
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

type app struct {
	last   string
	mu     sync.Mutex
	hits   map[string]int
	served atomic.Int64
}

func (a *app) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	a.last = r.URL.Path // want "`a.last` is written here, without a lock, by what runs in several goroutines at once: net/http calls the handler that http.Handle is given in a goroutine for each connection"
	a.served.Add(1)
	a.mu.Lock()
	defer a.mu.Unlock()
	a.hits[r.URL.Path]++
}

func (a *app) page(w http.ResponseWriter, r *http.Request) {
	a.count(r)
}

func (a *app) count(r *http.Request) {
	a.hits[r.URL.Path]++ // want "`a.hits` is written here, without a lock"
}

func (a *app) locked(w http.ResponseWriter, r *http.Request) {
	a.mu.Lock()
	a.last = r.URL.Path
	a.mu.Unlock()
}

var total int

func Serve() {
	hits := map[string]int{}
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		hits[r.URL.Path]++ // want "`hits` is written here, without a lock"
		n := 0
		n++
		_ = n
	})
	a := &app{hits: map[string]int{}}
	http.Handle("/app", a)
	mux := http.NewServeMux()
	mux.HandleFunc("/page", a.page)
	mux.HandleFunc("/locked", a.locked)
	mux.Handle("/total", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		total++ // want "`total` is written here, without a lock"
	}))
	var mu sync.Mutex
	safe := 0
	mux.HandleFunc("/safe", func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		safe++
	})
	var once sync.Once
	ready := false
	mux.HandleFunc("/once", func(w http.ResponseWriter, r *http.Request) {
		once.Do(func() { ready = true })
		_ = ready
	})
	http.ListenAndServe("127.0.0.1:0", mux)
}

type Meter struct {
	n, polled, asked int
	err              error
	stop             chan struct{}
	ask              chan int
	mu               sync.Mutex
	safe             int
}

func NewMeter() *Meter {
	m := &Meter{stop: make(chan struct{}), ask: make(chan int)}
	go m.loop()
	go m.poll()
	go m.count()
	return m
}

func (m *Meter) loop() {
	for {
		select {
		case <-m.stop:
			return
		case n := <-m.ask:
			m.asked = n
		default:
			m.n++ // want "`m.n` is written here, and read at atonce.go:[0-9]+, neither with a lock: NewMeter starts the goroutine that writes, and whoever has the Meter may call N beside it"
		}
	}
}

func (m *Meter) poll() {
	tick := time.NewTicker(time.Second)
	for {
		select {
		case <-m.stop:
			m.err = nil
			return
		case <-tick.C:
			m.polled++ // want "`m.polled` is written here, and written at"
		}
	}
}

func (m *Meter) count() {
	for {
		time.Sleep(time.Second)
		m.mu.Lock()
		m.safe++
		m.mu.Unlock()
	}
}

func (m *Meter) N() int { return m.n }

func (m *Meter) Reset() { m.polled = 0 }

// Asked is what the loop has been told, by the one who calls.
func (m *Meter) Asked(n int) int {
	m.ask <- n
	return m.asked
}

// Err is for those who have called Stop.
func (m *Meter) Err() error { return m.err }

func (m *Meter) Safe() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.safe
}

func (m *Meter) Stop() { close(m.stop) }
