package arc_test

import (
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/fearless-go/fearless/arc"
	"github.com/fearless-go/fearless/internal/checked"
)

// A resource counts how often it was ended.
type resource struct{ ended *atomic.Int32 }

func (r resource) Drop() { r.ended.Add(1) }

func newResource() (arc.Arc[resource], *atomic.Int32) {
	ended := new(atomic.Int32)
	return arc.New(resource{ended}), ended
}

// recovered calls f and returns what it panics with, or nil.
func recovered(f func()) (value any) {
	defer func() { value = recover() }()
	f()
	return nil
}

func expectCounts[T any](t *testing.T, a arc.Arc[T], strong, weak int) {
	t.Helper()
	if s, w := a.StrongCount(), a.WeakCount(); s != strong || w != weak {
		t.Errorf("%d owners and %d Weaks, want %d and %d", s, w, strong, weak)
	}
}

func TestValueEndsAtTheLastDrop(t *testing.T) {
	a, ended := newResource()
	b := a.Clone()
	c := b.Clone()
	expectCounts(t, a, 3, 0)
	a.Drop()
	c.Drop()
	expectCounts(t, b, 1, 0)
	if ended.Load() != 0 {
		t.Error("the value ended with an owner left")
	}
	b.Drop()
	if n := ended.Load(); n != 1 {
		t.Errorf("the value ended %d times", n)
	}
}

func TestAMillionClonesOnManyThreads(t *testing.T) {
	owners, threads := 1_000_000, 8
	if checked.Build || testing.Short() {
		owners = 50_000
	}
	a, ended := newResource()
	var wg sync.WaitGroup
	for range threads {
		mine := make([]arc.Arc[resource], owners/threads)
		for i := range mine {
			mine[i] = a.Clone()
		}
		wg.Go(func() {
			for i := range mine {
				extra := mine[i].Clone()
				extra.Drop()
				mine[i].Drop()
			}
		})
	}
	a.Drop()
	wg.Wait()
	if n := ended.Load(); n != 1 {
		t.Errorf("the value ended %d times", n)
	}
}

// What owners did before their Drop is visible to the value's Drop: plain
// variables, which -race watches.
type ledger struct {
	pages [8]int
	total *int
}

func (l *ledger) Drop() {
	for _, n := range l.pages {
		*l.total += n
	}
}

func TestDropSynchronizesBeforeTheEnd(t *testing.T) {
	for range 500 {
		total := 0
		a := arc.New(ledger{total: &total})
		var wg sync.WaitGroup
		for i := range 8 {
			mine := a.Clone()
			wg.Go(func() {
				defer mine.Drop()
				mine.Ptr().pages[i] = i
			})
		}
		a.Drop()
		wg.Wait()
		if total != 28 {
			t.Fatalf("the end saw a total of %d, want 28", total)
		}
	}
}

type panicking struct{}

func (panicking) Drop() { panic("boom") }

// An owner may be what is owned.
func TestArcOfArc(t *testing.T) {
	inner, ended := newResource()
	outer := arc.New(inner)
	outer.Drop()
	if ended.Load() != 1 {
		t.Errorf("the value ended %d times", ended.Load())
	}
}

func TestTheEndPanics(t *testing.T) {
	a := arc.New(panicking{})
	w := a.Downgrade()
	if got := recovered(a.Drop); got != "boom" {
		t.Errorf("Drop panics with %v", got)
	}
	if _, ok := w.Upgrade(); ok {
		t.Error("the value is still there")
	}
	if _, ok := recovered(a.Drop).(*arc.UseAfterDropError); !ok {
		t.Error("it can be dropped again")
	}
}

func TestGetMut(t *testing.T) {
	a := arc.New(1)
	p, ok := a.GetMut()
	if !ok {
		t.Fatal("the only owner is refused")
	}
	*p = 2
	b := a.Clone()
	if _, ok := a.GetMut(); ok {
		t.Error("allowed beside another owner")
	}
	b.Drop()
	w := a.Downgrade()
	if _, ok := a.GetMut(); ok {
		t.Error("allowed beside a Weak")
	}
	w.Drop()
	if _, ok := a.GetMut(); !ok || a.Get() != 2 {
		t.Errorf("refused to the only owner of %d", a.Get())
	}
	expectCounts(t, a, 1, 0)
}

