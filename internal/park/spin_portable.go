//go:build (!go1.26 || go1.28 || fearless_portable) && !fearless_model

package park

import "runtime"

// CanSpin reports whether it is worth to spin for the i-th time: a few times,
// if there are several processors.
func CanSpin(i int) bool { return i < 4 && runtime.GOMAXPROCS(0) > 1 }

// Spin spends some dozen nanoseconds.
//
//go:noinline
func Spin() {
	for range 30 {
	}
}
