//go:build !fearless_model

package word

// Real is whether this is the default build, where words are sync/atomic's.
const Real = true

// Fence orders the operations around it. In this build all of them are
// sequentially consistent and none can pass another, so nothing is left for
// it to do.
func Fence(Order) {}

// SpinLoop tells the processor that the caller is in a busy loop.
func SpinLoop() { procyield(spinCycles) }

// spinCycles is one pause instruction, as in Rust's spin_loop.
const spinCycles = 1
