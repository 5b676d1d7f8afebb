package runtime

// What the network in memory (package net, its files of _goroot) needs of the
// scheduler: scheduling points, a way to wait, the virtual clock, and a lock.
//
// None of it makes a happens-before edge that the race detector could see;
// which ones there are is said in package net.

import (
	"internal/runtime/atomic"
	"unsafe"
)

// fearlessNetMode is what the environment of the process asks for; see package
// net. It is read here because package testing takes it out of the
// environment, so that a child process has the real network.
//
//go:linkname fearlessNetMode net.fearlessMode
func fearlessNetMode() string { return gogetenv("FEARLESS_NET") }

// The network in memory is not the one that the program needs if it can be met
// from outside: if the program listens there and starts a process, which could dial
// it, or asks for the file descriptor of a socket. Then what happens in this
// process says nothing of the program, and is thrown away: schedtest has it run
// once more with the system's network.
var fearlessNetMet struct {
	listens, starts, unfit atomic.Uint32
}

// fearlessNetListens notes that there is a listener in memory.
//
//go:linkname fearlessNetListens net.fearlessListens
func fearlessNetListens() {
	fearlessNetMet.listens.Store(1)
	if fearlessNetMet.starts.Load() != 0 {
		fearlessNetUnfit()
	}
}

// fearlessNetStarts notes that the program starts a process.
//
//go:linkname fearlessNetStarts os.fearlessStarts
func fearlessNetStarts() {
	fearlessNetMet.starts.Store(1)
	if fearlessNetMet.listens.Load() != 0 {
		fearlessNetUnfit()
	}
}

// fearlessNetUnfit notes that the program needs the system's network.
//
//go:linkname fearlessNetUnfit net.fearlessUnfit
func fearlessNetUnfit() {
	fearlessNetMet.unfit.Store(1)
	fearlessSign(fearlessSignNet)
}

// fearlessNetIsUnfit reports whether it does.
//
//go:linkname fearlessNetIsUnfit testing.fearlessNetIsUnfit
func fearlessNetIsUnfit() bool { return fearlessNetMet.unfit.Load() != 0 }

// fearlessNetPoint is a scheduling point before an operation of the network on
// the object at addr.
//
//go:linkname fearlessNetPoint net.fearlessPoint
func fearlessNetPoint(addr unsafe.Pointer) { fearlessPoint(OpNet, addr) }

// fearlessNetNow is the clock of deadlines. To ask it takes no time.
//
//go:linkname fearlessNetNow net.fearlessNow
func fearlessNetNow() int64 { return fearlessNow() }

// fearlessNetIteration returns the iteration that the caller is part of, or 0 if
// it is not controlled, the one that runs, and its seed.
//
//go:linkname fearlessNetIteration net.fearlessIteration
func fearlessNetIteration() (own, current, seed uint64) {
	f := &fearless
	if f.active && getg().fearless.id != 0 {
		own = f.iteration
	}
	return own, f.iteration, f.seed
}

// fearlessNetChoose is a choice of the network among n, which the seed makes. A
// depth-first search does not try the others, and is not complete.
//
//go:linkname fearlessNetChoose net.fearlessChoose
func fearlessNetChoose(n uint32) uint32 {
	if gp := getg(); gp.fearless.id == 0 || !fearless.active || n < 2 {
		return 0
	}
	fearlessChance()
	return fearlessRandn(n)
}

// fearlessNetLocked is 1 while a goroutine changes the network. With one P it
// is never waited for: its holder is not preempted.
var fearlessNetLocked uint32

//go:linkname fearlessNetLock net.fearlessLock
func fearlessNetLock() {
	acquirem()
	for !atomic.Cas(&fearlessNetLocked, 0, 1) {
		osyield()
	}
}

//go:linkname fearlessNetUnlock net.fearlessUnlock
func fearlessNetUnlock() {
	atomic.Store(&fearlessNetLocked, 0)
	releasem(getg().m)
}

// fearlessNetWaiter is net.fearlessWaiter: one wait of a goroutine.
type fearlessNetWaiter struct {
	state uint32
	gp    guintptr
	until int64  // the virtual time at which the wait ends; 0 is never
	what  string // what is waited for
	next  *fearlessNetWaiter
}

// States of a wait. It may be over before the goroutine has stopped.
const (
	fearlessNetNew = iota
	fearlessNetParked
	fearlessNetWoken
)

// fearlessNetWaits is the mode of poll_runtime_pollWait with which package net
// waits: whoever looks at the stack of a goroutine, as detectors of leaks do,
// sees what it would see of the real network.
const fearlessNetWaits = 'f'

// fearlessNetWait stops the caller until w is woken, or its time has come.
func fearlessNetWait(w *fearlessNetWaiter) {
	fearlessNotAlone()
	gp := getg()
	w.gp.set(gp)
	var t *timer
	if w.until != 0 {
		if w.until <= fearlessNow() {
			return
		}
		t = new(timer)
		t.init(fearlessNetFire, w)
		t.modify(w.until, 0, fearlessNetFire, w, 0)
	}
	gp.fearless.waits = w.what
	// Not waitReasonIOWait, which is the outside.
	gopark(fearlessNetPark, unsafe.Pointer(w), waitReasonSemacquire, traceBlockNet, 1)
	gp.fearless.waits = ""
	if t != nil {
		t.stop()
	}
}

func fearlessNetPark(gp *g, w unsafe.Pointer) bool {
	return atomic.Cas(&(*fearlessNetWaiter)(w).state, fearlessNetNew, fearlessNetParked)
}

func fearlessNetFire(w any, _ uintptr, _ int64) { fearlessNetWake(w.(*fearlessNetWaiter)) }

// fearlessNetWake ends a wait.
//
//go:linkname fearlessNetWake net.fearlessWake
func fearlessNetWake(w *fearlessNetWaiter) {
	if atomic.Xchg(&w.state, fearlessNetWoken) == fearlessNetParked {
		goready(w.gp.ptr(), 1)
	}
}

// fearlessStatus is what a traceback says of gp, which waits. A program that
// looks at its own goroutines sees a wait for the network as it always does.
func fearlessStatus(gp *g) string {
	switch {
	case gp.fearless.waits == "":
		return gp.waitreason.String()
	case fearless.active:
		return waitReasonIOWait.String()
	}
	return gp.fearless.waits
}
