package engine

import "github.com/fearless-go/fearless/internal/trace"

// Options say how an Engine explores.
type Options struct {
	Memory    Memory
	MaxEvents int // in one execution
	MaxThread int // threads in one execution
	// MaxExecutions is after how many complete executions the exploration ends; 0: no bound.
	MaxExecutions int
	Unroll        int  // a thread that comes to a place more often is cut there; 0: never
	Plain         bool // no symmetry
	Bounded       bool // busy loops end by themselves: explore old values in them, too
	Parallel      int  // engines that share the exploration
	Random        bool // walks at random, from Seed, until done returns false
	Seed          uint64
	Seen          *Seen     // if not nil: what the exploration met
	Estimate      *Estimate // with Random or Forecast: kept up to date, for done to read
	Forecast      bool      // estimate how many executions there are while they are explored
	Replay        string    // the one execution to run; empty: all
	Shard         int       // with Shards over 1: explore only this part of as many, from 1
	Shards        int
	Keep          bool   // return what is left when done ends the exploration
	Parts         bool   // return Stats.Parts
	Resume        []byte // what was left; nil: begin at the beginning
	Locks         EventLocks
	// SpuriousWakes lets a Condvar wake for no reason.
	SpuriousWakes bool
	// Mutate, if not nil, changes the ordering of the operation at a place in
	// the library, or that of its failure: tests weaken one after the other.
	Mutate func(file string, line int, o Order, fails bool) Order

	drawn *[]*trace.Trace // not nil: see Draw

	// For tests of the engine's own.
	everyRound bool                 // a busy loop is none: each round is explored
	trial      int                  // operations of a trial; 0: as many as it takes
	place      func(*Thread) uint64 // where a thread stands; nil: in the source
	blocked    func(*Engine)        // is called after each run that is not complete, before it is judged
	completed  func(*Engine)        // is called after each complete run
}