// One thread after the other is alone and changes the value; -race watches.
func TestGetMutSynchronizes(t *testing.T) {
	a := arc.New(0)
	var wg sync.WaitGroup
	for i := range 200 {
		other, weak := a.Clone(), a.Downgrade()
		wg.Go(func() {
			if up, ok := weak.Upgrade(); ok {
				_ = up.Get()
				up.Drop()
			}
			weak.Drop()
			_ = other.Get()
			other.Drop()
		})
		for {
			if p, ok := a.GetMut(); ok {
				*p = i
				break
			}
			runtime.Gosched()
		}
	}
	wg.Wait()
}

type cloner struct{ generation int }

func (c cloner) Clone() cloner { return cloner{c.generation + 1} }

func TestMakeMut(t *testing.T) {
	a := arc.New([2]int{1, 2})
	p := a.Ptr()
	a.MakeMut()[0] = 10
	if a.Ptr() != p {
		t.Error("the only owner got a clone")
	}

	b := a.Clone()
	b.MakeMut()[1] = 20
	if a.Get() != [2]int{10, 2} || b.Get() != [2]int{10, 20} || a.PtrEq(b) {
		t.Errorf("a is %v, b is %v", a.Get(), b.Get())
	}
	expectCounts(t, a, 1, 0)
	expectCounts(t, b, 1, 0)

	w := a.Downgrade()
	a.MakeMut()[0] = 11
	if _, ok := w.Upgrade(); ok {
		t.Error("the Weak followed the value")
	}
	if a.Get() != [2]int{11, 2} {
		t.Errorf("a is %v", a.Get())
	}
	expectCounts(t, a, 1, 0)
	a.Drop()
	b.Drop()
	w.Drop()

	c := arc.New(cloner{})
	d := c.Clone()
	if got := d.MakeMut().generation; got != 1 {
		t.Errorf("generation %d: the Clone method did not run", got)
	}
}

func TestTryUnwrap(t *testing.T) {
	a, ended := newResource()
	b, w := a.Clone(), a.Downgrade()
	if _, ok := a.TryUnwrap(); ok {
		t.Error("one of two owners got the value")
	}
	b.Drop()
	v, ok := a.TryUnwrap()
	if !ok || v.ended != ended || ended.Load() != 0 {
		t.Errorf("got %v, %v, ended %d times", v, ok, ended.Load())
	}
	if _, ok := w.Upgrade(); ok {
		t.Error("the Weak found a value that was moved out")
	}
	if _, ok := recovered(func() { a.TryUnwrap() }).(*arc.UseAfterDropError); !ok {
		t.Error("the value comes out twice")
	}
}

func TestIntoInnerGivesTheValueToExactlyOne(t *testing.T) {
	for range 300 {
		a, ended := newResource()
		owners := []arc.Arc[resource]{a, a.Clone(), a.Clone(), a.Clone()}
		var got atomic.Int32
		var wg sync.WaitGroup
		for i := range owners {
			wg.Go(func() {
				if v, ok := owners[i].IntoInner(); ok && v.ended == ended {
					got.Add(1)
				}
			})
		}
		wg.Wait()
		if got.Load() != 1 || ended.Load() != 0 {
			t.Fatalf("%d owners got the value, which ended %d times", got.Load(), ended.Load())
		}
	}
}

func TestPtrEq(t *testing.T) {
	a, b := arc.New(1), arc.New(1)
	c := a.Clone()
	if !a.PtrEq(c) || a.PtrEq(b) {
		t.Error("PtrEq does not compare the values' places")
	}
}

