package rand

import _ "unsafe" // for go:linkname

// fearlessChoose makes a choice among n; see package runtime.
//
//go:linkname fearlessChoose
func fearlessChoose(n uint32) uint32

// fearlessTried notes that all that the random number drawn last could be is
// tried; see package runtime.
//
//go:linkname fearlessTried
func fearlessTried()

// fearlessChosen is v, a random number below n, or another one below n if the
// schedule says so. A source that the program has seeded keeps its sequence.
func (r *Rand) fearlessChosen(v, n uint64) uint64 {
	if _, ok := r.src.(runtimeSource); !ok || n > 16 {
		return v
	}
	fearlessTried()
	if n < 2 {
		return v // all that it could be
	}
	return (v + uint64(fearlessChoose(uint32(n)))) % n
}

// fearlessDrawn notes that a number is drawn from the runtime; see package runtime.
//
//go:linkname fearlessDrawn
func fearlessDrawn()
