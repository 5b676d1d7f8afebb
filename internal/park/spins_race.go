//go:build race

package park

// spinsBeforeYield is none. Under the race detector each look at the lock costs more than
// a holder needs, and a loop that counts its rounds is one that fearless prove cannot
// tell from one that gets on.
const spinsBeforeYield = 0
