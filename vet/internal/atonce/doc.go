// Package atonce finds memory that two entries of a package use without a
// lock, where there is evidence that both run at once although no go
// statement is in sight: handlers of a server, goroutines for the connections
// that are accepted, parallel subtests, the exported methods of a type beside the
// goroutine that its constructor starts, and those of a type that locks or that
// is documented to be for several goroutines.
//
// Begin with [Find]. Each entry has the accesses that it makes to what it
// shares (fields of its receiver, captured and package variables), in its own
// body and in the functions and methods of the package that it calls. An access
// counts only if nothing has been acquired on the way to it: no lock, no
// receive, no Wait. What is acquired once is not given back in this analysis,
// which misses races and makes none up.
package atonce
