//go:build fearless_model

package watch

// possible is whether this build can be watched.
const possible = false

// On reports whether the watch is on.
func On() bool { return false }

func setVacant(bool) {}
