package tour

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Config is what a server needs to know.
type Config struct {
	// Tool is the executable of the command fearless, which checks.
	Tool string
	// Limits are those of the programs of readers; zero is DefaultLimits.
	Limits Limits
}

// A Server shows the tour to browsers of this machine. Make one with [New].
type Server struct {
	config   Config
	lessons  []Lesson
	token    string
	workshop *workshop
	turns    chan struct{} // what runs at once, in all tabs
	jobs     sync.WaitGroup

	mu      sync.Mutex
	closed  bool
	running map[string]chan struct{} // by tab; closed when it is over
	pages   [][]byte                 // the pictures drawn, the last few of them
	drawn   int                      // how many there were
}

// mostJobs is how many programs run at once, keptPages how many pictures are
// kept, and longestSource how long a program may be.
const (
	mostJobs      = 2
	keptPages     = 20
	longestSource = 256 << 10
)

// New makes a server and the folder in which it works, which Close removes. The
// error is a [*NoGoError] where programs cannot be compiled.
func New(ctx context.Context, c Config) (*Server, error) {
	lessons, err := Lessons()
	if err != nil {
		return nil, err
	}
	if c.Limits == (Limits{}) {
		c.Limits = DefaultLimits
	}
	w, err := newWorkshop(ctx)
	if err != nil {
		return nil, err
	}
	return &Server{config: c, lessons: lessons, token: rand.Text(), workshop: w, turns: make(chan struct{}, mostJobs), running: map[string]chan struct{}{}}, nil
}

// Close waits for what runs, whose context has to have ended, and removes the
// server's folder.
func (s *Server) Close() {
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	s.jobs.Wait()
	s.workshop.remove()
}

// URL is the address to open in a browser. Only who has it gets an answer.
func (s *Server) URL(l net.Listener) string {
	return "http://" + l.Addr().String() + "/" + s.token + "/"
}

// Serve answers requests until ctx ends. What runs for a request then is ended,
// too.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	server := &http.Server{
		Handler:           s.guarded(l.Addr().(*net.TCPAddr).Port),
		BaseContext:       func(net.Listener) context.Context { return ctx },
		ReadHeaderTimeout: 10 * time.Second,
		MaxHeaderBytes:    64 << 10,
	}
	stopped := context.AfterFunc(ctx, func() { _ = server.Close() }) // which Serve then tells of
	defer stopped()
	if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// policy lets a page load what this server has, and nothing else.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// guarded refuses whatever does not come from a page of this server: another
// name for this machine (a name that an attacker's server resolves to it), a page
// of another origin, an address without the token.
func (s *Server) guarded(port int) http.Handler {
	routes := s.routes()
	hosts := []string{"127.0.0.1:" + strconv.Itoa(port), "localhost:" + strconv.Itoa(port)}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		if !slices.Contains(hosts, r.Host) {
			http.Error(w, "this is the tour of fearless, which answers to "+hosts[0]+" only", http.StatusMisdirectedRequest)
			return
		}
		if origin := r.Header.Get("Origin"); origin != "" && origin != "http://"+r.Host {
			http.Error(w, "a page of another origin may not use the tour", http.StatusForbidden)
			return
		}
		if site := r.Header.Get("Sec-Fetch-Site"); r.Method != http.MethodGet && site != "" && site != "same-origin" {
			http.Error(w, "a page of another site may not use the tour", http.StatusForbidden)
			return
		}
		token, rest, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
		if subtle.ConstantTimeCompare([]byte(token), []byte(s.token)) != 1 {
			http.Error(w, "open the whole address that \"fearless tour -http\" has printed: it has a word in it that is new each time", http.StatusForbidden)
			return
		}
		r2 := r.Clone(r.Context())
		r2.URL.Path, r2.URL.RawPath = "/"+rest, ""
		routes.ServeHTTP(w, r2)
	})
}

func (s *Server) routes() http.Handler {
	m := http.NewServeMux()
	m.HandleFunc("GET /{$}", s.showContents)
	m.HandleFunc("GET /lesson/{name}", s.showLesson)
	m.HandleFunc("GET /picture/{number}", s.showPicture)
	m.HandleFunc("GET /style.css", file("text/css; charset=utf-8", styleSource))
	m.HandleFunc("GET /tour.js", file("text/javascript; charset=utf-8", editorSource+mainSource))
	m.HandleFunc("POST /highlight", s.colour)
	m.HandleFunc("POST /job", s.work)
	return m
}

func file(kind, text string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", kind)
		fmt.Fprint(w, text)
	}
}

// request is what a page asks for.
type request struct {
	Tab    string `json:"tab"` // a random word of the tab
	Lesson string `json:"lesson"`
	Sheet  int    `json:"sheet"`
	Tool   Tool   `json:"tool"`
	Source string `json:"source"`
	Input  string `json:"input"`
}

