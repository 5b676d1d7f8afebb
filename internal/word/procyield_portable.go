//go:build (!go1.26 || go1.28 || fearless_portable) && !wasm && !fearless_model

package word

// procyield spends about as long as the pauses that it stands for.
//
//go:noinline
func procyield(cycles uint32) {
	for range cycles * 8 {
	}
}
