package cell

import (
	"encoding/json"
	"fmt"

	"github.com/fearless-go/fearless/internal/show"
)

// Format prints the Cell with any verb, as Cell{data: 3}.
func (c *Cell[T]) Format(f fmt.State, verb rune) {
	if c == nil {
		fmt.Fprint(f, "<nil>")
		return
	}
	v := c.Get()
	show.Data(f, verb, "Cell", &v)
}

// Format prints the RefCell with any verb: as RefCell{data: 3}, or as
// RefCell{<borrowed>} while a RefMut is out. It borrows while it prints.
func (c *RefCell[T]) Format(f fmt.State, verb rune) {
	if c == nil {
		fmt.Fprint(f, "<nil>")
		return
	}
	r, err := c.TryBorrow()
	if err != nil {
		show.State(f, "RefCell", "borrowed")
		return
	}
	defer r.Release()
	show.Data(f, verb, "RefCell", r.Ptr())
}

// Format prints the value with any verb.
func (r Ref[T]) Format(f fmt.State, verb rune) {
	if stale(r.cell, r.borrow) {
		show.State(f, "Ref", "released")
		return
	}
	show.Inner(f, verb, r.Ptr())
}

// Format prints the value with any verb.
func (r RefMut[T]) Format(f fmt.State, verb rune) {
	if stale(r.cell, r.borrow) {
		show.State(f, "RefMut", "released")
		return
	}
	show.Inner(f, verb, r.Ptr())
}

// Format prints the OnceCell with any verb: as OnceCell{data: 3}, or as
// OnceCell{<uninit>} if it is empty.
func (c *OnceCell[T]) Format(f fmt.State, verb rune) {
	switch {
	case c == nil:
		fmt.Fprint(f, "<nil>")
	case c.full:
		show.Data(f, verb, "OnceCell", c.Ptr())
	default:
		show.State(f, "OnceCell", "uninit")
	}
}

// Format prints the LazyCell with any verb: as LazyCell{data: 3}, or as
// LazyCell{<uninit>} or LazyCell{<poisoned>}. It does not compute the value.
func (c *LazyCell[T]) Format(f fmt.State, verb rune) {
	switch {
	case c == nil:
		fmt.Fprint(f, "<nil>")
	case c.state == lazyDone:
		show.Data(f, verb, "LazyCell", c.Ptr())
	case c.state == lazyPoisoned:
		show.State(f, "LazyCell", "poisoned")
	default:
		show.State(f, "LazyCell", "uninit")
	}
}

// Format prints the part with any verb.
func (r MappedRef[U]) Format(f fmt.State, verb rune) { r.m.format(f, verb, "MappedRef") }

// Format prints the part with any verb.
func (r MappedRefMut[U]) Format(f fmt.State, verb rune) { r.m.format(f, verb, "MappedRefMut") }

func (m mapping[U]) format(f fmt.State, verb rune, kind string) {
	if stale(m.cell, m.borrow) {
		show.State(f, kind, "released")
		return
	}
	m.at.Read()
	show.Inner(f, verb, m.part)
}

// Format prints UnsafeCell{..}: nobody knows who may read it.
func (*UnsafeCell[T]) Format(f fmt.State, _ rune) { fmt.Fprint(f, "UnsafeCell{..}") }

// MarshalJSON returns the value in JSON.
func (c *Cell[T]) MarshalJSON() ([]byte, error) {
	v := c.Get()
	return json.Marshal(&v)
}

// UnmarshalJSON reads JSON into the value, as json.Unmarshal does.
func (c *Cell[T]) UnmarshalJSON(text []byte) error {
	v := c.Get()
	err := json.Unmarshal(text, &v)
	c.Set(v)
	return err
}

// MarshalJSON borrows, and returns the value in JSON. The error is a
// *BorrowError while a RefMut is out.
func (c *RefCell[T]) MarshalJSON() ([]byte, error) {
	r, err := c.TryBorrow()
	if err != nil {
		return nil, err
	}
	defer r.Release()
	return json.Marshal(r.Ptr())
}

// UnmarshalJSON borrows for writing, and reads JSON into the value, as
// json.Unmarshal does. The error is a *BorrowError while a Ref or a RefMut is out.
func (c *RefCell[T]) UnmarshalJSON(text []byte) error {
	r, err := c.TryBorrowMut()
	if err != nil {
		return err
	}
	defer r.Release()
	return json.Unmarshal(text, r.Ptr())
}
