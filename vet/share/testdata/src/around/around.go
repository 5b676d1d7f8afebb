// Package around calls functions that are not known, in programs in which
// values keep goroutines apart. Nothing is wrong with any of them.
package around

import (
	"context"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
)

func use(string)        {}
func unknown(i int) int { n, _ := os.Getwd(); return len(n) + i }

// --- closed once
type c1 struct {
	closed atomic.Bool
	done   chan struct{}
}

func (x *c1) Close() error {
	if !x.closed.CompareAndSwap(false, true) {
		return nil
	}
	defer close(x.done)
	os.Remove("x")
	return nil
}
func NewC1() *c1 {
	x := &c1{done: make(chan struct{})}
	go func() { os.Getwd(); x.Close() }()
	return x
}
func UseC1() { x := NewC1(); x.Close(); <-x.done }

type c2 struct {
	mu     sync.Mutex
	closed bool
	done   chan struct{}
}

func (x *c2) Close() error {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.closed {
		return os.ErrClosed
	}
	x.closed = true
	close(x.done)
	return nil
}
func UseC2() {
	x := &c2{done: make(chan struct{})}
	go func() { os.Getwd(); x.Close() }()
	os.Getwd()
	x.Close()
	<-x.done
}

type c3 struct {
	once sync.Once
	done chan struct{}
}

func (x *c3) Close() { x.once.Do(func() { close(x.done) }) }
func UseC3() {
	x := &c3{done: make(chan struct{})}
	for range 3 {
		go func() { os.Getwd(); x.Close() }()
	}
	os.Getwd()
	x.Close()
	<-x.done
}

type c4 struct {
	state int32
	done  chan struct{}
}

func (x *c4) Close() {
	if atomic.SwapInt32(&x.state, 1) == 1 {
		return
	}
	close(x.done)
}
func UseC4() {
	x := &c4{done: make(chan struct{})}
	for range 3 {
		go func() { os.Getwd(); x.Close() }()
	}
	os.Getwd()
	x.Close()
	<-x.done
}

type c5 struct {
	mu   sync.Mutex
	done chan struct{}
}

func (x *c5) Close() {
	x.mu.Lock()
	defer x.mu.Unlock()
	select {
	case <-x.done:
	default:
		close(x.done)
	}
}
func UseC5() {
	x := &c5{done: make(chan struct{})}
	for range 3 {
		go func() { os.Getwd(); x.Close() }()
	}
	os.Getwd()
	x.Close()
	<-x.done
}

type c6 struct {
	mu   sync.Mutex
	done chan struct{}
}

func (x *c6) Close() {
	x.mu.Lock()
	ch := x.done
	x.done = nil
	x.mu.Unlock()
	if ch != nil {
		close(ch)
	}
}
func UseC6() {
	x := &c6{done: make(chan struct{})}
	for range 3 {
		go func() { os.Getwd(); x.Close() }()
	}
	os.Getwd()
	x.Close()
}

type c7 struct {
	refs atomic.Int32
	done chan struct{}
}

func (x *c7) release() {
	if x.refs.Add(-1) == 0 {
		close(x.done)
	}
}
func UseC7() {
	x := &c7{done: make(chan struct{})}
	x.refs.Store(4)
	for range 3 {
		go func() { os.Getwd(); x.release() }()
	}
	os.Getwd()
	x.release()
	<-x.done
}

// --- double checked init
type d1 struct {
	ready atomic.Bool
	mu    sync.Mutex
	m     map[string]int
}

func (l *d1) get(k string) int {
	if !l.ready.Load() {
		l.init()
	}
	return l.m[k]
}
func (l *d1) init() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.ready.Load() {
		return
	}
	l.m = map[string]int{"a": unknown(1)}
	l.ready.Store(true)
}
func UseD1() {
	l := &d1{}
	for range 3 {
		go func() { unknown(l.get("a")) }()
	}
	unknown(l.get("b"))
}

var (
	gReady uint32
	gMu    sync.Mutex
	gTable []int
)

func table() []int {
	if atomic.LoadUint32(&gReady) == 0 {
		gMu.Lock()
		defer gMu.Unlock()
		if gReady == 0 {
			gTable = []int{unknown(1)}
			atomic.StoreUint32(&gReady, 1)
		}
	}
	return gTable
}
func UseD2() { go func() { unknown(table()[0]) }(); unknown(table()[0]) }

type d3 struct {
	p  atomic.Pointer[[]int]
	mu sync.Mutex
}

