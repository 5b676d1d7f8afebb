// Package lockset computes which locks a goroutine holds at each point of a
// function, for the analyzers that reason about locks.
//
// The name is from Savage et al., "Eraser: A Dynamic Data Race Detector for
// Multithreaded Programs" (1997). Here the set is computed from the source: a
// path-sensitive walk over each function's SSA form follows every combination
// of held locks, and a summary of each function ("locks", "returns locked",
// "unlocks", "blocks") carries what it does to its callers' sets, across
// packages as a fact.
//
// A lock is named by a [Path]: the variable, parameter or global that a chain
// of fields starts from. Two paths that are equal name one lock; two that
// differ may still. Its class, such as "store.Replica.mu", names every
// instance at once and is what lock orders are stated in.
//
// The walk errs towards silence. A branch condition that is tested twice has
// the same outcome both times, a lock whose fate depends on what cannot be
// seen is [Unknown], and a function with too many states is cut short.
package lockset
