package vet_test

import (
	"fmt"
	"strings"
)

// pieces are statements that the fuzzer puts together. All use the same
// variables, so that any sequence of them type-checks.
var pieces = []string{
	"x++",
	"println(x)",
	"xs[0] = x",
	"xs = append(xs, x)",
	"for i := range xs { xs[i]++ }",
	"m[x] = 1",
	"delete(m, 1)",
	"p.n++",
	"p = p.next",
	"p.next = &node{}",
	"c <- 1",
	"<-c",
	"close(c)",
	"for range c { x++ }",
	"select { case c <- x: x = 1; case v, ok := <-c: if ok { x = v }; default: }",
	"select { case <-c: case d <- p: }",
	"mu.Lock()",
	"mu.Unlock()",
	"defer mu.Unlock()",
	"rw.RLock(); println(x); rw.RUnlock()",
	"wg.Add(1)",
	"wg.Done()",
	"wg.Wait()",
	"once.Do(func() { x = 2 })",
	"atomic.AddInt64(&a, 1)",
	"if atomic.LoadInt64(&a) == 1 { x = 3 }",
	"for a == 0 { }",
	"f()",
	"f = func() { x++; f() }",
	"go f()",
	"defer f()",
	"defer func() { recover() }()",
	"go func(n *node) { n.n++ }(p)",
	"if x > 2 { x = 0 }",
	"if e, ok := i.(*node); ok { e.n = 1 }",
	"i = p",
	"i = x",
	"var q list[int]; q.push(1); go q.push(2)",
	"t := tree[string]{}; t.walk(func(string) { x++ })",
	"panic(x)",
	"p, p.next = p.next, p",
	"s.a[x%3].b = s.a[1].b",
	"s = s2{}",
	"for n := range seq { x += n }",
	"func() { loop: for i := range 3 { for { if i == x { continue loop }; x++; break loop } } }()",
	"func() { if x > 1 { goto done }; x++; go f(); done: println(x) }()",
	"func() { again: mu.Lock(); if x > 0 { mu.Unlock(); goto again }; mu.Unlock() }()",
	"switch x { case 1: mu.Lock(); fallthrough; case 2: mu.Unlock(); default: x = 2 }",
	"h := p.add; go h(1); h(2)",
	"h := (*node).add; go h(p, 1)",
	"var it adder = p; go it.add(x); it.add(2)",
	"go p.add(x)",
	"defer p.add(x)",
	"e.Lock(); e.n++; e.Unlock()",
	"go func() { e.Lock(); defer e.Unlock(); e.n++ }()",
	"e.RLock(); x = e.n; defer e.RUnlock()",
	"for k, v := range pairs(m) { m[k] = v + 1; go func() { x += v }() }",
	"for v := range nested(p) { v.n++; if v.n > 2 { break } }",
	"defer func() { if r := recover(); r != nil { mu.Unlock(); panic(r) } }()",
	"err = func() (err error) { wg.Go(func() { err = nil }); return }()",
	"swap(&x, &g)",
	"go swap(p, p.next)",
	"grow(list[list[int]]{}, 3)",
	"var b box[box[int]]; go b.set(box[int]{}); b.set(box[int]{v: x})",
	"fixed[int](func(r func(int) int) func(int) int { return func(n int) int { go r(n); return x } })(3)",
	"xs = append(xs[:1:1], xs[1:]...)",
	"copy(xs, xs[x:])",
	"clear(m)",
	"var arr [4]int; go func() { arr[x%4]++ }(); arr[0] = len(arr)",
	"ptr := &xs[0]; go func() { *ptr++ }()",
	"defer close(c)",
	"select {}",
	"cond.L.Lock(); for x == 0 { cond.Wait() }; cond.L.Unlock()",
	"cond.Wait()",
	"gr.Go(func() error { x++; return err }); err = gr.Wait()",

	"v := lm.Lock(); *v.Ptr() += x; v.Unlock()",
	"v := lm.Lock(); defer v.Unlock(); x = v.Get()",
	"lm.Lock()",
	"v, e := lm.TryLock(); if e == nil { v.Set(1); v.Unlock() }",
	"lm.With(func(v *int) { *v++; x = *v; keep = v })",
	"keep = func() *int { v := lm.Lock(); defer v.Unlock(); return v.Ptr() }()",
	"v := lm.Lock(); v.Unlock(); v.Unlock(); x = v.Get()",
	"v := lm.Lock(); go func() { *v.Ptr() = 1; v.Unlock() }()",
	"v := lm.Lock(); cv.Wait(v); v.Unlock()",
	"v := lm.Lock(); cv.WaitWhile(v, func() bool { return *v.Ptr() == 0 }); v.Unlock()",
	"cv.NotifyAll()",
	"v := rwl.Read(); *v.Ptr() = 1; v.Unlock()",
	"v := rwl.Write(); defer v.Unlock(); *v.Ptr() = x",
	"r1 := rwl.Read(); r2 := rwl.Read(); r2.Unlock(); r1.Unlock()",
	"*keep = x",
	"h := thread.Go(func() { x++ }); h.Join()",
	"thread.Go(func() { a2.Ptr(); x = a2.Get() })",
	"h := thread.Spawn(func() rc.Rc[int] { return r2 }); h.Join(); h.Join()",
	"thread.Scope(func(s *thread.ScopeHandle) { s.Go(func() { x++ }); s.Go(func() { x++ }) })",
	"thread.Park()",
	"b := a2.Clone(); b.Drop(); x = b.Get()",
	"keep = a2.Ptr(); a2.Drop()",
	"if v, ok := a2.GetMut(); ok { *v = x }",
	"w := a2.Downgrade(); if b, ok := w.Upgrade(); ok { b.Drop() }",
	"go func() { println(r2.Get()) }()",
	"b := r2.Clone(); b.Drop(); b.Drop()",
	"c2.Set(c2.Get() + 1)",
	"go c2.Set(1)",
	"b1 := c3.BorrowMut(); b2 := c3.Borrow(); x = b2.Get(); b1.Set(x); b2.Release(); b1.Release()",
	"c3.WithMut(func(v *int) { keep = v })",
	"u.Store(1, atomics.Release); x = int(u.Load(atomics.Acquire))",
	"if u.Load(atomics.Relaxed) == 0 { u.Store(u.FetchAdd(1, atomics.Relaxed), atomics.Relaxed) }",
	"u.Load(atomics.Release); u.Store(1, atomics.Acquire)",
	"ap.Store(p, atomics.Relaxed)",
	"for ap.Load(atomics.Acquire) == nil { atomics.SpinLoop() }; ap.Load(atomics.Relaxed).n++",
	"once2.Do(func() { once2.Do(func() { x++ }) })",
}

