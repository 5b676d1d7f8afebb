//go:build !fearless_model

package word

import "runtime"

// procyield gives the only thread that there is to another goroutine. Nothing
// preempts a goroutine on WebAssembly: one that spins for another without this
// would spin for ever.
func procyield(uint32) { runtime.Gosched() }
