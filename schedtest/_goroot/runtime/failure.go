package runtime

import _ "unsafe" // for go:linkname

// What a test says first of its failure: the line that it logged last before it failed.
//
// Error and Fatal log, and then fail, with no point between. A test may have logged much
// else before. It is kept here, not in package testing, for the race detector would
// take it for memory that the goroutines of the test share.

var fearlessFailure struct {
	lock   mutex
	said   string
	failed bool
}

// fearlessLogged notes a line of the test's log.
//
//go:linkname fearlessLogged testing.fearlessLogged
func fearlessLogged(text string) {
	f := &fearlessFailure
	lock(&f.lock)
	if !f.failed {
		f.said = text
	}
	unlock(&f.lock)
}

// fearlessFails notes that the test fails.
//
//go:linkname fearlessFails testing.fearlessFails
func fearlessFails() {
	f := &fearlessFailure
	lock(&f.lock)
	f.failed = true
	unlock(&f.lock)
}

// fearlessSaid returns what was said of the failure, or "" where there is none, and begins
// the next iteration.
//
//go:linkname fearlessSaid testing.fearlessSaid
func fearlessSaid() (text string) {
	f := &fearlessFailure
	lock(&f.lock)
	if f.failed {
		text = f.said
	}
	f.said, f.failed = "", false
	unlock(&f.lock)
	return text
}
