// Package outlives has goroutines that stay when their object is closed, and
// results that are dropped with what alone can end a goroutine.
package outlives

import (
	"context"
	"sync"
	"time"
)

// A logger compresses what is old in a goroutine that nobody ends.
type logger struct {
	once sync.Once
	mill chan bool
	n    int
}

func (l *logger) Write(p []byte) (int, error) {
	l.once.Do(func() {
		l.mill = make(chan bool, 1)
		go l.run()
	})
	select {
	case l.mill <- true:
	default:
	}
	return len(p), nil
}

func (l *logger) run() {
	for range l.mill { // want "this waits for good: the goroutine started at outlives.go:[0-9]+ never ends, not even when its logger is closed"
		l.n++
	}
}

func (l *logger) Close() error { return nil }

type Cache struct {
	mu    sync.Mutex
	items map[string]time.Time
}

func NewCache() *Cache {
	c := &Cache{items: map[string]time.Time{}}
	go c.clean(time.Minute)
	return c
}

func (c *Cache) clean(every time.Duration) {
	t := time.NewTicker(every)
	defer t.Stop()
	for now := range t.C { // want "this waits for good: the goroutine started at outlives.go:[0-9]+ never ends, not even when its Cache is closed"
		c.mu.Lock()
		for k, at := range c.items {
			if at.Before(now) {
				delete(c.items, k)
			}
		}
		c.mu.Unlock()
	}
}

func (c *Cache) Close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.items = nil
	return nil
}

type queue struct {
	in, urgent chan int
}

func newQueue() *queue {
	q := &queue{make(chan int), make(chan int)}
	go func() {
		for {
			select { // want "this waits for good: the goroutine started at outlives.go:[0-9]+ never ends, not even when its queue is closed"
			case n := <-q.in:
				println(n)
			case n := <-q.urgent:
				println(n)
			}
		}
	}()
	return q
}

func (q *queue) Put(n int) { q.in <- n }

func (q *queue) Hurry(n int) { q.urgent <- n }

func (q *queue) Close() error { return nil }

type flusher struct{ dirty chan struct{} }

func (f *flusher) Open() {
	f.dirty = make(chan struct{}, 1)
	go f.loop()
}

func (f *flusher) loop() {
	for {
		<-f.dirty // want "this waits for good"
		println("flush")
	}
}

func (f *flusher) Touch() { f.dirty <- struct{}{} }

func (f *flusher) Close() error { return nil }

// Closing the channel ends the loop.
type ends struct{ in chan int }

func newEnds() *ends {
	e := &ends{make(chan int)}
	go e.run()
	return e
}

func (e *ends) run() {
	for n := range e.in {
		println(n)
	}
}

func (e *ends) Put(n int) { e.in <- n }

func (e *ends) Close() error { close(e.in); return nil }

// A value says that it is over.
type last struct{ in chan int }

func newLast() *last {
	l := &last{make(chan int)}
	go l.run()
	return l
}

func (l *last) run() {
	for n := range l.in {
		if n < 0 {
			return
		}
	}
}

func (l *last) Put(n int) { l.in <- n }

func (l *last) Close() error { l.in <- -1; return nil }

// Nobody can close it: it may be there for as long as the program is.
type kept struct{ in chan int }

func newKept() *kept {
	k := &kept{make(chan int)}
	go k.run()
	return k
}

func (k *kept) run() {
	for n := range k.in {
		println(n)
	}
}

func (k *kept) Put(n int) { k.in <- n }

// Another signal ends it.
type stopped struct {
	in   chan int
	stop chan struct{}
}

func newStopped() *stopped {
	s := &stopped{make(chan int, 1), make(chan struct{})}
	go s.run()
	return s
}

func (s *stopped) run() {
	t := time.NewTicker(time.Second)
	for {
		select {
		case <-t.C:
		case n := <-s.in:
			println(n)
		case <-s.stop:
			return
		}
	}
}

func (s *stopped) Close() error { close(s.stop); return nil }

// The goroutine is not the file's: whoever calls wants it to go on.
func watch(f *ends) {
	go func() {
		for range time.Tick(time.Minute) {
			f.Put(1)
		}
	}()
}

