//go:build !fearless_model

package park

import "unsafe"

// Spot returns a number that most likely differs between goroutines that run at
// the same time, and is mostly the same from call to call of one goroutine: a
// hash of where its stack lies. It spreads what they share, and nothing
// depends on it but speed.
func Spot() uint32 {
	var here byte
	// A stack is 2 KiB at least. The address is a number and nothing more.
	return uint32(uintptr(unsafe.Pointer(&here))>>11) * 0x9E3779B1 >> 16
}

// Spots is how many values of Spot, modulo this power of two, keep n
// goroutines mostly apart.
func Spots(n int) int {
	spots := 16
	for spots < 4*n && spots < 256 {
		spots *= 2
	}
	return spots
}
