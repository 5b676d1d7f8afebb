//go:build (386 || amd64 || arm || arm64 || riscv64) && go1.26 && !go1.28 && !fearless_portable

package goid

// Key returns a number that no other goroutine has while this one lives. It
// takes half of the time of Get (go test -run '^$' -bench . ./internal/goid),
// and the model checker asks at each operation of a program.
//
// It is the address of the runtime's g, which the runtime neither moves nor
// frees: the g of a goroutine that has ended serves a later one. So there are no
// more Keys than goroutines have lived at once.
func Key() uintptr

// Reused is whether a goroutine may have the Key of one that has ended.
const Reused = true
