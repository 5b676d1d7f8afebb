//go:build !fearless_model

package model

// Enabled is whether this is a model build, with the tag fearless_model.
const Enabled = false
