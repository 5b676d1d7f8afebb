package thread_test

import (
	"errors"
	"runtime"
	"slices"
	"testing"

	"github.com/fearless-go/fearless/thread"
)

// A noisy is a value that tells of its Drop.
type noisy struct {
	name string
	drop func(name string)
}

func (n *noisy) Drop() {
	if n.drop != nil {
		n.drop(n.name)
	}
}

func TestLocal(t *testing.T) {
	made := 0
	l := thread.NewLocal(func() int { made++; return 7 })
	for range 2 {
		got, err := thread.Spawn(func() [4]int {
			first := l.Get()
			l.Set(8)
			l.With(func(v *int) { *v++ })
			return [4]int{first, l.Replace(10), l.Take(), *l.Ptr()}
		}).Join()
		if got != [4]int{7, 9, 10, 0} || err != nil {
			t.Error(got, err)
		}
	}
	if made != 2 {
		t.Error("made", made, "times")
	}
	if zero := thread.NewLocal[string](nil); zero.Get() != "" {
		t.Error(zero.Get())
	}
}

// A plain goroutine has one, too, for as long as it lives: also when nobody holds its Thread.
func TestLocalOfAPlainGoroutine(t *testing.T) {
	l := thread.NewLocal(func() int { return 1 })
	l.Set(2)
	done := make(chan int)
	go func() { done <- l.Get() }()
	if other := <-done; other != 1 {
		t.Error("another goroutine sees", other)
	}
	for range 300 { // push it out of any cache of Threads
		go func() { thread.Current(); done <- 0 }()
		<-done
	}
	runtime.GC()
	runtime.GC()
	if mine := l.Get(); mine != 2 {
		t.Error(mine, "is left of 2")
	}
}

// The last one made is dropped first, by the thread, before it is joined, whatever ended it.
func TestLocalIsDropped(t *testing.T) {
	silently(t)
	for name, end := range map[string]func(){"return": func() {}, "panic": func() { panic("x") }, "Goexit": runtime.Goexit} {
		var dropped []string
		var by *thread.Thread
		note := func(name string) { dropped, by = append(dropped, name), thread.Current() }
		a := thread.NewLocal(func() noisy { return noisy{"a", note} })
		b := thread.NewLocal(func() noisy { a.Get(); return noisy{"b", note} })
		c := thread.NewLocal(func() *noisy { return &noisy{"c", note} })
		h := thread.Go(func() {
			b.Get() // makes a first
			c.Get()
			end()
		})
		_, err := h.Join()
		if !slices.Equal(dropped, []string{"c", "b", "a"}) || by != h.Thread() || (err == nil) != (name == "return") {
			t.Errorf("%s: %v by %v, %v", name, dropped, by, err)
		}
	}
}

func TestLocalInAScope(t *testing.T) {
	dropped := 0
	l := thread.NewLocal(func() noisy { return noisy{drop: func(string) { dropped++ }} })
	thread.Scope(func(s *thread.ScopeHandle) { s.Go(func() { l.Get() }) })
	if dropped != 1 {
		t.Error("a scope ended before the value was dropped:", dropped)
	}
}

// What a Drop does that panics or calls Goexit is told of, keeps no other value
// from being dropped, and leaves the thread its result.
func TestLocalWhoseDropFails(t *testing.T) {
	hooked := silently(t)
	var dropped []string
	l := make([]*thread.Local[noisy], 4)
	for i, drop := range []func(string){
		func(s string) { dropped = append(dropped, s) }, func(string) { panic("in Drop") },
		func(string) { runtime.Goexit() }, func(s string) { dropped = append(dropped, s) },
	} {
		l[i] = thread.NewLocal(func() noisy { return noisy{string('0' + rune(i)), drop} })
	}
	n, err := thread.Spawn(func() int {
		for _, l := range l {
			l.Get()
		}
		return 5
	}).Join()
	if n != 5 || err != nil || !slices.Equal(dropped, []string{"3", "0"}) {
		t.Error(n, err, dropped)
	}
	if got := hooked(); len(got) != 1 || got[0].Value != "in Drop" {
		t.Error(got)
	}
}

func TestLocalMisuse(t *testing.T) {
	var self *thread.Local[int]
	self = thread.NewLocal(func() int { return self.Get() })
	_, err := thread.Go(func() {
		var e *thread.LocalError
		if err, _ := recovered(func() { self.Get() }).(error); !errors.As(err, &e) || e.Dropped {
			t.Error(err)
		}
	}).Join()
	if err != nil {
		t.Error(err)
	}
	// It did not get stuck: the next one that works is made.
	fails := true
	again := thread.NewLocal(func() int {
		if fails {
			panic("not now")
		}
		return 3
	})
	recovered(func() { again.Get() })
	if fails = false; again.Get() != 3 {
		t.Error(again.Get())
	}

	var late error
	first := thread.NewLocal(func() int { return 1 })
	user := thread.NewLocal(func() noisy {
		return noisy{drop: func(string) { late = first.TryWith(func(*int) { t.Error("it was called") }) }}
	})
	_, _ = thread.Go(func() { user.Get() }).Join()
	var e *thread.LocalError
	if !errors.As(late, &e) || !e.Dropped {
		t.Error(late)
	}
	if err := first.TryWith(func(v *int) { *v++ }); err != nil || first.Get() != 2 {
		t.Error(err, first.Get())
	}
}

// silently takes the panic hook's place until the test ends, and returns what it was called with.
func silently(t *testing.T) func() []*thread.PanicError {
	var all []*thread.PanicError
	thread.SetPanicHook(func(e *thread.PanicError) { all = append(all, e) })
	t.Cleanup(func() { thread.SetPanicHook(nil) })
	return func() []*thread.PanicError { return all }
}
