//go:build !plan9

package runtime

import "internal/runtime/atomic"

// Signals. Like a system call, a signal on its way is the outside.

// fearlessSignalsAtWork reports whether a signal has come to the process and has
// not yet been handed to the program: whether the goroutine of os/signal, which
// belongs to no iteration, has anything to do but to wait for the next one.
func fearlessSignalsAtWork() bool {
	if !sig.inuse {
		return false
	}
	if sig.state.Load() != sigReceiving || sig.delivering.Load() != 0 {
		return true
	}
	for i := range sig.mask {
		if atomic.Load(&sig.mask[i]) != 0 {
			return true
		}
	}
	return false
}

// fearlessAwaitSignal returns a real time until which a signal may still come
// that the kernel has accepted and not delivered, or 0. The kernel does not say
// whether there is one. So the first iteration waits each time that all is at
// rest, though not for ever; the others wait for as many as came there.
func fearlessAwaitSignal() int64 {
	f := &fearless
	came := fearlessSignals.Load() - f.signalsFrom
	if !sig.inuse || f.signalSteps == f.steps || f.signalWaits >= fearlessMostWaits || f.iteration > f.signalIteration && came >= f.signalsExpected {
		return 0
	}
	now := nanotime()
	if f.signalAt == 0 {
		f.signalAt = now
		f.signalWaits++
	}
	if until := f.signalAt + fearlessSignalGrace; now < until {
		return until
	}
	f.signalSteps, f.signalAt = f.steps, 0
	return 0
}

const (
	fearlessSignalGrace = 100_000_000
	fearlessMostWaits   = 50 // in an iteration
)

// fearlessBeginSignals begins an iteration.
func fearlessBeginSignals() {
	f := &fearless
	came := fearlessSignals.Load()
	if f.iteration > 1 {
		f.signalsExpected = max(f.signalsExpected, came-f.signalsFrom)
	}
	if !f.signalsSeen {
		// Until os/signal is used, every iteration is a first one.
		f.signalIteration = f.iteration
		f.signalsSeen = sig.inuse
	}
	f.signalsFrom, f.signalSteps, f.signalAt, f.signalWaits = came, ^uint64(0), 0, 0
}

// fearlessSignals counts the signals that were put in the queue of os/signal.
var fearlessSignals atomic.Uint64