func (l *d3) get() []int {
	if p := l.p.Load(); p != nil {
		return *p
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if p := l.p.Load(); p != nil {
		return *p
	}
	s := []int{unknown(2)}
	s[0]++
	l.p.Store(&s)
	return s
}
func UseD3() {
	l := &d3{}
	for range 3 {
		go func() { unknown(l.get()[0]) }()
	}
	unknown(l.get()[0])
}

type d4 struct {
	mu sync.RWMutex
	m  map[int]int
}

func (l *d4) get() map[int]int {
	l.mu.RLock()
	m := l.m
	l.mu.RUnlock()
	if m != nil {
		return m
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.m == nil {
		l.m = map[int]int{1: unknown(1)}
	}
	return l.m
}
func UseD4() {
	l := &d4{}
	for range 3 {
		go func() { unknown(l.get()[0]) }()
	}
	unknown(l.get()[0])
}

// --- flag cleared
func F1(work func()) {
	var sum int
	var mu sync.Mutex
	busy := true
	go func() { work(); sum = 5; mu.Lock(); busy = false; mu.Unlock() }()
	work()
	mu.Lock()
	b := busy
	mu.Unlock()
	if !b {
		sum++
	}
}

type f2 struct {
	mu      sync.Mutex
	pending int
	sum     int
}

func (x *f2) run()         { x.sum = unknown(1); x.mu.Lock(); x.pending--; x.mu.Unlock() }
func (x *f2) isDone() bool { x.mu.Lock(); defer x.mu.Unlock(); return x.pending == 0 }
func UseF2() int {
	x := &f2{pending: 1}
	go x.run()
	unknown(1)
	if x.isDone() {
		return x.sum
	}
	return 0
}

// --- group passes on
func G1() int {
	total := 0
	var first, second sync.WaitGroup
	first.Add(1)
	go func() { defer first.Done(); total = unknown(1) }()
	second.Go(func() { first.Wait(); os.Getwd() })
	second.Wait()
	return total
}
func G2() int {
	total := 0
	done := make(chan struct{})
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() { os.Getwd() })
	}
	wg.Go(func() { total = unknown(1) })
	go func() { wg.Wait(); close(done) }()
	<-done
	return total
}
func G3(ctx context.Context) (total int) {
	done := make(chan struct{})
	go func() { defer close(done); total = unknown(1) }()
	select {
	case <-done:
		return total
	case <-ctx.Done():
		<-done
	}
	return total
}

// --- last one
func L1() int {
	var left atomic.Int32
	left.Store(3)
	sum := make([]int, 3)
	done := make(chan int)
	for i := range 3 {
		go func() {
			sum[i] = unknown(i)
			if left.Add(-1) == 0 {
				t := 0
				for _, s := range sum {
					t += s
				}
				done <- t
			}
		}()
	}
	return <-done
}
func L2() int {
	var mu sync.Mutex
	left := 3
	best := 0
	done := make(chan struct{})
	for i := range 3 {
		go func() {
			n := unknown(i)
			mu.Lock()
			if n > best {
				best = n
			}
			left--
			last := left == 0
			mu.Unlock()
			if last {
				close(done)
			}
		}()
	}
	<-done
	return best
}

// --- lock handed over
func H1() int {
	var mu sync.Mutex
	x := 0
	mu.Lock()
	go func() { x = unknown(1); mu.Unlock() }()
	mu.Lock()
	defer mu.Unlock()
	return x
}

type h2 struct {
	mu sync.Mutex
	n  int
}

func (h *h2) begin()  { h.mu.Lock(); h.n++; go h.finish() }
func (h *h2) finish() { defer h.mu.Unlock(); h.n = unknown(h.n) }
func UseH2() int {
	h := &h2{}
	h.begin()
	h.begin()
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.n
}

// --- ping pong
func P1() {
	ball := 0
	there, back := make(chan int), make(chan int)
	go func() {
		for range there {
			ball += unknown(1)
			back <- 1
		}
	}()
	for range 5 {
		ball++
		there <- 1
		<-back
	}
	close(there)
}
func P2() {
	var ball []string
	turn := make(chan struct{})
	go func() {
		for i := 0; i < 3; i++ {
			<-turn
			ball = append(ball, os.Getenv("A"))
			turn <- struct{}{}
		}
	}()
	for i := 0; i < 3; i++ {
		turn <- struct{}{}
		<-turn
		ball = append(ball, os.Getenv("B"))
	}
}

type req struct {
	n     int
	reply chan int
}

