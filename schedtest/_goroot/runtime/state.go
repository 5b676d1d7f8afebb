package runtime

import "internal/runtime/atomic"

// The controlled run. One P runs all goroutines; those that descend from the
// test are listed here when they can run, and a Strategy (strategy.go and its
// neighbours, compiled into this package) picks the next one at every
// scheduling point. All other goroutines (the collector's, the driver's) keep
// the ordinary run queue, which goes first, so that they never change a pick.
//
// Nothing here makes a happens-before edge that the race detector could see.

// fearlessG is a goroutine's part, embedded in g.
type fearlessG struct {
	id      uint32 // from 1 in the order of creation in an iteration; 0: not controlled
	quiet   int32  // nesting of sections without scheduling points
	done    uint32 // scheduling points passed
	rands   uint32 // random numbers drawn
	choices uint32 // choices made, see fearlessChoose
	op      Op
	listed  bool // in fearless.list
	frozen  bool // left over by an iteration that is over, and never runs again; or the driver, while one runs
	addr    uintptr
	since   int64  // virtual time since which it could run but did not
	wakes   uint32 // times that it could go on since the test has returned
	yields  bool   // not controlled, and asks to be passed over: see aside.go
	waits   string // what it waits for, if that is the network in memory
	proof   fearlessProofG
}

var fearless struct {
	installed bool // a driver exists, time is virtual
	active    bool // an iteration runs
	tracing   bool

	driver   guintptr
	status   int32
	rootDone bool
	doneAt   int64
	doneStep uint64

	list []uint32   // ids of all that can run, ascending, including the running one
	all  []guintptr // by id-1; an entry is stale when its g has another id
	live int
	cur  guintptr // ran last
	last uint32   // its id
	next guintptr // picked at a scheduling point
	// resume must run next: it was preempted by the collector, not by choice.
	resume guintptr

	aside       gQueue // see aside.go
	asideSteps  uint64 // steps when they last had their turn
	asideRounds int    // turns since a controlled goroutine ran
	ranAt       int64  // virtual time when one last began to run

	strategy Strategy
	first    firstThread
	random   RandomWalk
	pct      PCT
	pos      POS
	dfs      DFS
	switches Switches
	choosing bool // see fearlessChoose
	recorder Recorder
	point    Point
	window   [fearlessWindow + 1]Thread // what the strategy chooses from

	seed      uint64
	settled   uint64 // fearlessAlone when it was last looked at, see fearlessSettle
	aloneCost int64
	steps     uint64
	maxSteps  uint64
	until     int64  // real time when an iteration is given up; 0 is never
	timeOver  bool   // the present one was
	asleep    bool   // it has left goroutines that wait for a timer which is due later than they are given
	changes   uint64 // steps at the last creation, end, block or wake-up of a goroutine
	idleSteps uint64 // steps at the last time that all were blocked
	fairAfter uint64
	fair      bool            // the strategy's part is over: all goroutines get their turn
	seen      [1 << 12]uint64 // Bloom filter of goroutines' stacks, while nothing else changes
	seenFrom  uint64          // steps when it was emptied
	seenCount int
	births    uint64 // steps at the last creation or end of a goroutine, or proof that a loop gets on
	fresh     uint64 // steps when it last learned something
	livelock  bool

	now         int64  // the virtual clock
	offset      int64  // the virtual clock's lead over the real one while not installed
	start       int64  // virtual time at the start of the iteration
	late        int64  // see fearlessSetLate
	early       int64  // how far ahead a timer may fire by choice
	earlyFires  uint64 // how many did
	lateBy      int64  // how late goroutines were for that
	far         bool   // see fearlessFar
	fired       uint64 // steps at the last such choice: there is one a step, or a quick ticker would be all that runs
	reads       int64  // clock readings since all were blocked
	idleFires   int64  // times that a timer has fired since a goroutine ran
	dryReads    int64  // those since the last step
	readStep    uint64
	stillReads  int64 // those since the last change, at readChanges
	readChanges uint64

	iteration  uint64   // counts them
	returnedAt int64    // virtual time when the test returned
	doneReal   int64    // real time then
	sweeper    guintptr // see fearlessAwaitSweep
	sweep      bool
	rounds     uint64 // see fearlessAhead
	roundsFrom uint64
	spun       uint64 // see fearlessSpins
	spinning   bool
	spinStacks [32]uint64
	spinNext   int

	forcing atomic.Bool // see fearlessForce
	forced  uint64      // loops interrupted

	// See fearlessAwaitSignal.
	signalsSeen                                                bool
	signalIteration, signalsFrom, signalsExpected, signalSteps uint64
	signalAt                                                   int64
	signalWaits                                                int

	external   bool // something outside was waited for
	extSince   int64
	inPreempt  bool
	retakeTick uint64
	retakeAt   int64

	limit     int64  // see fearlessRoom
	collected uint32 // collections when it was last called

	maps [256]fearlessMapUse

	events []FearlessEvent
	fatal  func()
	beat   uintptr // a file that grows while a long iteration gets on
	sign   byte
	signAt int64 // real time of the last one
	raceAt byte
}

// FearlessEvent is one scheduling point of a recorded run.
type FearlessEvent struct {
	ID      uint32
	Op      uint8
	Deviate bool   // the pick after it is not the default one
	Pick    uint32 // who runs after it; equal to ID when it goes on
	Last    uint32 // for a pick after a block (Op 0): who blocked
	Done    uint32
	Races   uint32 // reports of the race detector so far
	Addr    uintptr
	PC      [20]uintptr
}

// Outcomes of an iteration.
const (
	fearlessEnded    = iota // every goroutine has ended
	fearlessBlocked         // all that remain are blocked for good
	fearlessWaiting         // the test has returned; some remain that run, or wait for time or the outside
	fearlessTooLong         // the step budget is used up
	fearlessLivelock        // nothing has changed for long, though all ran
	fearlessEndless         // the test has returned; some remain that go round in a loop, woken by timers
	fearlessUnclear         // all that remain are blocked; others that are not controlled wait for the outside, and may wake them
)

const (
	fearlessTurn        = 1<<10 - 1       // bits of the number of a step at which the runtime's goroutines have their turn
	fearlessFairAfter   = 20_000          // steps that an unfair strategy gets, at least
	fearlessStill       = 200_000         // steps without a change, twice, are a livelock
	fearlessPatience    = 600_000_000_000 // virtual time in which goroutines that go round in circles may wait for a timer: go test would wait as long
	fearlessGrace       = 10_000_000_000  // virtual time left to goroutines after the test has returned
	fearlessGraceSteps  = 50_000          // steps left to goroutines that only spin after the test has returned, and a tenth of those of all
	fearlessExtGrace    = 20_000_000      // real time left to outside events after the test has returned
	fearlessExtGraces   = 200_000_000     // and to all of them together
	fearlessOthersGrace = 5_000_000_000   // real time left to goroutines that are not controlled, and wait for the outside
	fearlessWall        = 1_767_225_600   // the virtual wall clock starts on 2026-01-01 UTC
)
