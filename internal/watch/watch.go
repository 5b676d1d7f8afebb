// Package watch knows, while it is on, who holds which lock and who waits for
// what, for package lock/lockdebug. Begin reading with Hold and Begin.
//
// It costs an uncontended lock nothing while it is off. A lock is taken by
// swapping in a value for package word's vacant; turning the watch on makes that a
// value that no lock ever has. From then on every lock goes its slow way, which
// tells us, and sets a bit in the lock's state, so that its unlock does, too.
//
// One mutex guards everything, and a goroutine tells of the end of a hold before
// it begins a wait. So when the table says that each goroutine of a cycle waits for
// what the next one holds, it is so: who was given the lock meanwhile had it
// from somebody who is not waiting.
package watch

import (
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/fearless-go/fearless/internal/goid"
)

// A Kind is what is held or waited for.
type Kind uint8

const (
	Mutex Kind = iota
	RWLock
	Once
	Scope   // or JoinSet: held by its threads, as readers
	Join    // of the thread whose goroutine's number is the object
	Condvar // held by nobody: ended by whoever notifies
	Park    // of the Thread that is the object: the same
	Barrier // held by nobody
)

// As is how something is held, or is to be.
type As uint8

const (
	Alone      As = iota // also as the writer of an RWLock
	Reader               // beside other readers
	Upgradable           // beside readers, and not beside another of its kind
	Upgrade              // of a wait: from Upgradable to Alone
	Any                  // of a wait: for the end of one hold, whichever

	// Behind is set in the As of a wait that also waits for those who came before
	// and want to be alone.
	Behind As = 1 << 7
)

// An Object is the address of a lock or the number of a goroutine.
type Object struct {
	Kind Kind
	At   uintptr
}

// A Hold is something that a goroutine has.
type Hold struct {
	Of Object
	By
	As As
}

// A Wait is a goroutine that waits.
type Wait struct {
	For Object
	By
	As      As
	Limited bool // by a duration or a context
	Turn    uint64
}

// By is who holds or waits, since when, and where that began.
type By struct {
	Goroutine uint64
	Thread    string
	Labels    map[string]string // of pprof; nil where they cannot be read
	Since     time.Time
	Calls     [12]uintptr // the innermost first
}

var on atomic.Bool

// NameOfCurrent returns the name of the calling thread. Package thread sets it.
var NameOfCurrent = func() string { return "" }

// LabelsOfCurrent returns the pprof labels of the calling goroutine. Package lockdebug
// sets it.
var LabelsOfCurrent = func() map[string]string { return nil }

var table struct {
	sync.Mutex
	began  time.Time
	holds  map[Object][]Hold
	waits  map[uint64]Wait
	wakers map[Object]*Wakers
	turn   uint64
}

// Wakers are the goroutines that have notified a Condvar or unparked a thread
// since the watch is on. If there are more of them than this remembers, nothing
// is said of who may do it.
type Wakers struct {
	Goroutines [8]uint64
	N          int // more than there is room for: too many
}

const mostWakers = 1 << 14 // objects of which wakers are remembered

// Started returns when the watch was turned on, or the zero Time if it is off.
func Started() time.Time {
	table.Lock()
	defer table.Unlock()
	return table.began
}

// Enable turns the watch on, and reports whether this build can.
func Enable() bool {
	if !possible {
		return false
	}
	table.Lock()
	defer table.Unlock()
	if !on.Load() {
		table.began = time.Now()
		table.holds, table.waits, table.wakers = map[Object][]Hold{}, map[uint64]Wait{}, map[Object]*Wakers{}
		on.Store(true)
		setVacant(true)
	}
	return true
}

// Disable turns the watch off and forgets everything.
func Disable() {
	table.Lock()
	defer table.Unlock()
	setVacant(false)
	on.Store(false)
	table.began = time.Time{}
	table.holds, table.waits, table.wakers = nil, nil, nil
}

func by() By {
	b := By{Goroutine: goid.Get(), Thread: NameOfCurrent(), Labels: LabelsOfCurrent(), Since: time.Now()}
	runtime.Callers(3, b.Calls[:])
	return b
}

// Took notes that the calling goroutine has an object.
func Took(o Object, as As) {
	h := Hold{o, by(), as}
	table.Lock()
	if on.Load() {
		table.holds[o] = append(table.holds[o], h)
	}
	table.Unlock()
}

// Released notes that what somebody has is about to be, or was, given back: by
// the calling goroutine, or else by the one that has had it longest.
func Released(o Object, as As) {
	me := goid.Get()
	table.Lock()
	defer table.Unlock()
	all := table.holds[o]
	found := -1
	for i := len(all) - 1; i >= 0; i-- {
		if all[i].As == as && all[i].Goroutine == me {
			found = i
			break
		}
	}
	if found < 0 && as != Reader { // a reader may have come before the watch was on
		for i := range all {
			if all[i].As == as {
				found = i
				break
			}
		}
	}
	switch {
	case found < 0:
	case len(all) == 1:
		delete(table.holds, o)
	default:
		table.holds[o] = append(all[:found:found], all[found+1:]...)
	}
}

// Begin notes that the calling goroutine begins to wait, and returns what End
// wants: 0 if the watch is off.
func Begin(o Object, as As, limited bool) uint64 {
	if !On() {
		return 0
	}
	return begin(o, as, limited)
}

//go:noinline
func begin(o Object, as As, limited bool) uint64 {
	w := Wait{For: o, By: by(), As: as, Limited: limited}
	table.Lock()
	defer table.Unlock()
	if !on.Load() {
		return 0
	}
	table.turn++
	w.Turn = table.turn
	table.waits[w.Goroutine] = w
	return w.Goroutine
}

// End notes that the wait of Begin is over.
func End(goroutine uint64) {
	if goroutine != 0 {
		end(goroutine)
	}
}

//go:noinline
func end(goroutine uint64) {
	table.Lock()
	delete(table.waits, goroutine)
	table.Unlock()
}

// Woke notes that the calling goroutine notified a Condvar or unparked a thread,
// whether anybody waited or not.
func Woke(o Object) {
	me := goid.Get()
	table.Lock()
	defer table.Unlock()
	if !on.Load() {
		return
	}
	w := table.wakers[o]
	if w == nil {
		if len(table.wakers) >= mostWakers {
			clear(table.wakers) // of what is not remembered nothing is said
		}
		w = new(Wakers)
		table.wakers[o] = w
	}
	for i := range min(w.N, len(w.Goroutines)) {
		if w.Goroutines[i] == me {
			return
		}
	}
	if w.N < len(w.Goroutines) {
		w.Goroutines[w.N] = me
	}
	w.N = min(w.N+1, len(w.Goroutines)+1)
}

// A State is what was known at one moment.
type State struct {
	Began  time.Time // the zero Time: it is off
	At     time.Time
	Holds  []Hold
	Waits  []Wait
	Wakers map[Object]Wakers // of what is waited for
}

// Now returns what is known.
func Now() State {
	table.Lock()
	defer table.Unlock()
	s := State{Began: table.began, At: time.Now(), Wakers: map[Object]Wakers{}}
	for _, all := range table.holds {
		s.Holds = append(s.Holds, all...)
	}
	for _, w := range table.waits {
		s.Waits = append(s.Waits, w)
		if k := table.wakers[w.For]; k != nil {
			s.Wakers[w.For] = *k
		}
	}
	return s
}
