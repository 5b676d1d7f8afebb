package cell_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/fearless-go/fearless/cell"
)

type point struct {
	x    int
	tags []string
}

func x(p *point) *int { return &p.x }

func firstTag(p *point) *string {
	if len(p.tags) == 0 {
		return nil
	}
	return &p.tags[0]
}

func TestMap(t *testing.T) {
	c := cell.NewRefCell(point{x: 1})
	r := cell.Map(c.Borrow(), x)
	if r.Get() != 1 || *r.Ptr() != 1 || fmt.Sprint(r) != "1" {
		t.Error(r)
	}
	if _, err := c.TryBorrowMut(); err == nil {
		t.Error("a part is not borrowed")
	}
	again := cell.Map(r, func(v *int) *int { return v })
	again.Release()
	w := cell.MapMut(c.BorrowMut(), x)
	w.Set(5)
	*w.Ptr()++
	if _, err := c.TryBorrow(); err == nil || w.Get() != 6 || fmt.Sprint(w) != "6" {
		t.Error(err, w)
	}
	twice := cell.MapMut(w, func(v *int) *int { return v })
	twice.Release()
	if c.IntoInner().x != 6 {
		t.Error(c)
	}
}

func TestFilterMap(t *testing.T) {
	c := cell.NewRefCell(point{})
	r := c.Borrow()
	if _, ok := cell.FilterMap(r, firstTag); ok {
		t.Error("a tag where there is none")
	}
	r.Release() // r is still valid
	w := c.BorrowMut()
	if _, ok := cell.FilterMapMut(w, firstTag); ok {
		t.Error("a tag where there is none")
	}
	w.Ptr().tags = []string{"a"}
	tag, ok := cell.FilterMapMut(w, firstTag)
	if !ok || tag.Get() != "a" {
		t.Fatal(tag, ok)
	}
	tag.Release()
	read, ok := cell.FilterMap(c.Borrow(), firstTag)
	if !ok || read.Get() != "a" {
		t.Fatal(read, ok)
	}
	read.Release()
	c.BorrowMut()
}

// With a panic of the function, and after nil, the borrow has ended.
func TestMapWhoseFunctionPanics(t *testing.T) {
	c := cell.NewRefCell(point{})
	for _, f := range []func(){
		func() { cell.Map(c.Borrow(), func(*point) *int { panic("no part") }) },
		func() { cell.MapMut(c.BorrowMut(), func(*point) *int { panic("no part") }) },
		func() { cell.Map(c.Borrow(), firstTag) },
		func() { cell.MapMut(c.BorrowMut(), firstTag) },
	} {
		if recovered(f) == nil {
			t.Error("no panic")
		}
		w := c.BorrowMut()
		w.Release()
	}
	var nothing *cell.MapError
	if err, _ := recovered(func() { cell.MapMut(c.BorrowMut(), firstTag) }).(error); !errors.As(err, &nothing) || nothing.Op != "MapMut" {
		t.Error(err)
	}
}

func TestMappedAfterRelease(t *testing.T) {
	c := cell.NewRefCell(point{})
	r := cell.Map(c.Borrow(), x)
	r.Release()
	w := cell.MapMut(c.BorrowMut(), x)
	w.Release()
	for i, f := range []func(){
		func() { r.Get() }, r.Release, func() { w.Set(1) }, w.Release,
		func() { new(cell.MappedRef[int]).Ptr() }, func() { new(cell.MappedRefMut[int]).Ptr() },
	} {
		var released *cell.ReleasedError
		if err, _ := recovered(f).(error); !errors.As(err, &released) {
			t.Errorf("%d: %v", i, err)
		}
	}
	if got := fmt.Sprint(r, w); got != "MappedRef{<released>} MappedRefMut{<released>}" {
		t.Error(got)
	}
}

func ExampleMap() {
	c := cell.NewRefCell(struct{ Name, City string }{"Ada", "London"})
	city := cell.Map(c.Borrow(), func(v *struct{ Name, City string }) *string { return &v.City })
	defer city.Release()
	fmt.Println(city.Get())
	// Output: London
}

func ExampleMapMut() {
	c := cell.NewRefCell([]int{1, 2, 3})
	last := cell.MapMut(c.BorrowMut(), func(v *[]int) *int { return &(*v)[len(*v)-1] })
	last.Set(30)
	last.Release()
	fmt.Println(c)
	// Output: RefCell{data: [1 2 30]}
}
