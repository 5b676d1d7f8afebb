// Join joins a thread twice.
//
// In Rust, join takes the handle by value, so that nothing is left to join.
package main

import (
	"fmt"

	"github.com/fearless-go/fearless/thread"
)

func main() {
	h := thread.Spawn(func() int { return 42 })
	fmt.Println(h.Join())
	// [moved] the thread is joined again here after it was joined at join.go:14
	fmt.Println(h.Join())
}
