// Package lent overwrites a Once of which it is not seen where it stands: each of the
// package may be that.
package lent

import "sync"

var unknown = func() {}

// A lent gives its Once to a function that overwrites it.
type lent struct {
	once sync.Once
	size int
}

func again(once *sync.Once) { *once = sync.Once{} }

func (l *lent) need() {
	l.once.Do(func() {
		l.size++ // want "`l.size` is written here and read by the goroutine"
		go func() { println(l.size) }()
	})
}

func (l *lent) Write() {
	unknown()
	l.need()
	again(&l.once)
	l.need()
}
