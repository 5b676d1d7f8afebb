// Idalloc allocates IDs and panics when they run out, but goes on counting.
//
// Rust accepts this too; the book shows how the counter then wraps around and
// an ID is given out twice.
package main

import (
	"fmt"

	"github.com/fearless-go/fearless/atomic"
)

var nextID atomic.Uint32

func allocateID() uint32 {
	// [ordering] nextID is advanced here and checked afterwards, at idalloc.go:18: each call that fails the check advances it further, until it wraps around and passes; check in a compare-exchange loop, or with FetchUpdate
	id := nextID.FetchAdd(1, atomic.Relaxed)
	if id >= 1000 {
		panic("too many IDs!")
	}
	return id
}

func main() {
	fmt.Println(allocateID())
}
