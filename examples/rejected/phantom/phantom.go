// Phantom shares a struct that says it holds a Cell, although it does not.
//
// In Rust, a field of type PhantomData<Cell<()>> takes no space and makes its
// struct as little Sync as a Cell: a handle of something that only one thread
// at a time may use.
package main

import (
	"fmt"

	"github.com/fearless-go/fearless/cell"
	"github.com/fearless-go/fearless/marker"
	"github.com/fearless-go/fearless/thread"
)

type device struct {
	handle int
	_      marker.PhantomData[cell.Cell[struct{}]]
}

func (d *device) read() int { return d.handle }

func main() {
	d := &device{handle: 3}
	thread.Scope(func(s *thread.ScopeHandle) {
		// [send] `d` is captured by another goroutine, but *main.device is not Sync: its field _, its PhantomData is a cell.Cell[struct{}]; use a type of package atomic, or lock.Mutex
		s.Go(func() {
			fmt.Println(d.read())
		})
		fmt.Println(d.read())
	})
}
