//go:build !(386 || amd64 || arm || arm64 || riscv64) || !go1.26 || go1.28 || fearless_portable

package goid

// Key returns a number that no other goroutine has while this one lives: the
// goroutine's own. Elsewhere it is the address of the runtime's g, which a
// release of Go that was not looked at may keep somewhere else.
func Key() uintptr { return uintptr(Get()) }

// Reused is whether a goroutine may have the Key of one that has ended.
const Reused = false
