// Push lets two scoped threads append to one slice.
//
// In Rust, push needs a mutable reference to the vector, and two closures
// cannot both have one.
package main

import (
	"fmt"

	"github.com/fearless-go/fearless/thread"
)

func main() {
	numbers := []int{1, 2, 3}
	thread.Scope(func(s *thread.ScopeHandle) {
		s.Go(func() {
			// [share] `numbers` is written here, by the goroutine started at push.go:16, and written by the one started at push.go:20; nothing orders the two
			numbers = append(numbers, 1)
		})
		s.Go(func() {
			numbers = append(numbers, 2)
		})
	})
	fmt.Println(numbers)
}
