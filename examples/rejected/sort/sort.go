// Sort sorts a slice that an Arc shares.
//
// In Rust, an Arc gives a shared reference to what is in it, and sort needs an
// exclusive one: another owner may be reading.
package main

import (
	"fmt"
	"slices"

	"github.com/fearless-go/fearless/arc"
)

func main() {
	a := arc.New([]int{3, 1, 2})
	defer a.Drop()
	// [readonly] what Arc.Ptr lent at sort.go:18 is changed by Sort here, but it is lent for reading: others may read it at the same time; use MakeMut or GetMut, or put a lock inside
	slices.Sort(*a.Ptr())
	fmt.Println(a.Get())
}
