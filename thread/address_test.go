package thread_test

import "unsafe"

// addressOf tells whether a stack has moved. The uintptr does not keep p alive
// or let it escape, which is the point.
//
//go:noinline
func addressOf(p *byte) uintptr { return uintptr(unsafe.Pointer(p)) }
