package atomic_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/fearless-go/fearless/atomic"
)

var (
	all    = []atomic.Ordering{atomic.Relaxed, atomic.Acquire, atomic.Release, atomic.AcqRel, atomic.SeqCst}
	loads  = []atomic.Ordering{atomic.Relaxed, atomic.Acquire, atomic.SeqCst}
	stores = []atomic.Ordering{atomic.Relaxed, atomic.Release, atomic.SeqCst}
)

// checkOrderings calls f with every ordering and one that does not exist: it
// must panic with an OrderingError for those that are not allowed, and only for them.
func checkOrderings(t *testing.T, f func(atomic.Ordering), allowed []atomic.Ordering) {
	t.Helper()
	for _, o := range append(slices.Clone(all), 5, 7, 255) {
		err := panicOf(func() { f(o) })
		if slices.Contains(allowed, o) {
			if err != nil {
				t.Errorf("%v: %v", o, err)
			}
			continue
		}
		var bad *atomic.OrderingError
		if !errors.As(err, &bad) {
			t.Errorf("%v: no OrderingError but %v", o, err)
			continue
		}
		if !strings.Contains(bad.Error(), o.String()) || !strings.Contains(bad.Error(), "use ") {
			t.Errorf("%v: the message %q does not name it and what to use", o, bad)
		}
	}
}

func panicOf(f func()) (err error) {
	defer func() { err, _ = recover().(error) }()
	f()
	return nil
}

func TestOrderingString(t *testing.T) {
	var names []string
	for _, o := range append(slices.Clone(all), 9) {
		names = append(names, o.String())
	}
	if got := strings.Join(names, " "); got != "Relaxed Acquire Release AcqRel SeqCst Ordering(9)" {
		t.Error(got)
	}
}

func TestOrderingErrorNamesTheOrderingAtFault(t *testing.T) {
	var x atomic.Int32
	for _, test := range []struct {
		do   func()
		want string
	}{
		{func() { x.Load(atomic.Release) }, "atomic: Load cannot have the ordering Release: use Relaxed, Acquire or SeqCst"},
		{func() { x.Store(1, atomic.AcqRel) }, "atomic: Store cannot have the ordering AcqRel: use Relaxed, Release or SeqCst"},
		{func() { x.CompareExchange(0, 1, atomic.AcqRel, atomic.Release) }, "failure ordering Release"},
		{func() { x.CompareExchange(0, 1, 9, atomic.Relaxed) }, "the ordering Ordering(9)"},
		{func() { atomic.Fence(atomic.Relaxed) }, "a Relaxed fence orders nothing"},
	} {
		if err := panicOf(test.do); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("got %v, want %q", err, test.want)
		}
	}
	if x.Load(atomic.SeqCst) != 0 {
		t.Error("a refused operation changed the value")
	}
}

func TestFence(t *testing.T) {
	checkOrderings(t, atomic.Fence, all[1:])
}
