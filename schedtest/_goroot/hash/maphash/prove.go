package maphash

import _ "unsafe" // for go:linkname

// fearlessSeeds notes that the code under test draws a random seed; see package
// runtime.
//
//go:linkname fearlessSeeds
func fearlessSeeds()
