// Package imports hands functions to another package that starts goroutines.
package imports

import (
	"time"

	"github.com/fearless-go/fearless/vet/share/testdata/src/waiter"
)

func until() int {
	n := 0
	waiter.Until(func() bool { n++; return n > 3 }, time.Second)
	n++
	return n
}

func started() int {
	n := 0
	waiter.Started(func() { n++ })
	n++ // want "`n` is written here and also by the goroutine started at imports.go:19; nothing orders the two"
	return n
}
