package testing

// The driver of a controlled run: it runs one test under many schedules in
// this process, as the job file in the environment says, and writes what it
// finds to the job's result file. The program schedtest reads that.

import (
	_ "unsafe" // for go:linkname
)

// See package runtime for all of these.

//go:linkname fearlessSetUntil
func fearlessSetUntil(ns int64)

//go:linkname fearlessAsleep
func fearlessAsleep() bool

//go:linkname fearlessTimeOver
func fearlessTimeOver() bool

//go:linkname fearlessBegin
func fearlessBegin(root func(), kind, depth, length uint32, seed uint64, maxSteps uint64, events []fearlessEvent) int

//go:linkname fearlessEnd
func fearlessEnd()

//go:linkname fearlessRootDone
func fearlessRootDone()

//go:linkname fearlessFreeze
func fearlessFreeze()

//go:linkname fearlessStats
func fearlessStats() (steps uint64, created, live, events int, external, rootDone bool, heap uint64)

//go:linkname fearlessGoroutine
func fearlessGoroutine(i int) (id uint64, alive, leaked, ok bool)

//go:linkname fearlessLeaks
func fearlessLeaks() int

//go:linkname fearlessSwitches
func fearlessSwitches(list, choices []uint32)

//go:linkname fearlessPortfolio
func fearlessPortfolio(base, i uint64, length uint32) (kind, depth uint32, seed uint64)

//go:linkname fearlessDFS
func fearlessDFS(path []uint32) (out []uint32, more, complete bool)

//go:linkname fearlessFar
func fearlessFar() bool

//go:linkname fearlessSetLate
func fearlessSetLate(late int64)

//go:linkname fearlessBehaviour
func fearlessBehaviour() uint64

//go:linkname fearlessSetProcs
func fearlessSetProcs(n int32)

//go:linkname fearlessLateness
func fearlessLateness() (fires uint64, lateBy int64, forced uint64)

//go:linkname fearlessHadChances
func fearlessHadChances() uint64

//go:linkname fearlessAwaitSweep
func fearlessAwaitSweep() bool

//go:linkname fearlessPolling
func fearlessPolling(i int) bool

//go:linkname fearlessOnFatal
func fearlessOnFatal(fn func())

//go:linkname fearlessNetIsUnfit
func fearlessNetIsUnfit() bool

//go:linkname fearlessBeat
func fearlessBeat(fd uintptr)

//go:linkname fearlessLogged
func fearlessLogged(text string)

//go:linkname fearlessFails
func fearlessFails()

//go:linkname fearlessSaid
func fearlessSaid() string

//go:linkname fearlessQuiet
func fearlessQuiet(by int32)

//go:linkname fearlessClearPools
func fearlessClearPools()

// fearlessEvent is runtime.FearlessEvent.
type fearlessEvent struct {
	ID      uint32
	Op      uint8
	Deviate bool
	Pick    uint32
	Last    uint32
	Done    uint32
	Races   uint32
	Addr    uintptr
	PC      [20]uintptr
}

const (
	fearlessEnded = iota
	fearlessBlocked
	fearlessWaiting
	fearlessTooLong
	fearlessLivelock
	fearlessEndless
	fearlessUnclear
)

const (
	fearlessKindFirst     = 0
	fearlessKindDFS       = 4
	fearlessKindSwitches  = 5
	fearlessKindPortfolio = 255
)
