package cell_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"testing"

	"github.com/fearless-go/fearless/cell"
)

func TestPrint(t *testing.T) {
	c, lazy := cell.NewRefCell(3), cell.NewLazyCell(func() int { return 5 })
	bad := cell.NewLazyCell(func() int { panic("x") })
	recovered(func() { bad.Get() })
	if got, want := fmt.Sprint(cell.NewCell(1), c, cell.NewOnceCell(4), new(cell.OnceCell[int]), lazy, bad, new(cell.UnsafeCell[int])),
		"Cell{data: 1} RefCell{data: 3} OnceCell{data: 4} OnceCell{<uninit>} LazyCell{<uninit>} LazyCell{<poisoned>} UnsafeCell{..}"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if lazy.Get(); fmt.Sprint(lazy) != "LazyCell{data: 5}" {
		t.Error(lazy)
	}
	r := c.Borrow()
	if got := fmt.Sprint(c, r); got != "RefCell{data: 3} 3" {
		t.Error(got)
	}
	r.Release()
	w := c.BorrowMut()
	if got := fmt.Sprint(c, w); got != "RefCell{<borrowed>} 3" {
		t.Error(got)
	}
	w.Release()
	if got := fmt.Sprint(c, r, w, (*cell.Cell[int])(nil)); got != "RefCell{data: 3} Ref{<released>} RefMut{<released>} <nil>" {
		t.Error(got)
	}
}

func TestJSON(t *testing.T) {
	type data struct {
		A cell.Cell[int]
		B cell.RefCell[[]int]
	}
	d := new(data)
	if err := json.Unmarshal([]byte(`{"A": 1, "B": [2, 3]}`), d); err != nil {
		t.Error(err)
	}
	if text, err := json.Marshal(d); err != nil || string(text) != `{"A":1,"B":[2,3]}` {
		t.Errorf("%s, %v", text, err)
	}
	w := d.B.BorrowMut()
	defer w.Release()
	var conflict *cell.BorrowError
	if _, err := json.Marshal(d); !errors.As(err, &conflict) {
		t.Error(err)
	}
	if err := json.Unmarshal([]byte(`{"B": []}`), d); !errors.As(err, &conflict) {
		t.Error(err)
	}
}
