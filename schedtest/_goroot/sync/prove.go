package sync

import "unsafe"

// An operation of this package is one event of an iteration that proves; see
// package runtime for all of these.

//go:linkname fearlessProving runtime.fearlessProving
var fearlessProving bool

//go:linkname fearlessProve
//go:noescape
func fearlessProve(what uint8, obj, guard unsafe.Pointer, arg uint64) uint8

//go:linkname fearlessMacro
func fearlessMacro(by int32)

// fearlessTicket notes the ticket that the goroutine has at a Cond.
//
//go:linkname fearlessTicket
//go:noescape
func fearlessTicket(list unsafe.Pointer, t uint32)

// Events of package runtime.
const (
	fearlessTryLock   = 2
	fearlessRLock     = 4
	fearlessTryRLock  = 5
	fearlessRUnlock   = 6
	fearlessAnnounce  = 7
	fearlessDrained   = 8
	fearlessWUnlock   = 9
	fearlessTryWLock  = 10
	fearlessAdd       = 11
	fearlessWait      = 12
	fearlessOnce      = 13
	fearlessOnceEnd   = 14
	fearlessCondWait  = 15
	fearlessTicketed  = 16
	fearlessSignal    = 17
	fearlessBroadcast = 18
	fearlessMapRead   = 29
	fearlessMapWrite  = 30
	fearlessMapRange  = 31
	fearlessMapRanged = 32
	fearlessPut       = 42
	fearlessTake      = 43
)

// fearlessOnceRun runs the function of a Once, which is not part of the event
// that its call is. Its end is another.
func fearlessOnceRun(o *Once, f func()) {
	fearlessMacro(-1)
	defer func() {
		fearlessProve(fearlessOnceEnd, unsafe.Pointer(o), nil, 0)
		fearlessMacro(1)
	}()
	f()
}

// fearlessRange is f, the function of a Range, with points of its own. It counts in
// seen the entries that f is called for, and one more behind them, if there is one.
func fearlessRange(f func(key, value any) bool, seen *int) func(key, value any) bool {
	enough := false
	return func(key, value any) bool {
		*seen++
		if enough {
			return false
		}
		fearlessMacro(-1)
		defer fearlessMacro(1)
		enough = !f(key, value)
		return !enough || *seen == 1
	}
}

// fearlessRangeEnd ends a Range over m that has seen so many entries.
func fearlessRangeEnd(m *Map, seen *int) {
	fearlessMacro(-1)
	fearlessProve(fearlessMapRanged, unsafe.Pointer(m), nil, 0)
	if *seen > 1 {
		fearlessMapOrder()
	}
}

// fearlessMapOrder notes that the code under test has seen the order of a Map.
//
//go:linkname fearlessMapOrder
func fearlessMapOrder()

// fearlessDrain is the second half of a Lock: the readers that were there when
// new ones began to wait have gone. It returns false.
func fearlessDrain(rw *RWMutex) bool {
	if fearlessProving {
		fearlessMacro(-1)
		fearlessProve(fearlessDrained, unsafe.Pointer(rw), unsafe.Pointer(&rw.readerCount), 0)
		fearlessMacro(1)
	}
	return false
}
