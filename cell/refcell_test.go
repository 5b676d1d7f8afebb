package cell_test

import (
	"errors"
	"fmt"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"github.com/fearless-go/fearless/cell"
	"github.com/fearless-go/fearless/internal/checked"
)

// try says what a RefCell allows just now: "rw", "r" or "".
func try[T any](c *cell.RefCell[T]) (allowed string) {
	if r, err := c.TryBorrow(); err == nil {
		allowed += "r"
		r.Release()
	}
	if w, err := c.TryBorrowMut(); err == nil {
		allowed += "w"
		w.Release()
	}
	return allowed
}

func expect[T any](t *testing.T, c *cell.RefCell[T], want string) {
	t.Helper()
	if got := try(c); got != want {
		t.Errorf("the cell allows %q, want %q", got, want)
	}
}

func TestRefCellManyReadersOrOneWriter(t *testing.T) {
	var c cell.RefCell[int]
	expect(t, &c, "rw")
	a, b := c.Borrow(), c.Borrow()
	expect(t, &c, "r")
	a.Release()
	expect(t, &c, "r")
	b.Release()
	expect(t, &c, "rw")
	w := c.BorrowMut()
	expect(t, &c, "")
	w.Set(7)
	if w.Get() != 7 || *w.Ptr() != 7 {
		t.Error("the writer does not see its value")
	}
	w.Release()
	expect(t, &c, "rw")
}

// The borrows may end in any order, and a later conflict names one that is
// still out.
func TestRefCellReleaseInAnyOrder(t *testing.T) {
	for i := range 3 {
		c := cell.NewRefCell("v")
		refs := []cell.Ref[string]{c.Borrow(), c.Borrow(), c.Borrow()}
		refs[i].Release()
		_, err := c.TryBorrowMut()
		var conflict *cell.BorrowError
		if !errors.As(err, &conflict) || conflict.Readers != 2 || (conflict.Outstanding == "") == checked.Build {
			t.Errorf("after releasing %d: %v", i, err)
		}
		for j := range refs {
			if j != i {
				refs[j].Release()
			}
		}
		expect(t, c, "rw")
	}
}

func TestRefCellConflictNamesThePlaces(t *testing.T) {
	c := cell.NewRefCell(1)
	r := c.Borrow()
	outstanding := before(1)
	conflict, _ := recovered(func() { c.BorrowMut() }).(*cell.BorrowError) //fearless:ignore guard it must panic
	tried := before(1)
	if conflict == nil {
		t.Fatal("BorrowMut beside a Ref does not panic with a BorrowError")
	}
	text := conflict.Error()
	if conflict.Tried != tried || !strings.Contains(text, tried) {
		t.Errorf("tried at %s, want %s", conflict.Tried, tried)
	}
	if !checked.Build {
		outstanding = ""
	}
	if conflict.Outstanding != outstanding || !strings.Contains(text, outstanding) {
		t.Errorf("outstanding at %q, want %q", conflict.Outstanding, outstanding)
	}
	if want := `^cell: BorrowMut of a RefCell\[int\] at \S+ while a Ref is out\b.*Release that first`; !regexp.MustCompile(want).MatchString(text) {
		t.Errorf("message %q does not match %s", text, want)
	}
	r.Release()

	w := c.BorrowMut()
	defer w.Release()
	for _, borrow := range []func(){
		func() { c.Borrow() }, //fearless:ignore guard it must panic
		func() { c.With(func(int) {}) },
		func() { c.WithMut(func(*int) {}) },
	} {
		conflict, _ = recovered(borrow).(*cell.BorrowError)
		if conflict == nil || !strings.Contains(conflict.Error(), "while a RefMut is out") || !strings.Contains(conflict.Tried, "refcell_test.go") {
			t.Errorf("got %v", conflict)
		}
	}
}

// before returns file:line of n lines above the call.
func before(n int) string {
	_, file, line, _ := runtime.Caller(1)
	return fmt.Sprintf("%s:%d", file, line-n)
}

func TestRefCellIsFreeAfterPanicAndGoexit(t *testing.T) {
	c := cell.NewRefCell(1)
	recovered(func() { c.WithMut(func(v *int) { *v = 2; panic("boom") }) })
	recovered(func() { c.With(func(int) { panic("boom") }) })
	expect(t, c, "rw")
	done := make(chan struct{})
	go func() {
		defer close(done)
		c.WithMut(func(*int) { runtime.Goexit() })
	}()
	<-done
	expect(t, c, "rw")
}

func TestRefUsedAfterRelease(t *testing.T) {
	c := cell.NewRefCell(1)
	r := c.Borrow()
	r.Release()
	w := c.BorrowMut()
	w.Release()
	var zero cell.Ref[int]
	for name, use := range map[string]func(){
		"Get of a Ref[int]": func() { r.Get() }, "Ptr of a Ref[int]": func() { r.Ptr() }, "Release of a Ref[int]": func() { r.Release() },
		"Get of a RefMut[int]": func() { w.Get() }, "Ptr of a RefMut[int]": func() { w.Ptr() },
		"Set of a RefMut[int]": func() { w.Set(1) }, "Release of a RefMut[int]": func() { w.Release() },
	} {
		released, _ := recovered(use).(*cell.ReleasedError)
		if released == nil || !strings.Contains(released.Error(), name+" that was released") {
			t.Errorf("%s: %v", name, released)
		}
	}
	if _, ok := recovered(func() { zero.Get() }).(*cell.ReleasedError); !ok {
		t.Error("the zero Ref does not panic with a ReleasedError")
	}
	expect(t, c, "rw")
}

