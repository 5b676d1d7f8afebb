//go:build go1.26 && !go1.28 && !fearless_portable && !fearless_model

package park

import _ "unsafe" // for go:linkname

// CanSpin reports whether it is worth to spin for the i-th time: several
// processors, and nothing else for this one to run. Only the runtime knows the
// latter; spinning without knowing costs others their turn.
func CanSpin(i int) bool { return canSpin(i) }

// Spin spends some dozen nanoseconds.
func Spin() { doSpin() }

// These two are what sync.Mutex spins with. They have no state and no
// invariant; the build tag names the releases that were checked.
//
//go:linkname canSpin sync.runtime_canSpin
func canSpin(i int) bool

//go:linkname doSpin sync.runtime_doSpin
func doSpin()
