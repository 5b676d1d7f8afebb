// Package bad has comments that say nothing.
package bad

import "sync"

type counter struct {
	mu sync.Mutex
	m  int
	/*a*/ a int /* want "names no lock: write //fearless:guardedby mu" */ //fearless:guardedby
	/*b*/ b int /* want "names lock, but there is none among the fields of the struct" */ //fearless:guardedby lock
	/*c*/ c int /* want "names m, which is no lock but a int: name one with Lock and Unlock" */ //fearless:guardedby m
}

var d int /* want "names mu, but there is none among the package's variables" */ //fearless:guardedby mu

/* want "guards nothing here: write it behind or above a field of a struct or a package variable" */ //fearless:guardedby mu
func f()                                                                                             {}
