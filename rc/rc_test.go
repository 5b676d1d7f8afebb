package rc_test

import (
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"

	"github.com/fearless-go/fearless/internal/checked"
	"github.com/fearless-go/fearless/rc"
)

// A resource counts how often it was ended.
type resource struct{ ended *int }

func (r resource) Drop() { *r.ended++ }

func newResource() (rc.Rc[resource], *int) {
	ended := new(int)
	return rc.New(resource{ended}), ended
}

// recovered calls f and returns what it panics with, or nil.
func recovered(f func()) (value any) {
	defer func() { value = recover() }()
	f()
	return nil
}

func expectCounts[T any](t *testing.T, a rc.Rc[T], strong, weak int) {
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
	if *ended != 0 {
		t.Error("the value ended with an owner left")
	}
	b.Drop()
	if n := *ended; n != 1 {
		t.Errorf("the value ended %d times", n)
	}
}

type panicking struct{}

func (panicking) Drop() { panic("boom") }

func TestTheEndPanics(t *testing.T) {
	a := rc.New(panicking{})
	w := a.Downgrade()
	if got := recovered(a.Drop); got != "boom" {
		t.Errorf("Drop panics with %v", got)
	}
	if _, ok := w.Upgrade(); ok {
		t.Error("the value is still there")
	}
	if _, ok := recovered(a.Drop).(*rc.UseAfterDropError); !ok {
		t.Error("it can be dropped again")
	}
}

func TestGetMut(t *testing.T) {
	a := rc.New(1)
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

type cloner struct{ generation int }

func (c cloner) Clone() cloner { return cloner{c.generation + 1} }

func TestMakeMut(t *testing.T) {
	a := rc.New([2]int{1, 2})
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

	c := rc.New(cloner{})
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
	if !ok || v.ended != ended || *ended != 0 {
		t.Errorf("got %v, %v, ended %d times", v, ok, *ended)
	}
	if _, ok := w.Upgrade(); ok {
		t.Error("the Weak found a value that was moved out")
	}
	if _, ok := recovered(func() { a.TryUnwrap() }).(*rc.UseAfterDropError); !ok {
		t.Error("the value comes out twice")
	}
}

func TestIntoInner(t *testing.T) {
	a, ended := newResource()
	b := a.Clone()
	if _, ok := a.IntoInner(); ok {
		t.Error("the first of two owners got the value")
	}
	if v, ok := b.IntoInner(); !ok || v.ended != ended || *ended != 0 {
		t.Errorf("the last owner got %v, %v, ended %d times", v, ok, *ended)
	}
}

func TestManyClones(t *testing.T) {
	a, ended := newResource()
	owners := make([]rc.Rc[resource], 10_000)
	for i := range owners {
		owners[i] = a.Clone()
	}
	a.Drop()
	for i := range owners {
		if *ended != 0 {
			t.Fatalf("the value ended with %d owners left", len(owners)-i)
		}
		owners[i].Drop()
	}
	if *ended != 1 {
		t.Errorf("the value ended %d times", *ended)
	}
}

func TestPtrEq(t *testing.T) {
	a, b := rc.New(1), rc.New(1)
	c := a.Clone()
	if !a.PtrEq(c) || a.PtrEq(b) {
		t.Error("PtrEq does not compare the values' places")
	}
}

// Every method of a dropped owner panics, and says where it happened if the
// build knows.
func TestUseAfterDrop(t *testing.T) {
	a, other := rc.New(1), rc.New(1)
	keep := a.Clone()
	w := a.Downgrade()
	otherWeak := other.Downgrade()
	a.Drop()
	w.Drop()
	for name, use := range map[string]func(){
		"Clone of a dropped Rc[int]":         func() { a.Clone() },
		"Drop of a dropped Rc[int]":          a.Drop,
		"Get of a dropped Rc[int]":           func() { a.Get() },
		"Ptr of a dropped Rc[int]":           func() { a.Ptr() },
		"GetMut of a dropped Rc[int]":        func() { a.GetMut() },
		"MakeMut of a dropped Rc[int]":       func() { a.MakeMut() },
		"TryUnwrap of a dropped Rc[int]":     func() { a.TryUnwrap() },
		"IntoInner of a dropped Rc[int]":     func() { a.IntoInner() },
		"Downgrade of a dropped Rc[int]":     func() { a.Downgrade() },
		"StrongCount of a dropped Rc[int]":   func() { a.StrongCount() },
		"WeakCount of a dropped Rc[int]":     func() { a.WeakCount() },
		"PtrEq of a dropped Rc[int]":         func() { other.PtrEq(a) },
		"Upgrade of a dropped Weak[int]":     func() { w.Upgrade() },
		"Clone of a dropped Weak[int]":       func() { w.Clone() },
		"Drop of a dropped Weak[int]":        w.Drop,
		"StrongCount of a dropped Weak[int]": func() { w.StrongCount() },
		"WeakCount of a dropped Weak[int]":   func() { w.WeakCount() },
		"PtrEq of a dropped Weak[int]":       func() { otherWeak.PtrEq(w) },
	} {
		got, _ := recovered(use).(*rc.UseAfterDropError)
		if got == nil {
			t.Errorf("%s: no UseAfterDropError", name)
			continue
		}
		want := "rc: " + name
		if checked.Build {
			want = strings.Replace(want, "a dropped", "a", 1)
			for _, place := range []string{got.Made, got.Dropped} {
				if !strings.Contains(place, "rc_test.go:") || !strings.Contains(got.Error(), place) {
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
		if got, ok := recovered(use).(*rc.UseAfterDropError); !ok || got.Op != op {
			t.Errorf("%s of a copy: %v", op, got)
		}
	}
	if *ended != 1 {
		t.Errorf("the value ended %d times", *ended)
	}
	if !checked.Build {
		t.Skip("whether a copy is stale while there are other owners is known only to a checked build")
	}
	b, _ := newResource()
	keep, stale := b.Clone(), b
	b.Drop()
	if _, ok := recovered(func() { stale.Get() }).(*rc.UseAfterDropError); !ok {
		t.Error("a copy of a dropped owner can be used")
	}
	keep.Drop()
}

func TestZeroRc(t *testing.T) {
	var a rc.Rc[string]
	for _, use := range []func(){func() { a.Clone() }, a.Drop, func() { a.Get() }, func() { a.StrongCount() }} {
		got, _ := recovered(use).(*rc.UseAfterDropError)
		if got == nil || !got.Zero || !strings.Contains(got.Error(), "of a zero Rc[string], which owns nothing; make it with rc.New") {
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
		a := rc.New(1)
		w := a.Downgrade()
		rc.SetCounts(a, math.MaxInt/2+1, math.MaxInt/2+1)
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
			!strings.Contains(string(out), "fatal error: rc: more than") || strings.Contains(string(out), "survived") {
			t.Errorf("%s: %v\n%s", which, err, out)
		}
	}
}

func TestNoAllocation(t *testing.T) {
	if checked.Build {
		t.Skip("a checked build allocates a record for each owner")
	}
	a := rc.New(1)
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
