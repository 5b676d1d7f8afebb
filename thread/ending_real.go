//go:build !fearless_model

package thread

// An ending is the end of one thread, to wait for.
type ending struct{ handoff }

// A crew is the threads of a scope, to wait for together.
type crew struct{ tally }
