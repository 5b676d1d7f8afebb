// Package pieces is what a test binary that uses package model and "fearless
// cluster" tell each other when several processes share an exploration: jobs,
// results, and how results add up. Begin at [Job]. The JSON of these types is
// stored on servers: a change of it needs another version of package cluster's
// messages.
package pieces
