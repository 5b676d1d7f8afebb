//go:build (amd64 || arm64) && !fearless_portable

package goid

// Key returns a number that no other goroutine has while this one lives: the
// address of the runtime's g, which the runtime never moves. It takes half of
// the time of Get (go test -run '^$' -bench . ./internal/goid), and the model
// checker asks at each operation of a program.
func Key() uintptr

// A release of Go that keeps the g elsewhere is noticed at start-up.
func init() {
	other := make(chan uintptr)
	go func() { other <- Key() }()
	if k := Key(); k == 0 || k == <-other || k != Key() {
		panic("goid: this release of Go does not keep the address of the g where it is expected: build with -tags fearless_portable")
	}
}
