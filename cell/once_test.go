package cell_test

import (
	"errors"
	"runtime"
	"strings"
	"testing"

	"github.com/fearless-go/fearless/cell"
)

func TestOnceCell(t *testing.T) {
	var c cell.OnceCell[int]
	if v, ok := c.Get(); ok || v != 0 {
		t.Errorf("the zero OnceCell holds %d", v)
	}
	if _, ok := c.Take(); ok || c.Ptr() != nil {
		t.Error("an empty cell has a value")
	}
	if !c.Set(1) || c.Set(2) {
		t.Error("Set does not set exactly once")
	}
	if v := c.GetOrInit(func() int { t.Error("the function of a full cell runs"); return 3 }); v != 1 {
		t.Errorf("got %d, want 1", v)
	}
	if p := c.Ptr(); p == nil || *p != 1 {
		t.Error("Ptr does not lead to the value")
	}
	if v, ok := c.Take(); !ok || v != 1 {
		t.Errorf("Take returned %d, %v", v, ok)
	}
	if v := c.GetOrInit(func() int { return 4 }); v != 4 {
		t.Errorf("got %d after Take, want 4", v)
	}
	if v, ok := cell.NewOnceCell(5).Get(); !ok || v != 5 {
		t.Errorf("NewOnceCell(5) holds %d, %v", v, ok)
	}
}

func TestOnceCellStaysEmptyWhenItsFunctionFails(t *testing.T) {
	var c cell.OnceCell[int]
	broken := errors.New("broken")
	if v, err := c.GetOrTryInit(func() (int, error) { return 9, broken }); err != broken || v != 0 {
		t.Errorf("got %d, %v", v, err)
	}
	if recovered(func() { c.GetOrInit(func() int { panic("boom") }) }) != "boom" {
		t.Error("the panic is lost")
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		c.GetOrInit(func() int { runtime.Goexit(); return 0 })
	}()
	<-done
	if _, ok := c.Get(); ok {
		t.Error("the cell has a value")
	}
	if v, err := c.GetOrTryInit(func() (int, error) { return 1, nil }); err != nil || v != 1 {
		t.Errorf("got %d, %v", v, err)
	}
}

func TestOnceCellReentrant(t *testing.T) {
	var c cell.OnceCell[int]
	for op, use := range map[string]func(){
		"GetOrInit":    func() { c.GetOrInit(func() int { return 1 }) },
		"GetOrTryInit": func() { c.GetOrTryInit(func() (int, error) { return 1, nil }) },
		"Set":          func() { c.Set(1) },
	} {
		got, _ := recovered(func() { c.GetOrInit(func() int { use(); return 2 }) }).(*cell.ReentrantError)
		if got == nil || !strings.HasPrefix(got.Error(), "cell: "+op+" of a OnceCell[int] by the function that computes its value") {
			t.Errorf("%s: %v", op, got)
		}
	}
	if _, ok := c.Get(); ok {
		t.Error("the cell has a value")
	}
}

func TestLazyCell(t *testing.T) {
	calls := 0
	c := cell.NewLazyCell(func() int { calls++; return 42 })
	if calls != 0 || c.IsCompleted() {
		t.Error("the function runs before it is asked")
	}
	for range 2 {
		if v := c.Get(); v != 42 || calls != 1 {
			t.Errorf("got %d after %d calls", v, calls)
		}
	}
	if p := c.Ptr(); *p != 42 || !c.IsCompleted() || calls != 1 {
		t.Errorf("Ptr leads to %d after %d calls", *p, calls)
	}
}

func TestLazyCellPoison(t *testing.T) {
	for name, fail := range map[string]func(){"panic": func() { panic("boom") }, "Goexit": runtime.Goexit} {
		calls := 0
		c := cell.NewLazyCell(func() int { calls++; fail(); return 1 })
		done := make(chan any)
		go func() {
			defer func() { done <- recover() }()
			c.Get()
		}()
		if value := <-done; name == "panic" && value != "boom" {
			t.Errorf("the panic became %v", value)
		}
		poison, _ := recovered(func() { c.Get() }).(*cell.PoisonError)
		if poison == nil || calls != 1 || !strings.HasPrefix(poison.Error(), "cell: LazyCell[int] has no value because its function panicked") {
			t.Errorf("%s: %v after %d calls", name, poison, calls)
		}
	}
}

func TestLazyCellBadInput(t *testing.T) {
	var c *cell.LazyCell[int]
	c = cell.NewLazyCell(func() int { return c.Get() })
	if got, ok := recovered(func() { c.Get() }).(*cell.ReentrantError); !ok || !strings.Contains(got.Error(), "Get of a LazyCell[int]") {
		t.Errorf("reentrant Get: %v", got)
	}
	for name, use := range map[string]func(){
		"zero": func() { new(cell.LazyCell[int]).Get() },
		"nil":  func() { cell.NewLazyCell[int](nil) },
	} {
		if got, ok := recovered(use).(*cell.NoFunctionError); !ok || !strings.Contains(got.Error(), "make it with NewLazyCell") {
			t.Errorf("%s: %v", name, got)
		}
	}
}
