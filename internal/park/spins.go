//go:build !race

package park

// spinsBeforeYield is some hundred nanoseconds: longer than any holder needs
// that still runs.
const spinsBeforeYield = 32
