package engine

import (
	"github.com/fearless-go/fearless/internal/engine/explore"
	"github.com/fearless-go/fearless/internal/engine/graph"
)

// The words in which a program says what its operations are, under the names that they
// have at this door.
type (
	Memory = graph.Memory
	Order  = graph.Order
	Op     = graph.Op
)

// The memory models.
const (
	RC11 = graph.RC11
	SC   = graph.SC
)

// The memory orderings.
const (
	NonAtomic = graph.NonAtomic
	Relaxed   = graph.Relaxed
	Acquire   = graph.Acquire
	Release   = graph.Release
	AcqRel    = graph.AcqRel
	SeqCst    = graph.SeqCst
)

// What an update computes, or an await waits for.
const (
	OpNone    = graph.OpNone
	OpSwap    = graph.OpSwap
	OpAdd     = graph.OpAdd
	OpSub     = graph.OpSub
	OpAnd     = graph.OpAnd
	OpOr      = graph.OpOr
	OpXor     = graph.OpXor
	OpNand    = graph.OpNand
	OpMax     = graph.OpMax
	OpMin     = graph.OpMin
	OpCAS     = graph.OpCAS
	OpUntil   = graph.OpUntil
	OpUnless  = graph.OpUnless
	OpUntilGE = graph.OpUntilGE
	OpEnter   = graph.OpEnter
)

// What an exploration is asked for, and what it says.
type (
	Update      = explore.Update
	Failure     = explore.Failure
	FailureKind = explore.FailureKind
	Estimate    = explore.Estimate
)

// The kinds of failures.
const (
	Panicked         = explore.Panicked
	Deadlock         = explore.Deadlock
	DataRace         = explore.DataRace
	Leak             = explore.Leak
	Limit            = explore.Limit
	Nondeterministic = explore.Nondeterministic
	Unsupported      = explore.Unsupported
	Disabled         = explore.Disabled
	Foreign          = explore.Foreign
	NotLinearizable  = explore.NotLinearizable
	BadInput         = explore.BadInput
	UseAfterFree     = explore.UseAfterFree
	FileFailed       = explore.FileFailed
	Livelock         = explore.Livelock
)
