//go:build race || fearless_debug || fearless_model

package checked

// Build is true with -race and with the build tags fearless_debug and
// fearless_model. It is a constant, so that checks vanish where it is false.
const Build = true
