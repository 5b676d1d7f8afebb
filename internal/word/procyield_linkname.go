//go:build go1.26 && !go1.28 && !wasm && !fearless_portable && !fearless_model

package word

import _ "unsafe" // for go:linkname

// The runtime's pause instruction, which Go code cannot name: a busy loop
// without it starves the other hyperthread and pays for a mis-speculated exit.
// Invariant: it takes a number of pauses and returns; the build tag above
// names the releases that were checked, any other takes the portable file.
//
//go:linkname procyield runtime.procyield
func procyield(cycles uint32)
