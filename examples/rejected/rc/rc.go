// Rc moves a clone of a reference-counted pointer for one thread to another.
//
// Rust's Rc is not Send: both threads would change its count, which is not atomic.
package main

import (
	"fmt"

	"github.com/fearless-go/fearless/rc"
	"github.com/fearless-go/fearless/thread"
)

func main() {
	a := rc.New(123)
	b := a.Clone()
	// [send] `b` is captured by another goroutine, but rc.Rc[int] is not Send: it is an rc.Rc[int]; use arc.Arc, which counts atomically
	h := thread.Go(func() {
		fmt.Println(b.Get())
	})
	fmt.Println(a.Get())
	h.Join()
}
