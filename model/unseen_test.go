//go:build fearless_model

package model_test

import (
	"slices"
	"strings"
	"sync"
	satomic "sync/atomic"
	"testing"

	"github.com/fearless-go/fearless/atomic"
	"github.com/fearless-go/fearless/cell"
	"github.com/fearless-go/fearless/lock"
	"github.com/fearless-go/fearless/model"
	"github.com/fearless-go/fearless/thread"
)

// hits is a type that hides its counter in a field.
type hits struct{ n satomic.Int64 }

func (h *hits) add()           { h.n.Add(1) }
func (h *hits) String() string { return "hits" }

// guarded promotes the methods of a mutex.
type guarded struct {
	sync.Mutex
	n int
}

type adder interface{ add() }

// plainAdder is an adder that hides nothing.
type plainAdder struct{ n int }

func (p *plainAdder) add() { p.n++ }

func twice(body func()) {
	a, b := thread.Go(body), thread.Go(body)
	join(a)
	join(b)
}

func lostUpdate() {
	var x satomic.Int64
	twice(func() { x.Store(x.Load() + 1) })
}

func addOld() {
	var x int64
	satomic.AddInt64(&x, 1)
}

func sequentialChannel() {
	c := make(chan int, 1)
	c <- 1
	for range c {
		break
	}
}

var registered = map[string]func(){"add": addOld}

func closing(body func()) func() { return func() { body() } }

func kinds(r model.Report) (list []model.UnseenKind) {
	for _, u := range r.Unseen {
		list = append(list, u.Kind)
	}
	slices.Sort(list)
	return list
}

func TestWhatTheModelDoesNotSeeIsSaid(t *testing.T) {
	own := func() {} // assigned below
	own = func() { addOld() }
	for _, test := range []struct {
		name string
		f    func()
		want []model.UnseenKind
	}{
		{"a lost update", lostUpdate, []model.UnseenKind{model.OneExecution, model.AtomicPackage}},
		{"an atomic function", addOld, []model.UnseenKind{model.AtomicPackage}},
		{"in a method", func() { new(hits).add() }, []model.UnseenKind{model.AtomicPackage}},
		{"behind an interface", func() { adder(new(hits)).add() }, []model.UnseenKind{model.AtomicPackage}},
		{"another type behind it", func() { adder(new(plainAdder)).add() }, nil},
		{"a captured function", func() { own() }, []model.UnseenKind{model.AtomicPackage}},
		{"a function that was passed", closing(addOld), []model.UnseenKind{model.AtomicPackage}},
		{"of a map of the package", func() { registered["add"]() }, []model.UnseenKind{model.AtomicPackage}},
		{"a promoted method", func() {
			var g guarded
			g.Lock()
			g.n++
			g.Unlock()
		}, []model.UnseenKind{model.SyncPackage}},
		{"a function of sync", func() { _ = sync.OnceValue(func() int { return 1 })() }, []model.UnseenKind{model.SyncPackage}},
		{"a channel", sequentialChannel, []model.UnseenKind{model.Channel}},
		{"a goroutine", func() { apart(func() {}) }, []model.UnseenKind{model.Channel, model.GoStatement}},
		{"a raw pointer", func() {
			var c cell.UnsafeCell[int]
			*c.Get() = 1
		}, []model.UnseenKind{model.RawPointer}},
		{"objects of their own", func() {
			twice(func() { new(atomic.Int32).FetchAdd(1, relaxed) })
		}, []model.UnseenKind{model.OneExecution}},
		{"one order only", func() {
			var x atomic.Int32
			w := thread.Go(func() { x.Store(1, relaxed) })
			join(w)
			_ = x.Load(relaxed)
		}, []model.UnseenKind{model.OneExecution}},
		// Right programs, and what only stands beside the code.
		{"an increment", increments(2), nil},
		{"a mutex of ours", func() {
			m := lock.NewMutex(0)
			twice(func() { m.With(func(v *int) { *v++ }) })
		}, nil},
		{"a type that is not used", func() { _ = func(*hits, *sync.Mutex, chan int) {} }, nil},
		{"one thread", func() { new(atomic.Int32).Store(1, relaxed) }, nil},
	} {
		r := model.Explore(test.f)
		if r.Failure != nil {
			t.Errorf("%s: %v", test.name, r.Failure)
		}
		if got := kinds(r); !slices.Equal(got, test.want) {
			t.Errorf("%s: %v (%v)", test.name, got, r.Unseen)
		}
		out := slices.ContainsFunc(test.want, func(k model.UnseenKind) bool { return k != model.OneExecution && k != model.RawPointer })
		if r.Exhaustive == out || out != (r.Verdict() == model.Unsuitable) {
			t.Errorf("%s: exhaustive %v, verdict %v", test.name, r.Exhaustive, r.Verdict())
		}
	}
}

func TestUnseenNamesPlaces(t *testing.T) {
	text := ""
	for _, u := range model.Explore(lostUpdate).Unseen {
		text += u.String() + "\n"
	}
	for _, want := range []string{"atomic.Int64.Load at unseen_test.go:46", "atomic.Int64.Store at unseen_test.go:46", "3 threads and one execution: no two of them use"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in %s", want, text)
		}
	}
}

// A failure may come of what the model does not see, and then that is told.
func TestAFailureTellsWhatIsNotSeen(t *testing.T) {
	r := model.Explore(func() {
		var mu sync.Mutex
		var c cell.UnsafeCell[int]
		twice(func() {
			mu.Lock()
			defer mu.Unlock()
			c.WithMut(func(v *int) { *v++ })
		})
	})
	if r.Failure == nil || r.Failure.Kind != model.DataRace || !slices.Equal(kinds(r), []model.UnseenKind{model.SyncPackage}) || r.Verdict() != model.Failed {
		t.Errorf("%v, %v", r.Failure, r.Unseen)
	}
}

func TestVerdicts(t *testing.T) {
	for _, test := range []struct {
		f    func()
		opts []model.Option
		want model.Verdict
	}{
		{increments(2), nil, model.Proven},
		{increments(3), []model.Option{model.MaxExecutions(2)}, model.Undecided},
		{increments(3), []model.Option{model.Seed(1)}, model.Passed},
		{increments(3), []model.Option{model.Shard(1, 2)}, model.Passed},
		{increments(3), []model.Option{model.Bound(3)}, model.Undecided},
		{func() { model.Assert(false) }, nil, model.Failed},
		{nil, nil, model.Unsuitable},
	} {
		if r := model.Explore(test.f, test.opts...); r.Verdict() != test.want {
			t.Errorf("%v; want %v: %v", r.Verdict(), test.want, r)
		}
	}
}
