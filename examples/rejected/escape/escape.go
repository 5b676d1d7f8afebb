// Escape keeps a reference to protected data beyond the scope that lent it.
//
// In Rust, the reference that a closure is given cannot be put in a variable
// outside of the closure: it would be used when the lock is free again.
package main

import (
	"fmt"

	"github.com/fearless-go/fearless/lock"
)

func main() {
	numbers := lock.NewMutex([]int{1, 2, 3})
	var kept *[]int
	numbers.With(func(v *[]int) {
		// [escape] the pointer that Mutex.With lends to this function is stored in kept here, which outlives it; it is good only until the function returns
		kept = v
	})
	fmt.Println(len(*kept))
}
