package cell_test

import (
	"errors"
	"fmt"

	"github.com/fearless-go/fearless/cell"
)

// Two closures share a counter. Neither can keep a pointer into it.
func ExampleCell() {
	hits := cell.NewCell(0)
	onClick := func() { hits.Update(func(n int) int { return n + 1 }) }
	report := func() { fmt.Println(hits.Get(), "hits") }

	onClick()
	onClick()
	report()
	fmt.Println(hits.Take(), hits.Get())
	// Output:
	// 2 hits
	// 2 0
}

func ExampleCell_Replace() {
	c := cell.NewCell("old")
	fmt.Println(c.Replace("new"), c.Get())
	// Output: old new
}

func ExampleCell_Swap() {
	a, b := cell.NewCell(1), cell.NewCell(2)
	a.Swap(b)
	fmt.Println(a.Get(), b.Get())
	// Output: 2 1
}

func ExampleRefCell() {
	list := cell.NewRefCell([]int{1, 2, 3})
	list.WithMut(func(v *[]int) { *v = append(*v, 4) })
	list.With(func(v []int) { fmt.Println(v) })
	// Output: [1 2 3 4]
}

// A callback that changes what its caller still reads.
func ExampleRefCell_TryBorrowMut() {
	list := cell.NewRefCell([]int{1, 2, 3})
	add := func(n int) error {
		w, err := list.TryBorrowMut()
		if err != nil {
			return err
		}
		defer w.Release()
		w.Set(append(w.Get(), n))
		return nil
	}

	r := list.Borrow()
	var conflict *cell.BorrowError
	fmt.Println(errors.As(add(4), &conflict), conflict.Readers, "reader")
	r.Release()
	fmt.Println(add(4))
	// Output:
	// true 1 reader
	// <nil>
}

func ExampleRef() {
	c := cell.NewRefCell("shared")
	a, b := c.Borrow(), c.Borrow()
	fmt.Println(a.Get(), *b.Ptr())
	a.Release()
	b.Release()
	// Output: shared shared
}

func ExampleRefMut() {
	c := cell.NewRefCell(1)
	w := c.BorrowMut()
	*w.Ptr() += 1
	w.Set(w.Get() * 10)
	w.Release()
	c.With(func(v int) { fmt.Println(v) })
	// Output: 20
}

// A queue's slot: the queue's counters, not the slot, keep the sides apart.
func ExampleUnsafeCell() {
	var slot cell.UnsafeCell[string]
	slot.WithMut(func(v *string) { *v = "message" })
	slot.With(func(v *string) { fmt.Println(*v) })
	// Output: message
}

func ExampleOnceCell() {
	var name cell.OnceCell[string]
	fmt.Println(name.Get())
	fmt.Println(name.GetOrInit(func() string { return "first" }))
	fmt.Println(name.Set("second"), name.GetOrInit(func() string { return "third" }))
	// Output:
	//  false
	// first
	// false first
}

func ExampleOnceCell_GetOrTryInit() {
	var port cell.OnceCell[int]
	_, err := port.GetOrTryInit(func() (int, error) { return 0, errors.New("no configuration") })
	fmt.Println(err)
	fmt.Println(port.GetOrTryInit(func() (int, error) { return 8080, nil }))
	// Output:
	// no configuration
	// 8080 <nil>
}

func ExampleLazyCell() {
	primes := cell.NewLazyCell(func() []int {
		fmt.Println("computing")
		return []int{2, 3, 5, 7}
	})
	fmt.Println("made")
	fmt.Println(primes.Get()[3], primes.Get()[0])
	// Output:
	// made
	// computing
	// 7 2
}
