// Package parallel finds pairs of memory accesses that may happen at the
// same time in two goroutines: a may-happen-in-parallel analysis of one
// function and all it starts.
//
// A [Tree] is a root function with every call in it that is evident followed
// (each call a [Frame], so that a function called twice is analysed twice) and
// every goroutine it starts (a [Thread]). A points-to analysis over the tree
// tells which [Object] each pointer, channel, lock and function value means.
//
// Two accesses to one place are in order if one knows of the other: every way
// from the start of the other's goroutine passes a synchronisation that cannot
// have succeeded unless the other access is over. What succeeds when is that
// of the Go memory model (go.dev/ref/mem): a receive is behind its send or the
// close, a send behind the receive that made room for it, Wait behind Done,
// Do behind the once function, a condition seen true behind the store that
// made it true. Accesses that hold a common lock are never at the same time.
//
// Where the tree ends - a call that is not evident, a channel that comes from
// elsewhere - the analysis takes what it cannot see for synchronisation, so
// that a pair it does report stands on what is there to read.
package parallel
