// Dropped locks a mutex and drops the guard.
//
// In Rust, dropping the guard unlocks the mutex at once, and the compiler
// warns that the guard must be used. In Go, the mutex stays locked.
package main

import (
	"fmt"

	"github.com/fearless-go/fearless/lock"
)

func main() {
	n := lock.NewMutex(0)
	// [guard] the guard of n is dropped here: Go does not release it, so n stays locked forever
	n.Lock()
	fmt.Println(n.IsPoisoned())
}