// The channel is its users' as well, who may close it.
type given struct{ in chan int }

func newGiven(in chan int) *given {
	g := &given{in}
	go g.run()
	return g
}

func (g *given) run() {
	for n := range g.in {
		println(n)
	}
}

func (g *given) Close() error { return nil }

// A result of begin is the one way to end its goroutine.
type tx struct {
	ctx    context.Context
	cancel context.CancelFunc
}

func begin(ctx context.Context) *tx {
	ctx, cancel := context.WithCancel(ctx)
	t := &tx{ctx, cancel}
	go t.await()
	return t
}

func (t *tx) await() { <-t.ctx.Done() }

func (t *tx) rollback() { t.cancel() }

func drops() {
	begin(context.Background()) // want "this drops what begin returns, and with it the cancel function: the goroutine started at outlives.go:[0-9]+ waits for good"
}

func keeps() {
	begin(context.Background()).rollback()
}

func bounded(ctx context.Context) {
	begin(ctx)
}

// No buffer has room for what a loop sends if nobody receives.
type results struct{ out chan int }

func newResults(size int) *results { return &results{make(chan int, size)} }

func (r *results) all(events []int) {
	for _, e := range events {
		r.one(e)
	}
}

func (r *results) one(e int) {
	r.out <- e // want "this send can wait for good: it is in a loop, and nothing in the package receives from the field out"
}

// One value has room.
type single struct{ out chan int }

func newSingle() *single { return &single{make(chan int, 1)} }

func (s *single) finish() { s.out <- 1 }

// Five values have room, or not: the size is not known, but nor is it too small.
type five struct{ out chan int }

func newFive(size int) *five { return &five{make(chan int, size)} }

func (f *five) fill() {
	for i := range 5 {
		f.out <- i
	}
}

// A poller is told to end through a channel on which nobody speaks.
type Poller struct {
	done chan struct{}
	n    int
}

func NewPoller() *Poller {
	p := &Poller{done: make(chan struct{})}
	go p.loop()
	return p
}

func (p *Poller) loop() {
	t := time.NewTicker(time.Second)
	defer t.Stop()
	for {
		select { // want "this waits for good: the goroutine started at outlives.go:[0-9]+ never ends, not even when its Poller is closed"
		case <-t.C:
			p.n++
		case <-p.done:
			return
		}
	}
}

func (p *Poller) Close() error { return nil }

// A sweeper has the dead case first, and another that ends nothing.
type sweeper struct{ stop, kick chan struct{} }

func newSweeper() *sweeper {
	s := &sweeper{make(chan struct{}), make(chan struct{})}
	go func() {
		for {
			select { // want "this waits for good"
			case <-s.stop:
				println("swept")
				return
			case <-s.kick:
			case <-time.After(time.Minute):
			}
		}
	}()
	return s
}

func (s *sweeper) Kick() {
	select {
	case s.kick <- struct{}{}:
	default:
	}
}

func (s *sweeper) Close() error { return nil }

// A beat is ended by one who closes what another field of its has.
type beat struct{ stop chan struct{} }

func newBeat() *beat {
	b := &beat{make(chan struct{})}
	go func() {
		for {
			select {
			case <-b.stop:
				return
			case <-time.After(time.Minute):
			}
		}
	}()
	return b
}

func (b *beat) Close() error {
	close(b.stop)
	return nil
}

// A pulse gives its channel away, and whoever has it may close it.
type pulse struct{ stop chan struct{} }

func newPulse() *pulse {
	p := &pulse{make(chan struct{})}
	go func() {
		for {
			select {
			case <-p.stop:
				return
			case <-time.After(time.Minute):
			}
		}
	}()
	return p
}

func (p *pulse) Stopper() chan<- struct{} { return p.stop }

func (p *pulse) Close() error { return nil }

// A watcher ends on an error, too.
type watcher struct{ stop chan struct{} }

func newWatcher(read func() error) *watcher {
	w := &watcher{make(chan struct{})}
	go func() {
		for {
			select {
			case <-w.stop:
				return
			case <-time.After(time.Minute):
				if read() != nil {
					return
				}
			}
		}
	}()
	return w
}

func (w *watcher) Close() error { return nil }
