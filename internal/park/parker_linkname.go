//go:build go1.26 && !go1.28 && !race && !fearless_portable && !fearless_model

package park

import (
	"runtime"
	"sync/atomic"
	"unsafe"
)

// A Parker lets one goroutine at a time wait for a token. The zero Parker is
// ready and has none. Tokens do not add up: a second Unpark before the token
// is taken changes nothing.
//
// An Unpark synchronizes before the return of the Wait that takes its token,
// and so does every Unpark that found the token already there.
type Parker struct {
	state  atomic.Uint32
	reason Reason // of the goroutine that is observed
	waits  uint8  // how many there were; see measured
	limit  *alarm // nil until the first Arm with a limit
	// goroutine is the *g that is parked. An integer, because commit must
	// not use a write barrier; the runtime never frees a g.
	goroutine uintptr
	queues    *observed // nil until the first wait that is observed
}

const (
	empty    uint32 = iota
	token           // Unpark came
	parked          // the goroutine sleeps, or will before anyone sees this
	watching        // it sleeps where the runtime observes it, or is about to
	expired         // the limit was reached and the goroutine does not know yet
)

// Wait is WaitFor a condition.
func (p *Parker) Wait() bool { return p.WaitFor(ForCondition) }

// WaitFor blocks until there is a token, takes it and returns true; or until the
// limit of Arm is reached and returns false. A token that is there wins.
func (p *Parker) WaitFor(r Reason) bool {
	for {
		switch p.state.Load() {
		case token:
			// A swap, not a store: it reads from the last Unpark, and so
			// every Unpark that merged into this token happens before.
			p.state.Swap(empty)
			return true
		case expired:
			if p.state.CompareAndSwap(expired, empty) {
				return false
			}
		}
		if isObserved() && (r != ForCondition || !inBubble()) {
			p.observe(r)
			continue
		}
		if p.waits++; blockProfiled.Load() || p.isProbe() {
			p.measured(r)
			continue
		}
		gopark(commit, unsafe.Pointer(p), waitReasons[r], traceReasons[r], 1)
	}
}

// TryWait takes the token if there is one.
func (p *Parker) TryWait() bool {
	if p.state.Load() != token {
		return false
	}
	p.state.Swap(empty)
	return true
}

// HasToken reports whether there is a token.
func (p *Parker) HasToken() bool { return p.state.Load() == token }

// Unpark makes the token available and wakes the goroutine that waits for it.
// It reports whether one was parked.
func (p *Parker) Unpark() bool {
	switch p.state.Swap(token) {
	case parked:
		goready(p.goroutine, 1)
		return true
	case watching:
		p.queues.wake(p.reason)
		return true
	}
	return false
}

// Arm starts the limit: until Disarm, a Wait returns false once it is reached.
func (p *Parker) Arm(l Limit) {
	if l.kind == forever {
		return
	}
	if p.limit == nil {
		p.limit = &alarm{ring: p.expire}
	}
	p.limit.arm(l)
}

// Disarm ends the limit of Arm. After it nothing of the limit is left.
func (p *Parker) Disarm() {
	if p.limit == nil || p.limit.kind == forever {
		return
	}
	p.limit.disarm()
	p.state.CompareAndSwap(expired, empty)
}

func (p *Parker) expire() {
	for {
		switch p.state.Load() {
		case parked:
			if p.state.CompareAndSwap(parked, expired) {
				goready(p.goroutine, 1)
				return
			}
		case watching:
			if p.state.CompareAndSwap(watching, expired) {
				p.queues.wake(p.reason)
				return
			}
		case empty:
			if p.state.CompareAndSwap(empty, expired) {
				return
			}
		default:
			return
		}
		runtime.Gosched()
	}
}

// commit runs on the scheduler's stack, when the goroutine counts as waiting
// already. It must not grow the stack, allocate, or touch a Go pointer.
//
//go:norace
func commit(g uintptr, lock unsafe.Pointer) bool {
	p := (*Parker)(lock)
	p.goroutine = g
	return p.state.CompareAndSwap(empty, parked)
}

// The runtime's own numbers, by Reason; the build tag above names the releases
// in which they were checked, and TestWaitReasons sees them in a traceback.
var (
	waitReasons  = [...]uint8{ForCondition: 21, ForMutex: 22, ForRead: 23, ForWrite: 24, ForEnd: 25}
	traceReasons = [...]uint8{ForCondition: 4, ForMutex: 5, ForRead: 5, ForWrite: 5, ForEnd: 5}
)

// gopark and goready are how sync and channels block. Nothing public comes
// without a queue, a lock or a channel in front of them, which costs half of
// the time of a switch. Invariant: goready is called once for each gopark whose
// commit returned true, by whoever took the state away from parked. The
// goroutine stands in no queue of the runtime's, so the goroutine leak detector
// takes it for runnable and leaves it alone.
//
//go:linkname gopark runtime.gopark
func gopark(commit func(g uintptr, lock unsafe.Pointer) bool, lock unsafe.Pointer, reason, traceReason uint8, traceskip int)

//go:linkname goready runtime.goready
func goready(g uintptr, traceskip int)
