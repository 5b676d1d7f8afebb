// Package values has goroutines that values keep apart: a counter, the state of
// a machine, an option that never changes, an answer in a channel of one's own.
// Each has a twin that is wrong.
package values

import (
	"errors"
	"os"
	"sync"
	"sync/atomic"
	"time"
)

// A machine is in one state at a time.
type machine struct {
	state   atomic.Int32
	mu      sync.Mutex
	waiting []chan error
	log     *os.File
}

const (
	idle = iota
	busy
)

// enter waits until the machine is idle, and makes it busy.
func (m *machine) enter() error {
	if m.state.CompareAndSwap(idle, busy) {
		return nil
	}
	m.log.WriteString("waits")
	m.mu.Lock()
	if m.state.CompareAndSwap(idle, busy) {
		m.mu.Unlock()
		return nil
	}
	turn := make(chan error, 1)
	m.waiting = append(m.waiting, turn)
	m.mu.Unlock()
	return <-turn
}

func (m *machine) leave() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.state.Store(idle)
	if len(m.waiting) > 0 && m.state.CompareAndSwap(idle, busy) {
		m.waiting[0] <- nil
		m.waiting = m.waiting[1:]
	}
}

func machines(log *os.File) {
	m := &machine{log: log}
	var order []int
	var wg sync.WaitGroup
	for i := range 5 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			if err := m.enter(); err != nil {
				return
			}
			order = append(order, i)
			log.WriteString("in")
			m.leave()
		}()
	}
	wg.Wait()
}

// It leaves the machine before it is done.
func machinesLeftEarly(log *os.File) {
	m := &machine{log: log}
	var order []int
	var wg sync.WaitGroup
	for i := range 5 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			if err := m.enter(); err != nil {
				return
			}
			m.leave()
			order = append(order, i) // want "`order` is written here"
			log.WriteString("in")
		}()
	}
	wg.Wait()
}

// The last one closes.
func last(hosts []string, log *os.File) {
	var left int64 = 1
	connected := make(chan struct{}, len(hosts))
	for _, host := range hosts {
		atomic.AddInt64(&left, 1)
		go func() {
			log.WriteString(host)
			connected <- struct{}{}
			if atomic.AddInt64(&left, -1) == 0 {
				close(connected)
			}
		}()
	}
	if atomic.AddInt64(&left, -1) == 0 {
		close(connected)
	}
	for range connected {
	}
}

// The last one closes, but sends go on behind the count.
func lastTooEarly(hosts []string, log *os.File) {
	var left int64 = 1
	connected := make(chan struct{}, len(hosts))
	for _, host := range hosts {
		atomic.AddInt64(&left, 1)
		go func() {
			log.WriteString(host)
			if atomic.AddInt64(&left, -1) == 0 {
				log.WriteString("last")
			}
			connected <- struct{}{}
		}()
	}
	if atomic.AddInt64(&left, -1) == 0 {
		close(connected) // want "`connected` is closed here and sent to"
	}
	for range connected {
	}
}

// A generation waits for those that run, by their number.
type generation struct {
	mu     sync.Mutex
	n      int
	closed bool
	joined chan struct{}
}

func (g *generation) start(f func()) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.n++
	go func() {
		f()
		g.mu.Lock()
		g.n--
		if g.n == 0 && g.closed {
			close(g.joined)
		}
		g.mu.Unlock()
	}()
}

func (g *generation) close() {
	g.mu.Lock()
	g.closed = true
	n := g.n
	g.mu.Unlock()
	if n > 0 {
		<-g.joined
	}
}

func generations(log *os.File) int {
	g := &generation{joined: make(chan struct{})}
	count := 0
	g.start(func() {
		log.WriteString("runs")
		count++
	})
	g.close()
	return count
}

// It reads before it waits.
func generationsEarly(log *os.File) int {
	g := &generation{joined: make(chan struct{})}
	count := 0
	g.start(func() {
		log.WriteString("runs")
		count++ // want "`count` is written here"
	})
	n := count
	g.close()
	return n
}