// A copy of a Ref is the same borrow: the second Release is one too many.
func TestRefReleasedTwiceThroughACopy(t *testing.T) {
	c := cell.NewRefCell(1)
	r := c.Borrow()
	same := r
	r.Release()
	if _, ok := recovered(func() { same.Release() }).(*cell.ReleasedError); !ok {
		t.Error("the copy can be released")
	}
	w := c.BorrowMut()
	sameMut := w
	w.Release()
	if _, ok := recovered(func() { sameMut.Release() }).(*cell.ReleasedError); !ok {
		t.Error("the copy can be released")
	}
	expect(t, c, "rw")
	if !checked.Build {
		t.Skip("whether a copy is stale while others borrow is known only to a checked build")
	}
	r = c.Borrow()
	same = r
	r.Release()
	other := c.Borrow()
	defer other.Release()
	released, _ := recovered(func() { same.Get() }).(*cell.ReleasedError)
	if released == nil || !strings.Contains(released.Taken, "refcell_test.go") || !strings.Contains(released.Released, "refcell_test.go") {
		t.Errorf("got %v", released)
	}
}

// Against an obviously right twin: counters of what is out.
func FuzzRefCell(f *testing.F) {
	f.Add([]byte{0, 0, 1, 2, 3, 1, 0, 3})
	f.Fuzz(func(t *testing.T, ops []byte) {
		c := cell.NewRefCell(0)
		var refs []cell.Ref[int]
		var muts []cell.RefMut[int]
		for _, op := range ops {
			switch op % 4 {
			case 0:
				r, err := c.TryBorrow()
				if (err == nil) != (len(muts) == 0) {
					t.Fatalf("%d Refs, %d RefMuts: TryBorrow: %v", len(refs), len(muts), err)
				}
				if err == nil {
					refs = append(refs, r)
				}
			case 1:
				w, err := c.TryBorrowMut()
				if (err == nil) != (len(muts)+len(refs) == 0) {
					t.Fatalf("%d Refs, %d RefMuts: TryBorrowMut: %v", len(refs), len(muts), err)
				}
				if err == nil {
					muts = append(muts, w)
				}
			case 2:
				if i := int(op / 4); i < len(refs) {
					refs[i].Release()
					refs = append(refs[:i], refs[i+1:]...)
				}
			case 3:
				if len(muts) > 0 {
					muts[0].Release()
					muts = muts[:0]
				}
			}
		}
	})
}

func BenchmarkRefCell(b *testing.B) {
	c := cell.NewRefCell(1)
	b.Run("Borrow", func(b *testing.B) {
		b.ReportAllocs()
		sum := 0
		for b.Loop() {
			r := c.Borrow()
			sum += r.Get()
			r.Release()
		}
	})
	b.Run("WithMut", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			c.WithMut(func(v *int) { *v++ })
		}
	})
}

func TestRefCellReplace(t *testing.T) {
	a, b := cell.NewRefCell(1), cell.NewRefCell(2)
	if v := a.Replace(3); v != 1 {
		t.Error(v)
	}
	if v := a.ReplaceWith(func(v *int) int { *v++; return *v * 10 }); v != 4 {
		t.Error(v)
	}
	a.Swap(b)
	if x, y := a.Take(), b.IntoInner(); x != 2 || y != 40 || a.IntoInner() != 0 {
		t.Error(x, y, a)
	}
	r := b.Borrow()
	for name, f := range map[string]func(){
		"Replace":     func() { b.Replace(1) },
		"ReplaceWith": func() { b.ReplaceWith(func(*int) int { return 1 }) },
		"Swap":        func() { b.Swap(a) },
		"Swap from":   func() { a.Swap(b) },
		"Swap itself": func() { a.Swap(a) },
		"Take":        func() { b.Take() },
		"IntoInner":   func() { b.IntoInner() },
	} {
		if _, ok := recovered(f).(*cell.BorrowError); !ok {
			t.Errorf("%s of what is borrowed does not panic", name)
		}
	}
	r.Release()
	if v := a.Replace(5); v != 0 {
		t.Error("a refused call left the RefCell borrowed, or changed it:", v)
	}
}

func TestRefClone(t *testing.T) {
	c := cell.NewRefCell(1)
	r := c.Borrow()
	s := r.Clone()
	r.Release()
	if _, err := c.TryBorrowMut(); err == nil || s.Get() != 1 {
		t.Error("the clone borrows nothing")
	}
	s.Release()
	if _, ok := recovered(func() { s.Clone() }).(*cell.ReleasedError); !ok {
		t.Error("a released Ref can be cloned")
	}
	w := c.BorrowMut()
	w.Release()
}

func TestLazyCellTryGet(t *testing.T) {
	c := cell.NewLazyCell(func() int { return 5 })
	if _, ok := c.TryGet(); ok || c.IsCompleted() {
		t.Error("TryGet computed the value")
	}
	c.Get()
	if v, ok := c.TryGet(); !ok || v != 5 {
		t.Error(v, ok)
	}
}
