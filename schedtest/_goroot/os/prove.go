package os

import _ "unsafe" // for go:linkname

// fearlessHarmless begins (1) and ends (-1) system calls that tell the test
// nothing; see package runtime.
//
//go:linkname fearlessHarmless
func fearlessHarmless(by int32)

// fearlessPrints reports whether what is written to f is only printed.
func fearlessPrints(f *File) bool { return f != nil && (f == Stdout || f == Stderr) }
