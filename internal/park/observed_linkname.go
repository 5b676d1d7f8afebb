//go:build go1.26 && !go1.28 && !race && !fearless_portable && !fearless_model

package park

import (
	"runtime"
	"runtime/pprof"
	"sync"
	"sync/atomic"
	"unsafe"
)

// observed is where a goroutine waits so that the runtime sees for what: in the
// queues of package sync. They put the wait into the mutex profile, and there the
// goroutine leak detector finds the goroutine, which nothing can wake that it
// cannot reach. It costs half as much again as gopark, so it is used only
// while somebody may look: see isObserved.
//
// A Parker has one goroutine that waits and one wake for it, so each of these is
// a queue of at most one, and a wake that comes first is kept.
type observed struct {
	mutex     sync.Mutex // locked, but between a wake and the end of the wait
	semaphore uint32     // of a wait for an RWLock
	condition notifyList
	end       sync.WaitGroup
}

// isObserved reports whether the mutex profile is on, or the goroutine leak
// profile may be asked for at any time.
func isObserved() bool { return findsLeaks || runtime.SetMutexProfileFraction(-1) > 0 }

// findsLeaks is whether the runtime finds goroutines that have leaked: from Go
// 1.27 on, and in Go 1.26 with GOEXPERIMENT=goroutineleakprofile.
var findsLeaks = pprof.Lookup("goroutineleak") != nil

// observe blocks until the token comes or the limit is reached, where the runtime
// sees it, and takes neither.
func (p *Parker) observe(r Reason) {
	q := p.queues
	if q == nil {
		q = new(observed)
		q.mutex.Lock()
		p.queues = q
	}
	if r == ForEnd && testBinary() {
		// The thread that ends may be in a synctest bubble, and this goroutine is
		// not: a WaitGroup does not allow that.
		r = ForCondition
	}
	p.reason = r
	ticket := uint32(0)
	switch r {
	case ForCondition:
		ticket = notifyListAdd(&q.condition)
	case ForEnd:
		q.end.Add(1)
	}
	if !p.state.CompareAndSwap(empty, watching) {
		switch r {
		case ForCondition:
			notifyListNotifyOne(&q.condition) // ends the ticket
		case ForEnd:
			q.end.Done()
		}
		return
	}
	switch r {
	case ForCondition:
		notifyListWait(&q.condition, ticket)
	case ForMutex:
		q.mutex.Lock()
	case ForRead:
		semacquireRead(&q.semaphore, false, 0)
	case ForWrite:
		semacquireWrite(&q.semaphore, false, 0)
	case ForEnd:
		q.end.Wait()
	}
}

// wake ends the observe for r, once.
func (q *observed) wake(r Reason) {
	switch r {
	case ForCondition:
		notifyListNotifyOne(&q.condition)
	case ForMutex:
		q.mutex.Unlock()
	case ForRead, ForWrite:
		semrelease(&q.semaphore, false, 0)
	case ForEnd:
		q.end.Done()
	}
}

// blockProfiled is whether the block profile has been on. There is no way to ask,
// and to read the clock before and after each wait would add half to what a wait
// costs. So the first waits of the process are measured, and then one of probes;
// when the profile has taken the first of these, all are. Until then it misses
// some, if it is turned on when the process has run for a while and the mutex
// profile is not, with which every wait is observed.
var blockProfiled atomic.Bool

const probes = 64

// firstWaits counts up to probes.
var firstWaits atomic.Uint32

// isProbe reports whether the wait is to be measured to learn whether the block
// profile is on. The address stands in for the count where a Parker serves once.
func (p *Parker) isProbe() bool {
	if firstWaits.Load() < probes {
		firstWaits.Add(1)
		return true
	}
	return (uintptr(p.waits)+uintptr(unsafe.Pointer(p))>>5)%probes == 0
}

// measured waits for the token or the limit, and takes neither. It puts the wait
// into the block profile.
func (p *Parker) measured(r Reason) {
	start := cputicks()
	gopark(commit, unsafe.Pointer(p), waitReasons[r], traceReasons[r], 1)
	blockevent(cputicks()-start, 2) // it does nothing if the profile is off
	if !blockProfiled.Load() {
		records, _ := runtime.BlockProfile(nil)
		blockProfiled.Store(records > 0)
	}
}

// cputicks is the clock of the block profile, and blockevent records a wait of so
// many ticks in it, if the profile is on and this wait is sampled.
//
//go:linkname cputicks runtime.cputicks
func cputicks() int64

//go:linkname blockevent runtime.blockevent
func blockevent(cycles int64, skip int)

// A notifyList is what a sync.Cond waits in. The runtime has the same struct.
type notifyList struct {
	_ [2]uint32         // tickets: the next one, and the next to be notified
	_ uintptr           // a lock
	_ [2]unsafe.Pointer // those that wait
}

// These are what sync.Cond and sync.RWMutex wait with. What is public of them
// comes with a lock of its own. A ticket of notifyListAdd is waited for once, or
// ended by one notifyListNotifyOne.
//
//go:linkname notifyListAdd sync.runtime_notifyListAdd
func notifyListAdd(l *notifyList) uint32

//go:linkname notifyListWait sync.runtime_notifyListWait
func notifyListWait(l *notifyList, ticket uint32)

//go:linkname notifyListNotifyOne sync.runtime_notifyListNotifyOne
func notifyListNotifyOne(l *notifyList)

//go:linkname semacquireRead sync.runtime_SemacquireRWMutexR
func semacquireRead(s *uint32, lifo bool, skipframes int)

//go:linkname semacquireWrite sync.runtime_SemacquireRWMutex
func semacquireWrite(s *uint32, lifo bool, skipframes int)

//go:linkname semrelease sync.runtime_Semrelease
func semrelease(s *uint32, handoff bool, skipframes int)
