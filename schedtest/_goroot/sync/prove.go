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

//go:linkname fearlessPool
func fearlessPool()

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

// fearlessRange is f, the function of a Range over m, with points of its own.
func fearlessRange(m *Map, f func(key, value any) bool) func(key, value any) bool {
	return func(key, value any) bool {
		fearlessMacro(-1)
		defer fearlessMacro(1)
		return f(key, value)
	}
}

// fearlessRangeEnd ends a Range over m.
func fearlessRangeEnd(m *Map) {
	fearlessMacro(-1)
	fearlessProve(fearlessMapRanged, unsafe.Pointer(m), nil, 0)
}

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