func P3() int {
	ch := make(chan *req)
	go func() {
		for r := range ch {
			r.n = unknown(r.n)
			r.reply <- r.n
		}
	}()
	s := 0
	for i := range 3 {
		r := &req{i, make(chan int)}
		ch <- r
		s += <-r.reply
		r.n++
	}
	close(ch)
	return s
}

// --- single winner
func S1() int {
	var won atomic.Int32
	out := make(chan int, 1)
	res := 0
	for i := range 3 {
		go func() {
			n := unknown(i)
			if won.CompareAndSwap(0, 1) {
				res = n
				out <- 1
			}
		}()
	}
	<-out
	return res
}

type s2 struct {
	state uint32
	res   int
	done  chan struct{}
}

func (s *s2) finish(n int) bool {
	if !atomic.CompareAndSwapUint32(&s.state, 0, 1) {
		return false
	}
	s.res = n
	close(s.done)
	return true
}
func UseS2() int {
	s := &s2{done: make(chan struct{})}
	for i := range 3 {
		go func() { s.finish(unknown(i)) }()
	}
	<-s.done
	return s.res
}
func S3() int {
	var once sync.Once
	res := 0
	var wg sync.WaitGroup
	for i := range 3 {
		wg.Go(func() { n := unknown(i); once.Do(func() { res = n }) })
	}
	wg.Wait()
	return res
}

// --- spin lock
type spin struct{ v atomic.Uint32 }

func (s *spin) Lock() {
	for !s.v.CompareAndSwap(0, 1) {
		runtime.Gosched()
	}
}
func (s *spin) Unlock() { s.v.Store(0) }
func N1() int {
	var s spin
	n := 0
	var wg sync.WaitGroup
	for i := range 3 {
		wg.Go(func() { s.Lock(); defer s.Unlock(); n += unknown(i) })
	}
	s.Lock()
	n++
	s.Unlock()
	wg.Wait()
	return n
}

type n2 struct {
	spin
	m map[string]int
}

func (x *n2) put(k string) { x.Lock(); x.m[k] = unknown(1); x.Unlock() }
func UseN2() {
	x := &n2{m: map[string]int{}}
	for range 3 {
		go x.put(os.Getenv("K"))
	}
	x.put("b")
}

type n3 struct{ v int32 }

func (s *n3) lock() {
	for atomic.SwapInt32(&s.v, 1) != 0 {
		runtime.Gosched()
	}
}
func (s *n3) unlock() { atomic.StoreInt32(&s.v, 0) }
func UseN3() {
	var s n3
	n := 0
	for i := range 3 {
		go func() { s.lock(); n += unknown(i); s.unlock() }()
	}
	s.lock()
	n++
	s.unlock()
}

// --- token channels
func T1() int {
	sem := make(chan struct{}, 1)
	n := 0
	var wg sync.WaitGroup
	for i := range 3 {
		wg.Add(1)
		go func() { defer wg.Done(); sem <- struct{}{}; defer func() { <-sem }(); n += unknown(i) }()
	}
	wg.Wait()
	return n
}

type t2 struct {
	tok chan struct{}
	n   int
}

func (t *t2) lock()     { <-t.tok }
func (t *t2) unlock()   { t.tok <- struct{}{} }
func (t *t2) add(i int) { t.lock(); defer t.unlock(); t.n += unknown(i) }
func UseT2() {
	t := &t2{tok: make(chan struct{}, 1)}
	t.tok <- struct{}{}
	for i := range 3 {
		go t.add(i)
	}
	t.add(9)
}
func T3() {
	box := make(chan *[]int, 1)
	box <- &[]int{}
	for i := range 3 {
		go func() { p := <-box; *p = append(*p, unknown(i)); box <- p }()
	}
	p := <-box
	*p = append(*p, 1)
	box <- p
}

// --- counted handshake
func K1() {
	ch := make(chan int)
	n := 0
	go func() {
		for range 5 {
			n += unknown(<-ch)
		}
		close(ch)
	}()
	for i := range 5 {
		ch <- i
	}
	<-ch
	n++
}
func K2() int {
	res := make([]int, 3)
	done := make(chan bool)
	for i := range 3 {
		go func() { res[i] = unknown(i); done <- true }()
	}
	for range 3 {
		<-done
	}
	return res[0] + res[1]
}
func K3() int {
	res := map[int]int{}
	done := make(chan [2]int)
	for i := range 3 {
		go func() { done <- [2]int{i, unknown(i)} }()
	}
	for range 3 {
		r := <-done
		res[r[0]] = r[1]
	}
	return len(res)
}
