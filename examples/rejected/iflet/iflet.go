// Iflet holds a lock for as long as it works on what it took from under it.
//
// In Rust, the guard in the condition of an "if let" lives to the end of its
// body. Rust's compiler accepts that, and the book warns of it. In Go, the
// deferred Unlock lives to the end of the function.
package main

import (
	"fmt"
	"time"

	"github.com/fearless-go/fearless/lock"
)

func process(list *lock.Mutex[[]int]) {
	g := list.Lock()
	defer g.Unlock()
	if items := g.Ptr(); len(*items) > 0 {
		item := (*items)[0]
		*items = (*items)[1:]
		// [held] list is locked since iflet.go:16 and still held during a sleep: whoever wants it waits as long; unlock it before
		time.Sleep(time.Millisecond)
		fmt.Println(item)
	}
}

func main() {
	process(lock.NewMutex([]int{1, 2, 3}))
}