// A batcher works itself if there is no time to wait.
type batcher struct {
	timeout time.Duration
	work    func(int)
	submit  chan *job
}

type job struct {
	n    int
	done chan error
}

func newBatcher(timeout time.Duration, work func(int)) *batcher {
	return &batcher{timeout: timeout, work: work}
}

func (b *batcher) run(n int) error {
	if b.timeout == 0 {
		b.work(n)
		return nil
	}
	j := &job{n, make(chan error, 1)}
	b.submit <- j
	return <-j.done
}

func (b *batcher) loop(log *os.File) {
	var all []chan error
	for j := range b.submit {
		b.work(j.n)
		all = append(all, j.done)
		for _, done := range all {
			done <- errors.New("done")
		}
		all = nil
		log.WriteString("round")
	}
}

func batches(log *os.File) {
	total := 0
	b := newBatcher(time.Second, func(n int) { total += n })
	b.submit = make(chan *job)
	go b.loop(log)
	var wg sync.WaitGroup
	for i := range 3 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			b.run(i)
		}()
	}
	wg.Wait()
	println(total)
}

// Without a time each works by itself.
func batchesAtOnce(log *os.File) {
	total := 0
	b := newBatcher(0, func(n int) {
		log.WriteString("works")
		total += n // want "`total` is written here"
	})
	var wg sync.WaitGroup
	for i := range 3 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			b.run(i)
		}()
	}
	wg.Wait()
	println(total)
}

// A medium has a goroutine or does all itself, as its options say.
type medium struct {
	queued bool
	latest string
	queue  chan string
	log    *os.File
}

func newMedium(queued bool, log *os.File) *medium {
	m := &medium{queued: queued, queue: make(chan string), log: log}
	if queued {
		go m.writer()
	}
	return m
}

func (m *medium) writer() {
	for s := range m.queue {
		m.broadcast(s)
	}
}

func (m *medium) broadcast(s string) {
	m.log.WriteString(s)
	m.latest = s
}

func (m *medium) send(s string) {
	if m.queued {
		m.queue <- s
	} else {
		m.broadcast(s)
	}
}

func media(queued bool, log *os.File) {
	m := newMedium(queued, log)
	m.send("a")
	m.send("b")
}

// A switched is a medium whose option somebody changes.
type switched struct {
	queued bool
	latest string
	log    *os.File
}

func (s *switched) set(on bool) { s.queued = on }

func switchedMedia(queued bool, log *os.File) {
	s := &switched{queued: queued, log: log}
	if s.queued {
		go func() {
			log.WriteString("on")
			s.latest = "goroutine"
		}()
	}
	s.set(false)
	if !s.queued {
		s.latest = "here" // want "`s.latest` is written here"
	}
}

// A relay keeps its options as a whole.
type relay struct {
	opts   options
	latest string
	queue  chan string
	log    *os.File
}

type options struct {
	queued bool
	depth  int
}

func newRelay(opts options, log *os.File) *relay {
	r := &relay{opts: opts, queue: make(chan string), log: log}
	if opts.queued {
		go r.writer()
	}
	return r
}

func (r *relay) writer() {
	for s := range r.queue {
		r.broadcast(s)
	}
}

func (r *relay) broadcast(s string) {
	r.log.WriteString(s)
	r.latest = s
}

func (r *relay) send(s string) {
	if r.opts.queued {
		r.queue <- s
	} else {
		r.broadcast(s)
	}
}

func relays(opts options, log *os.File) {
	r := newRelay(opts, log)
	r.send("a")
	r.send("b")
}

// It sends itself where the goroutine does, too.
func (r *relay) sendTwice(s string) {
	if r.opts.queued {
		r.queue <- s
	}
	if r.opts.depth > 1 {
		r.latest = s // want "`r.latest` is written here"
	}
}

func relaysTwice(opts options, log *os.File) {
	r := newRelay(opts, log)
	r.sendTwice("a")
}