// Every method of a dropped owner panics, and says where it happened if the
// build knows.
func TestUseAfterDrop(t *testing.T) {
	a, other := arc.New(1), arc.New(1)
	keep := a.Clone()
	w := a.Downgrade()
	otherWeak := other.Downgrade()
	a.Drop()
	w.Drop()
	for name, use := range map[string]func(){
		"Clone of a dropped Arc[int]":        func() { a.Clone() },
		"Drop of a dropped Arc[int]":         a.Drop,
		"Get of a dropped Arc[int]":          func() { a.Get() },
		"Ptr of a dropped Arc[int]":          func() { a.Ptr() },
		"GetMut of a dropped Arc[int]":       func() { a.GetMut() },
		"MakeMut of a dropped Arc[int]":      func() { a.MakeMut() },
		"TryUnwrap of a dropped Arc[int]":    func() { a.TryUnwrap() },
		"IntoInner of a dropped Arc[int]":    func() { a.IntoInner() },
		"Downgrade of a dropped Arc[int]":    func() { a.Downgrade() },
		"StrongCount of a dropped Arc[int]":  func() { a.StrongCount() },
		"WeakCount of a dropped Arc[int]":    func() { a.WeakCount() },
		"PtrEq of a dropped Arc[int]":        func() { other.PtrEq(a) },
		"Upgrade of a dropped Weak[int]":     func() { w.Upgrade() },
		"Clone of a dropped Weak[int]":       func() { w.Clone() },
		"Drop of a dropped Weak[int]":        w.Drop,
		"StrongCount of a dropped Weak[int]": func() { w.StrongCount() },
		"WeakCount of a dropped Weak[int]":   func() { w.WeakCount() },
		"PtrEq of a dropped Weak[int]":       func() { otherWeak.PtrEq(w) },
	} {
		got, _ := recovered(use).(*arc.UseAfterDropError)
		if got == nil {
			t.Errorf("%s: no UseAfterDropError", name)
			continue
		}
		want := "arc: " + name
		if checked.Build {
			want = strings.Replace(want, "a dropped", "a", 1)
			for _, place := range []string{got.Made, got.Dropped} {
				if !strings.Contains(place, "arc_test.go:") || !strings.Contains(got.Error(), place) {
					t.Errorf("%s: %q is not a place of this test in %q", name, place, got)
				}
			}
		}
		if !strings.HasPrefix(got.Error(), want) {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	expectCounts(t, keep, 1, 0)
}

func TestCopyOfADroppedOwner(t *testing.T) {
	a, ended := newResource()
	same := a
	a.Drop()
	copied := same
	for op, use := range map[string]func(){
		"Drop":      same.Drop,
		"Clone":     func() { copied.Clone() },
		"IntoInner": func() { copied.IntoInner() },
	} {
		if got, ok := recovered(use).(*arc.UseAfterDropError); !ok || got.Op != op {
			t.Errorf("%s of a copy: %v", op, got)
		}
	}
	if ended.Load() != 1 {
		t.Errorf("the value ended %d times", ended.Load())
	}
	if !checked.Build {
		t.Skip("whether a copy is stale while there are other owners is known only to a checked build")
	}
	b, _ := newResource()
	keep, stale := b.Clone(), b
	b.Drop()
	if _, ok := recovered(func() { stale.Get() }).(*arc.UseAfterDropError); !ok {
		t.Error("a copy of a dropped owner can be used")
	}
	keep.Drop()
}

func TestZeroArc(t *testing.T) {
	var a arc.Arc[string]
	for _, use := range []func(){func() { a.Clone() }, a.Drop, func() { a.Get() }, func() { a.StrongCount() }} {
		got, _ := recovered(use).(*arc.UseAfterDropError)
		if got == nil || !got.Zero || !strings.Contains(got.Error(), "of a zero Arc[string], which owns nothing; make it with arc.New") {
			t.Errorf("got %v", got)
		}
	}
}

// More than MaxInt/2 owners end the process, and no recover stops that.
func TestTooManyOwnersAbort(t *testing.T) {
	if which := os.Getenv("FEARLESS_TEST_ABORT"); which != "" {
		defer func() {
			recover()
			fmt.Println("survived")
		}()
		a := arc.New(1)
		w := a.Downgrade()
		arc.SetCounts(a, math.MaxInt/2+1, math.MaxInt/2+1)
		switch which {
		case "Clone":
			a.Clone()
		case "Upgrade":
			w.Upgrade()
		case "Downgrade":
			a.Downgrade()
		case "Weak.Clone":
			w.Clone()
		}
		return
	}
	if runtime.GOOS == "js" {
		t.Skip("it needs a process of its own, and js/wasm cannot start one")
	}
	for _, which := range []string{"Clone", "Upgrade", "Downgrade", "Weak.Clone"} {
		cmd := exec.Command(os.Args[0], "-test.run=^TestTooManyOwnersAbort$")
		cmd.Env = append(os.Environ(), "FEARLESS_TEST_ABORT="+which)
		out, err := cmd.CombinedOutput()
		var exit *exec.ExitError
		if !errors.As(err, &exit) || exit.ExitCode() != 2 ||
			!strings.Contains(string(out), "fatal error: arc: more than") || strings.Contains(string(out), "survived") {
			t.Errorf("%s: %v\n%s", which, err, out)
		}
	}
}

func TestNoAllocation(t *testing.T) {
	if checked.Build {
		t.Skip("a checked build allocates a record for each owner")
	}
	a := arc.New(1)
	w := a.Downgrade()
	if n := testing.AllocsPerRun(1000, func() {
		b := a.Clone()
		_ = b.Get()
		b.Drop()
		if c, ok := w.Upgrade(); ok {
			c.Drop()
		}
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
