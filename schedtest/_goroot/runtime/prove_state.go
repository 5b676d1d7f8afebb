package runtime

// Proving: the explorer (package dpor, compiled into this package) has every
// schedule run that differs, once. A goroutine stands at a point before each
// operation that others can see, its pending event, and fearlessDecide asks the
// explorer whose event is next. Between two decisions every goroutine that
// stands at no point (it is new, or has just been woken) runs to its next one:
// that is local code, which no other can see, so its order is of no consequence.
//
// Where nobody can see who waits first, a goroutine waits at its point until its
// operation can complete (see fearlessEnabled) instead of in the runtime's queue.
//
// What happens that is no such event takes the word "proven" away: see
// prove_limit.go.

import _ "unsafe" // for go:linkname

// fearlessProving is whether the iteration is one of those. Packages sync and
// testing look at it.
//
//go:linkname fearlessProving
var fearlessProving bool

// What an event is. Some of the operations of package strategy are several here.
const (
	pvNone = iota
	pvLock
	pvTryLock
	pvUnlock
	pvRLock
	pvTryRLock
	pvRUnlock
	pvAnnounce // RWMutex.Lock's first half: new readers wait from then on
	pvDrained  // its second half: the readers are gone
	pvWUnlock
	pvTryWLock
	pvAdd  // WaitGroup.Add; arg is its delta
	pvWait // WaitGroup.Wait
	pvOnce // Once.Do; arg is the address of done
	pvOnceEnd
	pvCondWait // Cond.Wait takes a ticket
	pvTicket   // and a Signal has chosen it
	pvSignal
	pvBroadcast
	pvSend
	pvTrySend
	pvRecv
	pvTryRecv
	pvClose
	pvLen
	pvSelect
	pvLoad
	pvStore
	pvCAS     // arg is what is compared with
	pvMapRead // sync.Map
	pvMapWrite
	pvMapRange
	pvMapRanged
	pvChoice // arg alternatives
	pvClock  // the clock is read
	pvTimer  // a timer is started, stopped or reset; obj is its channel
	pvReport // testing: something is reported to the test obj
	pvFail
	pvFailed
	pvCleanup
	pvTestEnd
	pvSwap // arg is the new value
	pvPut  // sync.Pool; guard is how many items it has
	pvTake // the same; arg is how many, if it is the goroutine's own
)

// fearlessProofG is a goroutine's part, embedded in fearlessG.
type fearlessProofG struct {
	name     uint32 // survives a rerun: see fearlessName
	kids     uint32 // goroutines started
	at       bool   // stands at a point; the rest describes it
	block    bool   // of a select or channel operation
	stuck    bool   // its object is its own, and will never let it go on
	what     uint8
	variant  uint8 // the alternative that the explorer chose
	macro    int32 // nesting of operations that are one event as a whole
	obj      uintptr
	guard    uintptr // a word that says whether it can go on, as what says
	arg      uint64
	cases    uintptr // a select's, as a distance from the upper end of the stack, which may move
	ncases   uint16
	nsends   uint16
	place    uint64
	open     bool   // enabled
	variants uint64 // alternatives that it has now
	misused  bool   // of a Wait: see fearlessMisuse
	drawn    bool   // a random number was drawn that is no choice
	syscalls uint32 // system calls since the last point
	harmless int32  // nesting of system calls that tell the test nothing
	path     uint32 // events of the code under test so far, see fearlessProvePath
	own      bool   // the event is the code under test's own; kept when picks decide
	size     uint8  // of an atomic
	ticket   uint32 // at the Cond whose list notify is
	notify   uintptr
	await    fearlessAwait
}

const (
	fearlessThreads = 64      // in one execution, for the explorer
	fearlessEvents  = 1 << 14 // events in one execution: the explorer looks at all pairs

	fearlessShortEvents = 1 << 12 // the same, when some were cut
	fearlessTurnEvents  = 64      // that a goroutine runs in a row while others could
)

// Who decides.
const (
	fearlessByStrategy = iota // f.strategy, for a replay
	fearlessByDpor            // the explorer
	fearlessByPicks           // v.picks, as an earlier execution recorded them
)

var fearlessProof struct {
	x       Dpor
	decider uint8
	ideal   bool   // computing takes no time: timers fire when nothing else can run
	drain   bool   // nothing is enabled: all run into what they wait for, for the report
	watch   bool   // path is kept
	path    uint64 // of what the code under test does itself, a hash
	timers  bool   // some timer was started
	idle    int    // goroutines that go round without effect
	fire    bool   // the timer's event is next
	stop    int32
	events  int
	most    int    // events in one execution; 0 is fearlessEvents
	cur     uint32 // whose event runs
	began   bool   // some event has run in this execution

	timerKids uint32 // goroutines that timers and the driver have started

	ps       [fearlessThreads + 1]DporPending
	gs       [fearlessThreads + 1]uint32 // ids
	accesses [1 << 13]DporAccess
	used     int

	picks   []uint32 // of every event name<<16 | what<<8 | variant, and the lower half of its place
	replay  int      // of picks, when they decide
	strayed bool     // the execution is not quite the one that picks says

	names  [1 << 12]fearlessNamed // by a hash of parent and k
	named  uint32
	ids    [1<<11 + 1]uint64 // by name: what is the same in every process
	ranges [8]fearlessRange

	user   []string // import paths of packages that are not the distribution's
	limits [32]fearlessLimited
	nlimit int
}

// fearlessNamed is the name of the k-th child of a goroutine.
type fearlessNamed struct{ parent, k, name uint32 }

// fearlessRange is a sync.Map.Range under way.
type fearlessRange struct {
	obj uintptr
	id  uint32
	n   int32
}

// The objects that have no address.
const (
	fearlessClockObject = 1
)

// fearlessName returns the name of the k-th goroutine that parent has started:
// the same one in each execution, so that the explorer knows it again. It is
// parent 0 that timers start goroutines for.
func fearlessName(parent, k uint32) uint32 {
	v := &fearlessProof
	h := Mix(uint64(parent)<<32 | uint64(k))
	for i := range uint64(len(v.names)) {
		n := &v.names[(h+i)%uint64(len(v.names))]
		if n.name == 0 {
			if v.named == uint32(len(v.names))/2 {
				break
			}
			v.named++
			*n = fearlessNamed{parent, k, v.named}
			v.ids[v.named] = Mix(v.ids[parent]*31 + uint64(k))
		}
		if n.parent == parent && n.k == k {
			return n.name
		}
	}
	fearlessLimit(fearlessCut, fearlessTooManyNames, 1)
	return 0
}
