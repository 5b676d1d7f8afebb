//go:build fearless_model

package thread

import (
	"fmt"
	"time"

	"github.com/fearless-go/fearless/internal/access"
	"github.com/fearless-go/fearless/internal/engine"
	"github.com/fearless-go/fearless/internal/park"
)

// assert is model.Assert: package model imports this one.
func assert(ok bool, message ...any) {
	if !ok {
		engine.Current().FailWith(engine.Panicked, nil, "assertion failed: %s", fmt.Sprint(message...))
	}
}

// A model build joins threads by an event of its own, so what ships for that,
// handoff and tally, is explored here by itself.
var joins = []struct {
	name string
	f    func()
}{
	{"wait", func() {
		var e handoff
		var result access.Location
		t := Go(func() {
			result.Write()
			e.announce()
		})
		assert(e.wait(park.Limit{}) == nil)
		result.Read()
		t.Join()
	}},
	{"wait with a limit, then without", func() {
		var e handoff
		var result access.Location
		t := Go(func() {
			result.Write()
			e.announce()
		})
		err := e.wait(park.Timeout(time.Second))
		assert(err == nil || err == ErrTimeout)
		if err == nil {
			result.Write()
		}
		engine.Current().Observe([]any{err == nil})
		assert(e.wait(park.Limit{}) == nil && e.reached())
		result.Read()
		t.Join()
	}},
	{"reached", func() {
		var e handoff
		var result access.Location
		t := Go(func() {
			result.Write()
			e.announce()
		})
		if e.reached() {
			result.Read()
		}
		t.Join()
	}},
	{"channel", func() {
		var e handoff
		t := Go(e.announce)
		c := e.channel()
		t.Join()
		for _, c := range []<-chan struct{}{c, e.channel()} {
			select {
			case <-c:
			default:
				assert(false, "the thread has ended, and its channel is open")
			}
		}
	}},
	{"a channel that is closed already", func() {
		var e handoff
		var result access.Location
		t := Go(func() {
			result.Write()
			e.announce()
		})
		for range 2 {
			if e.channel() == closedChannel.c {
				result.Read()
			}
		}
		t.Join()
	}},
	{"channels that two ask for", func() {
		var e handoff
		a, b := make([]<-chan struct{}, 1), make([]<-chan struct{}, 1)
		t := Go(e.announce)
		u := Go(func() { a[0] = e.channel() })
		b[0] = e.channel()
		t.Join()
		u.Join()
		for _, c := range []<-chan struct{}{a[0], b[0]} {
			select {
			case <-c:
			default:
				assert(false, "the thread has ended, and its channel is open")
			}
		}
	}},
	{"tally", func() {
		var c tally
		var data [2]access.Location
		var threads []*JoinHandle[Void]
		for i := range data {
			assert(c.begin(nil))
			threads = append(threads, Go(func() {
				data[i].Write()
				c.ended()
			}))
		}
		c.wait()
		for i := range data {
			data[i].Read()
		}
		assert(!c.begin(nil), "it has ended, and takes another thread")
		for _, t := range threads {
			t.Join()
		}
	}},
	{"tally of a thread that starts another", func() {
		var c tally
		var data access.Location
		var u *JoinHandle[Void]
		assert(c.begin(nil))
		t := Go(func() {
			assert(c.begin(nil))
			u = Go(func() {
				data.Write()
				c.ended()
			})
			c.ended()
		})
		c.wait()
		data.Read()
		t.Join()
		u.Join()
	}},
}

// EachJoin calls f with each of these programs.
func EachJoin(f func(name string, program func())) {
	for _, p := range joins {
		f(p.name, p.f)
	}
}