// read decodes the body, which has to be JSON of a reasonable length.
func read(w http.ResponseWriter, r *http.Request, into any) bool {
	if kind, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";"); strings.TrimSpace(kind) != "application/json" {
		http.Error(w, "send application/json", http.StatusUnsupportedMediaType)
		return false
	}
	err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 2*longestSource)).Decode(into)
	var long *http.MaxBytesError
	switch {
	case errors.As(err, &long):
		http.Error(w, fmt.Sprintf("the program is longer than %d KB", longestSource>>10), http.StatusRequestEntityTooLarge)
	case err != nil:
		http.Error(w, "the request is no JSON that the tour knows: "+err.Error(), http.StatusBadRequest)
	}
	return err == nil
}

func (s *Server) colour(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Source string `json:"source"`
	}
	if !read(w, r, &in) {
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(highlight(in.Source)) // a reader who has gone needs none
}

// work does a job and streams what comes of it.
func (s *Server) work(w http.ResponseWriter, r *http.Request) {
	var in request
	if !read(w, r, &in) {
		return
	}
	sheet, err := s.sheet(in)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	if !s.begin(r.Context(), in.Tab) {
		http.Error(w, "something runs for this page already: stop it first", http.StatusConflict)
		return
	}
	defer s.done(in.Tab)
	w.Header().Set("Content-Type", "application/x-ndjson")
	out := newStream(w, s.config.Limits.Output)
	select {
	case s.turns <- struct{}{}:
	default:
		out.note("waiting for what runs in other tabs")
		select {
		case s.turns <- struct{}{}:
		case <-r.Context().Done():
			return
		}
	}
	defer func() { <-s.turns }()
	j := &job{workshop: s.workshop, command: s.config.Tool, limits: s.config.Limits, sheet: sheet, tool: in.Tool, source: in.Source, input: in.Input, out: out}
	end, page := j.do(r.Context())
	if page != nil {
		end.Page = "picture/" + strconv.Itoa(s.keep(page))
	}
	out.end(end)
}

func (s *Server) sheet(in request) (Sheet, error) {
	i, err := find(s.lessons, in.Lesson)
	if err != nil {
		return Sheet{}, err
	}
	sheets := s.lessons[i].Sheets
	switch {
	case in.Sheet < 0 || in.Sheet >= len(sheets):
		return Sheet{}, fmt.Errorf("tour: %s has no program %d", in.Lesson, in.Sheet)
	case !slices.Contains(sheets[in.Sheet].Tools, in.Tool):
		return Sheet{}, fmt.Errorf("tour: %q is nothing that can be done with this program", in.Tool)
	case len(in.Source) > longestSource || len(in.Input) > longestSource:
		return Sheet{}, fmt.Errorf("tour: the program is longer than %d KB", longestSource>>10)
	case in.Tab == "" || len(in.Tab) > 100:
		return Sheet{}, errors.New("tour: the request does not say which tab it is from")
	}
	return sheets[in.Sheet], nil
}

// patience is how long a job waits for the one before of its tab, which has been
// stopped and takes a moment to end.
const patience = 5 * time.Second

// begin reports whether nothing runs for the tab, and takes its turn.
func (s *Server) begin(ctx context.Context, tab string) bool {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		s.mu.Lock()
		before := s.running[tab]
		if s.closed {
			s.mu.Unlock()
			return false
		}
		if before == nil {
			s.running[tab] = make(chan struct{})
			s.jobs.Add(1)
			s.mu.Unlock()
			return true
		}
		s.mu.Unlock()
		select {
		case <-before:
		case <-ctx.Done():
			return false
		}
	}
}

func (s *Server) done(tab string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	close(s.running[tab])
	delete(s.running, tab)
	s.jobs.Done()
}

// keep returns the number of a picture, which showPicture knows for some time.
func (s *Server) keep(page []byte) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.pages) == keptPages {
		s.pages = s.pages[1:]
	}
	s.pages = append(s.pages, page)
	s.drawn++
	return s.drawn
}

func (s *Server) picture(number int) []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := len(s.pages) - 1 - (s.drawn - number)
	if number > s.drawn || i < 0 {
		return nil
	}
	return s.pages[i]
}

// showPicture serves a page that carries its own script. It is shut off from
// everything: its origin is no origin, and it can load nothing.
func (s *Server) showPicture(w http.ResponseWriter, r *http.Request) {
	number, err := strconv.Atoi(r.PathValue("number"))
	page := s.picture(number)
	if err != nil || page == nil {
		http.Error(w, "this picture is not kept any more: press the button again", http.StatusNotFound)
		return
	}
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; frame-ancestors 'self'; sandbox allow-scripts")
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write(page) // a reader who has gone needs none
}
