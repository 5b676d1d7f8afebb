//go:build fearless_model

package model_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/fearless-go/fearless/atomic"
	"github.com/fearless-go/fearless/cell"
	"github.com/fearless-go/fearless/lock"
	"github.com/fearless-go/fearless/model"
	"github.com/fearless-go/fearless/thread"
)

// A race comes with the ordering that would mend it, wherever that is.
func TestRaceNamesTheOrderingThatMendsIt(t *testing.T) {
	for _, test := range []struct {
		name string
		f    func()
		want string
	}{
		{"one hand-over of two is Relaxed", relay(release, relaxed, acquire), `the store to second at \S+ is Relaxed, so it does not synchronize with the load at \S+: Release would$`},
		{"the other one is", relay(relaxed, release, acquire), `the store to first at \S+ is Relaxed, .*: Release would$`},
		{"a load in between is", relay(release, release, relaxed), `the load of first at \S+ is Relaxed, .*: Acquire would$`},
		{"both sides are", relay(relaxed, release, relaxed), `it would take Release for the store to first at \S+ and Acquire for the load of first at \S+$`},
		{"an update in the release sequence of another store", counted, `the store to in at \S+ is Relaxed, so it does not synchronize with the load at \S+: Release would$`},
		{"store buffering", dekker(acqRel), `could not happen with SeqCst for the store to flag\[me\] at \S+ and the load of flag\[1-me\](#2)? at \S+$`},
		{"no order mends it", dekkerWithoutLook, `nothing orders the two$`},
		{"the library's own orders are not the user's", tryOnly, `nothing orders the two$`},
	} {
		r := model.Explore(test.f)
		if r.Failure == nil || r.Failure.Kind != model.DataRace || !regexp.MustCompile(test.want).MatchString(r.Failure.Message) {
			t.Errorf("%s: found %v\nwant %s", test.name, r.Failure, test.want)
		}
	}
	for _, right := range []func(){relay(release, release, acquire), dekker(seqCst)} {
		if r := model.Explore(right); r.Failure != nil || !r.Exhaustive {
			t.Errorf("the repaired program: %v", r.Failure)
		}
	}
}

// relay hands data over by way of a thread in between.
func relay(store1, store2, load1 atomic.Ordering) func() {
	return func() {
		var first, second atomic.Bool
		var data cell.UnsafeCell[int]
		a := thread.Go(func() {
			data.WithMut(func(p *int) { *p = 1 })
			first.Store(true, store1)
		})
		b := thread.Go(func() {
			if first.Load(load1) {
				second.Store(true, store2)
			}
		})
		if second.Load(acquire) {
			data.With(func(*int) {})
		}
		join(a, b)
	}
}

// counted leaves by an update that continues the release sequence of the one
// it came in by.
func counted() {
	var in atomic.Int32
	var data cell.UnsafeCell[int]
	reader := thread.Go(func() {
		in.FetchAdd(1, acqRel)
		data.With(func(*int) {})
		in.FetchAdd(1, relaxed)
	})
	if in.Load(acquire) == 2 {
		data.WithMut(func(*int) {})
	}
	join(reader)
}

func dekkerWithoutLook() {
	var flag atomic.Bool
	var data cell.UnsafeCell[int]
	a := thread.Go(func() {
		flag.Store(true, seqCst)
		data.WithMut(func(*int) {})
	})
	flag.Load(seqCst)
	data.WithMut(func(*int) {})
	join(a)
}

func tryOnly() {
	m := lock.NewMutex(0)
	var data cell.UnsafeCell[int]
	a := thread.Go(func() {
		m.With(func(*int) { data.WithMut(func(*int) {}) })
	})
	if g, err := m.TryLock(); err == nil {
		g.Unlock()
	}
	data.With(func(*int) {})
	join(a)
}

// Two locks that the source calls the same are told apart, and so is what a
// thread waits for.
func TestDeadlockTellsObjectsApart(t *testing.T) {
	r := model.Explore(func() {
		left, right := lock.NewMutex(0), lock.NewMutex(0)
		both := func(a, b *lock.Mutex[int]) {
			a.With(func(*int) { b.With(func(*int) {}) })
		}
		w := thread.Go(func() { both(left, right) })
		both(right, left)
		join(w)
	})
	if r.Failure == nil || r.Failure.Kind != model.Deadlock {
		t.Fatal(r.Failure)
	}
	waits := regexp.MustCompile(`waits for (\S+) at`).FindAllStringSubmatch(r.Failure.Message, -1)
	if len(waits) != 2 || waits[0][1] == waits[1][1] {
		t.Error("two locks have one name:", r.Failure)
	}
	r = model.Explore(func() {
		w := thread.Go(func() {
			for {
				thread.Park()
			}
		})
		join(w)
	})
	if r.Failure == nil || !strings.Contains(r.Failure.Message, "thread 0 waits for the end of thread 1 at") ||
		!strings.Contains(r.Failure.Message, "thread 1 waits for its token at") {
		t.Error("a join and a park:", r.Failure)
	}
}
