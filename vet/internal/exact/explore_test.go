package exact_test

import (
	"strings"
	"testing"

	"github.com/fearless-go/fearless/vet/internal/exact"
)

// Programs of what the random ones do not have.
func TestExplore(t *testing.T) {
	for _, test := range []struct {
		name, src string
		races     int
		reason    string
	}{
		{"cond", `import "sync"
func Run() {
	var mu sync.Mutex
	c := sync.NewCond(&mu)
	ready, x := false, 0
	go func() { x = 1; mu.Lock(); ready = true; mu.Unlock(); c.Signal() }()
	mu.Lock()
	for !ready { c.Wait() }
	mu.Unlock()
	println(x)
}`, 0, ""},
		{"a lock by its method values", `import "sync"
func Run() {
	var mu sync.Mutex
	var wg sync.WaitGroup
	x := 0
	lock, unlock, done := mu.Lock, mu.Unlock, wg.Done
	wg.Add(1)
	go func() { defer done(); lock(); x++; unlock() }()
	lock(); x++; unlock()
	wg.Wait()
	x++
}`, 0, ""},
		{"two locks by their method values", `import "sync"
func Run() {
	var mu, other sync.Mutex
	x := 0
	lock, unlock := other.Lock, other.Unlock
	go func() { lock(); x = 1; unlock() }()
	mu.Lock(); println(x); mu.Unlock()
}`, 1, ""},
		{"a lock that is embedded behind a field, by an interface and by its method's name", `import "sync"
type guarded struct { n int; sync.Mutex }
func Run() {
	g := &guarded{}
	var l sync.Locker = g
	lock := (*guarded).Lock
	x := 0
	go func() { l.Lock(); x++; g.n++; l.Unlock() }()
	lock(g); x++; g.n++; g.Unlock()
}`, 0, ""},
		{"a wait that is a method value", `import "sync"
func Run() {
	var mu sync.Mutex
	c := sync.NewCond(&mu)
	ready, x := false, 0
	wait, signal := c.Wait, c.Signal
	go func() { x = 1; mu.Lock(); ready = true; mu.Unlock(); signal() }()
	mu.Lock()
	for !ready { wait() }
	mu.Unlock()
	println(x)
}`, 0, ""},
		{"a read lock does not order readers", `import "sync"
func Run() {
	var mu sync.RWMutex
	x := 0
	go func() { mu.RLock(); x++; mu.RUnlock() }()
	mu.RLock(); println(x); mu.RUnlock()
}`, 1, ""},
		{"interface, method, closure, defer", `import "sync"
type adder interface{ add() }
type n struct { mu sync.Mutex; v int }
func (n *n) add() { n.mu.Lock(); defer n.mu.Unlock(); n.v++ }
func Run() {
	var a adder = &n{}
	add := a.add
	go add()
	func() { defer a.add() }()
	println(a.(*n).v)
}`, 1, ""},
		{"map", `func Run() {
	m := map[string][]int{"a": {1}}
	done := make(chan bool)
	go func() { m["b"] = append(m["a"], 2); close(done) }()
	println(len(m))
	<-done
	println(m["b"][1])
}`, 1, ""},
		{"elements of one array by two slices", `func Run() {
	a := make([]int, 4)
	b := a[2:]
	go func() { b[0] = 1 }()
	a[1] = 1
	for i := range a[:2] { a[i]++ }
	a[2]++
}`, 2, ""},
		{"what a racy flag says is followed", `func Run() {
	x, flag := 0, false
	go func() { flag = true; x = 1 }()
	if flag { x = 2 }
	_ = &x
}`, 2, ""},
		{"select", `func Run() {
	a, b, x := make(chan int), make(chan int, 1), 0
	go func() { x++; select { case a <- 1: case b <- 1: } }()
	select { case <-a: x++; case <-b: x++ }
}`, 0, ""},
		{"unbuffered send learns of its receiver", `func Run() {
	a, x := make(chan int), 0
	go func() { x++; <-a }()
	a <- 1
	x++
}`, 0, ""},
		{"closing and sending", `func Run() {
	a := make(chan int, 1)
	go close(a)
	a <- 1
}`, 1, ""},
		{"a timer's channel", `import "time"
func Run() {
	x, done := 0, make(chan bool)
	go func() { x = 1; close(done) }()
	select { case <-done: println(x); case <-time.After(1): println(x) }
}`, 1, ""},
		{"a group used for two rounds", `import "sync"
func Run() {
	var wg sync.WaitGroup
	x := 0
	for range 2 { wg.Add(1); go func() { x++; wg.Done() }(); wg.Wait() }
}`, 0, ""},
		{"atomic.Pointer", `import "sync/atomic"
type t struct { n int }
func Run() {
	var p atomic.Pointer[t]
	go func() { v := &t{n: 1}; p.Store(v); v.n = 2 }()
	if v := p.Load(); v != nil { println(v.n) }
}`, 1, ""},
		{"it prints", `import "fmt"
func Run() { x := 0; go func() { x = 1 }(); fmt.Println(x) }`, 1, ""},
		{"a lock of which one is made anew", `import "sync"
func Run() { var mu sync.Mutex; go mu.Lock(); mu = sync.Mutex{} }`, 1, ""},
		{"a Once that is overwritten runs again", `import "sync"
type t struct { once sync.Once; x int }
func need(v *t) { v.once.Do(func() { v.x++; go func() { println(v.x) }() }) }
func Run() { v := new(t); need(v); v.once = sync.Once{}; need(v) }`, 1, ""},
		{"a Once that is not does not", `import "sync"
type t struct { once sync.Once; x int }
func need(v *t) { v.once.Do(func() { v.x++; go func() { println(v.x) }() }) }
func Run() { v := new(t); v.once = sync.Once{}; need(v); need(v) }`, 0, ""},
		{"Onces that copy and clear overwrite", `import "sync"
func Run() {
	x, o := 0, make([]sync.Once, 3)
	need := func(i int) { o[i].Do(func() { x++; go func() { println(x) }() }) }
	need(0); copy(o, make([]sync.Once, 1)); need(0)
}`, 1, ""},
		{"Onces in an array", `import "sync"
type t struct { once [2]sync.Once; x int }
func Run() {
	var v t
	need := func(i int) { v.once[i].Do(func() { v.x++; go func() { println(v.x) }() }) }
	need(1); v.once = [2]sync.Once{}; need(1)
}`, 1, ""},
		{"a lock that is overwritten is free, and tells nothing", `import "sync"
func Run() {
	var mu sync.Mutex
	x, c := 0, make(chan int)
	go func() { mu.Lock(); x = 1; mu.Unlock(); c <- 0; x = 2 }()
	<-c
	mu.Lock()
	mu = sync.Mutex{}
	mu.Lock()
	x++
}`, 2, ""},
		{"a Once that is overwritten while it runs", `import "sync"
func Run() { var once sync.Once; once.Do(func() { once = sync.Once{} }) }`, 0, "overwritten while it is used"},
		{"a copy of a lock that is held", `import "sync"
type t struct { mu sync.Mutex }
func Run() { var v t; v.mu.Lock(); w := v; w.mu.Lock() }`, 0, "a copy of a lock"},
		{"package variables have their first values", `var on, c = true, make(chan int, 1)
func Run() { x := 0; go func() { x = 1; c <- 1 }(); if on { <-c }; x++ }`, 0, ""},

		{"as many read locks as there are followed", `import "sync"
func Run() { var mu sync.RWMutex; for range 256 { mu.RLock() }; x := 0; go func() { x++ }(); x++ }`, 3, ""},
		{"more read locks", `import "sync"
func Run() { var mu sync.RWMutex; for range 257 { mu.RLock() }; x := 0; go func() { x++ }(); x++ }`, 0, "more read locks at once than are followed"},

		{"calls what is not known", `import "os"
func Run() { x := 0; go func() { x = 1 }(); x = 2; _ = &x; os.ReadFile("x") }`, 1, "it calls os.ReadFile"},
		{"input", `import "os"
func Run() { os.ReadFile("x") }`, 0, "it calls os.ReadFile"},
		{"no end", `func Run() { for { } }`, 0, "no end"},
		{"counts for good", `func Run() { c := make(chan int, 1); for i := 0; ; i++ { c <- i; <-c } }`, 0, "too many states"},
		{"parameters", `func Run(n int) {}`, 0, "parameters"},
		{"generic code that moves", `func id[T any](v T) T { return v }
func Run() { x := 0; go func() { x = id(1) }(); x = id(2); _ = &x }`, 1, ""},
		{"a generic lock", `import "sync"
type box[T any] struct { mu sync.Mutex; v T }
func (b *box[T]) set(v T) { b.mu.Lock(); b.v = v; b.mu.Unlock() }
func Run() { b := &box[int]{}; go b.set(1); b.set(2) }`, 0, ""},
		{"a generic lock that one forgets", `import "sync"
type box[T any] struct { mu sync.Mutex; v T }
func (b *box[T]) set(v T) { b.mu.Lock(); b.v = v; b.mu.Unlock() }
func (b *box[T]) get() T { return b.v }
func Run() { b := &box[string]{}; go b.set("x"); println(b.get()) }`, 1, ""},
		{"double-checked, by an atomic", `import ("sync"; "sync/atomic")
type lazy[T any] struct { mu sync.Mutex; done atomic.Bool; v T; f func() T }
func (l *lazy[T]) get() T {
	if !l.done.Load() {
		l.mu.Lock(); defer l.mu.Unlock()
		if !l.done.Load() { l.v = l.f(); l.done.Store(true) }
	}
	return l.v
}
func Run() { l := &lazy[int]{f: func() int { return 7 }}; go l.get(); go l.get(); l.get() }`, 0, ""},
		{"double-checked, by a flag", `import "sync"
type lazy[T any] struct { mu sync.Mutex; done bool; v T; f func() T }
func (l *lazy[T]) get() T {
	if !l.done {
		l.mu.Lock(); defer l.mu.Unlock()
		if !l.done { l.v = l.f(); l.done = true }
	}
	return l.v
}
func Run() { l := &lazy[*int]{f: func() *int { return nil }}; go l.get(); l.get() }`, 2, ""},
		{"two instances, one in the other", `import "sync"
type cell[T any] struct { v T; n int }
type pair[A, B any] struct { mu sync.Mutex; a cell[A]; b cell[B] }
func (c *cell[T]) put(v T) { c.v = v; c.n++ }
func (p *pair[A, B]) left(a A) { p.mu.Lock(); p.a.put(a); p.mu.Unlock() }
func (p *pair[A, B]) right(b B) { p.mu.Lock(); p.b.put(b); p.mu.Unlock() }
func Run() { p := new(pair[int, string]); go p.left(1); go p.right("x"); p.left(2) }`, 0, ""},
		{"a closure and a goroutine in generic code", `func both[T any](v *T, a, b T) { done := make(chan bool); go func() { *v = a; done <- true }(); <-done; *v = b }
func Run() { var s string; both(&s, "a", "b") }`, 0, ""},
		{"a race of a goroutine in generic code", `func both[T any](v *T, a, b T) { done := make(chan bool, 1); go func() { *v = a; done <- true }(); *v = b; <-done }
func Run() { var s string; both(&s, "a", "b") }`, 1, ""},
		{"generic code that adds", `func add[T int | string](a, b T) T { return a + b }
func Run() { add(1, 2) }`, 0, "generic"},
		{"generic code that compares", `func same[T comparable](a, b T) bool { return a == b }
func Run() { same(1, 2) }`, 0, "generic"},
		{"generic code that boxes", `type box[T any] struct{ v T }
func (b *box[T]) any() any { return b }
func Run() { (&box[int]{}).any() }`, 0, "generic"},
		{"generic code that calls a method", `type runner interface { run() }
type job struct{}
func (*job) run() {}
func do[T runner](v T) { v.run() }
func Run() { do(&job{}) }`, 0, "generic"},
		{"a type argument of two cells", `type two struct{ a, b int }
func set[T any](p *T, v T) { *p = v }
func Run() { var x two; set(&x, two{1, 2}) }`, 0, "generic"},
		{"a slice of a type parameter", `func each[S ~[]E, E any](s S, f func(E)) { for _, e := range s { f(e) } }
func Run() { each([]int{1}, func(int) {}) }`, 0, "generic"},
		{"panics with defers", `func Run() { defer println(1); var p *int; *p = 1 }`, 0, "deferred"},
		{"the order of a map", `func Run() { for k := range map[int]int{1: 1, 2: 2} { println(k) } }`, 0, "order of a map"},
	} {
		t.Run(test.name, func(t *testing.T) {
			pkg, _, err := build("package p\n" + test.src)
			if err != nil {
				t.Fatal(err)
			}
			r := exact.Explore(pkg.Func("Run"))
			if len(r.Races) != test.races || !strings.Contains(r.Reason, test.reason) || (r.Reason == "") != (test.reason == "") || r.Complete != (r.Reason == "") {
				t.Errorf("%d races, complete %t, reason %q, %d states; want %d, %q", len(r.Races), r.Complete, r.Reason, r.States, test.races, test.reason)
				for _, race := range r.Races {
					t.Logf("%+v", race)
				}
			}
		})
	}
}
