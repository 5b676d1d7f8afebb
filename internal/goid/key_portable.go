//go:build !(amd64 || arm64) || fearless_portable

package goid

// Key returns a number that no other goroutine has while this one lives.
func Key() uintptr { return uintptr(Get()) }