// An opener is a statement that holds the ones that follow, up to end.
type opener struct{ begin, end string }

var openers = []opener{
	{"go func() {", "}()"},
	{"wg.Go(func() {", "})"},
	{"func() {", "}()"},
	{"for range 3 {", "}"},
	{"for x < 10 {", "}"},
	{"if x == 1 {", "}"},
	{"defer func() {", "}()"},
	{"once.Do(func() {", "})"},
	{"{", "}"},
	{"lm.With(func(*int) {", "})"},
	{"for k := range seq { x = k", "}"},
	{"thread.Go(func() {", "})"},
	{"thread.Scope(func(sc *thread.ScopeHandle) { sc.Go(func() {", "}) })"},
	{"gr.Go(func() error {", "; return nil })"},
	{"select { case x = <-c:", "; default: }"},
	{"switch x { case 1, 2:", "}"},
	{"for k := range xs { xs[k]++; defer func() {", "}() }"},
	{"f = func() {", "}; f()"},
	{"if got, ok := <-c; ok { x = got", "} else { x-- }"},
}

// What a byte of a program's data means: a piece, an opener, or the end of
// what was opened last.
const (
	firstOpener = 200
	end         = 250
)

func open(i int) byte { return byte(firstOpener + i%len(openers)) }

// program is the package that data stands for.
func program(data []byte) string {
	var b strings.Builder
	b.WriteString(`package snippet

import (
	"sync"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"github.com/fearless-go/fearless/arc"
	atomics "github.com/fearless-go/fearless/atomic"
	"github.com/fearless-go/fearless/cell"
	"github.com/fearless-go/fearless/lock"
	"github.com/fearless-go/fearless/rc"
	"github.com/fearless-go/fearless/thread"
)

type node struct { n int; next *node }
func (p *node) add(i int) { p.n += i; if p.next != nil { p.next.add(i) } }
type adder interface { add(int) }
type embeds struct { sync.RWMutex; n int }
type s2 struct { a [3]struct{ b, c int } }
type list[T any] struct { v T; next *list[T] }
func (l *list[T]) push(v T) { l.v = v; if l.next != nil { l.next.push(v) } }
type tree[T any] struct { left, right *tree[T]; v T }
func (t *tree[T]) walk(f func(T)) { if t == nil { return }; go t.left.walk(f); f(t.v); t.right.walk(f) }
type box[T any] struct { mu sync.Mutex; v T; in *box[T] }
func (b *box[T]) set(v T) { b.mu.Lock(); defer b.mu.Unlock(); b.v = v; if b.in != nil { go b.in.set(v) } }
func swap[T any](a, b *T) { *a, *b = *b, *a; go swap(b, a) }
func grow[T any](v T, n int) { if n > 0 { go grow(v, n-1); grow(v, n-2) } }
func fixed[T any](f func(func(T) T) func(T) T) func(T) T { return func(v T) T { return f(fixed(f))(v) } }
func seq(yield func(int) bool) { for i := range 3 { if !yield(i) { return } } }
func pairs[K comparable, V any](m map[K]V) func(func(K, V) bool) { return func(yield func(K, V) bool) { for k, v := range m { if !yield(k, v) { return } } } }
func nested(p *node) func(func(*node) bool) { return func(yield func(*node) bool) { for range seq { if !yield(p) { return } } } }
var g int

func root(x int, xs []int, p *node, i any) (err error) {
	m := map[int]int{}
	c, d := make(chan int, 1), make(chan *node)
	var mu sync.Mutex; var rw sync.RWMutex; var wg sync.WaitGroup; var once sync.Once; var e embeds
	var a int64; var s s2; var gr errgroup.Group
	cond := sync.NewCond(&mu)
	lm, rwl := lock.NewMutex(0), lock.NewRWLock(0)
	var cv lock.Condvar; var once2 lock.Once; var u atomics.Uint64; var ap atomics.Ptr[node]
	a2, r2, c2, c3 := arc.New(1), rc.New(1), cell.NewCell(1), cell.NewRefCell(1)
	keep := &g
	f := func() { g++ }
	atomic.AddInt64(&a, 1)
	_, _, _, _, _, _, _, _, _ = m, &mu, &rw, &wg, &once, a, s, f, &e
	_, _, _, _, _, _, _, _, _, _, _, _ = &gr, cond, lm, rwl, &cv, &once2, &u, &ap, a2, r2, c2, c3
	_ = thread.Park
	func() {
		_, _, _ = c, d, keep
`)
	var closers []string
	for _, n := range data {
		switch {
		case n >= end && len(closers) > 0:
			b.WriteString(closers[len(closers)-1] + "\n")
			closers = closers[:len(closers)-1]
		case n >= firstOpener && len(closers) < 6:
			o := openers[int(n-firstOpener)%len(openers)]
			b.WriteString(o.begin + "\n")
			closers = append(closers, o.end)
		default:
			fmt.Fprintf(&b, "{ %s }\n", pieces[int(n)%len(pieces)])
		}
	}
	for i := len(closers) - 1; i >= 0; i-- {
		b.WriteString(closers[i] + "\n")
	}
	b.WriteString("}()\n\treturn\n}\n")
	return b.String()
}
