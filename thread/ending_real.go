//go:build !fearless_model

package thread

// An ending is the end of one thread, to wait for.
type ending struct{ handoff }

// belongs is the model's.
func (*ending) belongs(*Thread) {}

// A crew is the threads of a scope, to wait for together.
type crew struct{ tally }
