// Package bench measures the library against what a Go user has today: package
// sync, channels and the best-known alternatives.
//
// A [Case] is one thing that several [Subject]s do, each in its own way. The
// subjects of a case run in turns (A B A B), in one process and in many short
// rounds, so that a machine that becomes slower or faster slows or speeds up
// all of them, and what counts, the ratio of two, stays.
//
//	go run ./cmd/fearless bench
//
// The same cases are benchmarks for go test, in a form that benchstat reads:
//
//	go test -run xxx -bench . ./bench/... | benchstat -col /by -
package bench

import "slices"

// Ours is the name of the subject that is the library itself.
const Ours = "fearless"

// A Case is one thing that is measured.
type Case struct {
	// Name is a path: what, how, by how many.
	Name string
	// Unit is "ns/op" when empty. Less is better, whatever the unit.
	Unit string
	// Contended says that several goroutines do it at once. Locks turn fair
	// to who has waited for a millisecond, so a round is many of those.
	Contended bool
	// Subjects do the same thing, the library first.
	Subjects []Subject
	// Targets are what the library promises to reach.
	Targets []Target
}

// unit returns the unit of the case's values.
func (c Case) unit() string {
	if c.Unit == "" {
		return "ns/op"
	}
	return c.Unit
}

// A Subject is one way to do what a case is about. Exactly one of New and
// Sample is set.
type Subject struct {
	// By says who does it: Ours, or a rival such as "sync.Mutex".
	By string
	// New makes what is to be measured, from scratch, and returns the
	// function that does it n times.
	New func() func(n int)
	// Sample measures something else than time and returns it, in the case's unit.
	Sample func() float64
}

// A Target is a ratio that the library promises.
type Target struct {
	// Of is the By of the rival.
	Of string
	// Most is the largest ratio of the library to the rival that is still good.
	Most float64
	// Limit says, where the target is not met, what was tried and what
	// stands in the way.
	Limit string
}

// Cases returns all cases, in the order in which they are shown.
func Cases() []Case {
	return slices.Concat(
		mutexCases(), rwlockCases(), condvarCases(), parkCases(), queueCases(),
		threadCases(), onceCases(), arcCases(), refcellCases(), atomicCases(), growthCases(),
	)
}
