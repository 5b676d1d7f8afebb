//go:build !fearless_model

package thread

// startPlain starts a thread without a result.
func startPlain(f func()) (*JoinHandle[Void], error) {
	h := &JoinHandle[Void]{plain: f}
	return h, h.start()
}
