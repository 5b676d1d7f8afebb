//go:build !fearless_model

package thread

// wakesSpuriously reports whether a Park returns without a token. Here none does.
func (t *Thread) wakesSpuriously() bool { return false }
