package os

import (
	"internal/race"
	"unsafe"
)

// fearlessHarmless begins (1) and ends (-1) system calls that tell the test
// nothing; see package runtime.
//
//go:linkname fearlessHarmless
func fearlessHarmless(by int32)

// fearlessPrints reports whether what is written to f is only printed.
func fearlessPrints(f *File) bool { return f != nil && (f == Stdout || f == Stderr) }

// fearlessPrinting begins to print b. What it takes to do so, such as the lock of the
// file, is not of the test, and must not order its goroutines for the race detector.
func fearlessPrinting(b []byte) {
	if race.Enabled && len(b) > 0 {
		race.ReadRange(unsafe.Pointer(&b[0]), len(b))
	}
	fearlessHarmless(1)
	fearlessUnseen(1)
}

// fearlessPrinted ends that.
func fearlessPrinted() {
	fearlessUnseen(-1)
	fearlessHarmless(-1)
}

// fearlessAsks notes a question to the system that is no system call on some systems.
//
//go:linkname fearlessAsks runtime.fearlessProveSyscall
func fearlessAsks()

//go:linkname fearlessUnseen runtime.fearlessUnseen
func fearlessUnseen(by int32)
