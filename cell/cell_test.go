package cell_test

import (
	"testing"

	"github.com/fearless-go/fearless/cell"
)

func TestCell(t *testing.T) {
	var c cell.Cell[string]
	if c.Get() != "" {
		t.Error("the zero Cell is not empty")
	}
	c.Set("a")
	if p := c.Replace("b"); p != "a" || c.Get() != "b" {
		t.Errorf("Replace returned %q and left %q", p, c.Get())
	}
	if p := c.Take(); p != "b" || c.Get() != "" {
		t.Errorf("Take returned %q and left %q", p, c.Get())
	}
	c.Set("self")
	c.Swap(&c)
	if c.Get() != "self" {
		t.Errorf("Swap with itself left %q", c.Get())
	}
}

func TestCellUpdateWhichSetsItself(t *testing.T) {
	c := cell.NewCell(1)
	c.Update(func(v int) int {
		c.Set(100)
		return v + 1
	})
	if c.Get() != 2 {
		t.Errorf("got %d, want the result of the function, 2", c.Get())
	}
}

func TestCellUpdateWhichPanics(t *testing.T) {
	c := cell.NewCell(1)
	if recovered(func() { c.Update(func(int) int { panic("boom") }) }) != "boom" || c.Get() != 1 {
		t.Errorf("the value is %d, want 1", c.Get())
	}
}

func TestUnsafeCell(t *testing.T) {
	c := cell.NewUnsafeCell(1)
	c.WithMut(func(v *int) { *v++ })
	*c.Get() *= 10
	c.With(func(v *int) {
		if *v != 20 || v != c.Get() {
			t.Errorf("got %d", *v)
		}
	})
}

// recovered calls f and returns what it panics with, or nil.
func recovered(f func()) (value any) {
	defer func() { value = recover() }()
	f()
	return nil
}
