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
	state atomic.Uint32
	limit *alarm // nil until the first Arm with a limit
	// goroutine is the *g that is parked. An integer, because commit must
	// not use a write barrier; the runtime never frees a g.
	goroutine uintptr
}

const (
	empty   uint32 = iota
	token          // Unpark came
	parked         // the goroutine sleeps, or will before anyone sees this
	expired        // the limit was reached and the goroutine does not know yet
)

// Wait blocks until there is a token, takes it and returns true; or until the
// limit of Arm is reached and returns false. A token that is there wins.
func (p *Parker) Wait() bool {
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
		gopark(commit, unsafe.Pointer(p), waitReasonSyncCondWait, traceBlockCondWait, 1)
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
	if p.state.Swap(token) != parked {
		return false
	}
	goready(p.goroutine, 1)
	return true
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

// The runtime's own numbers; the build tag above names the releases in which
// they were checked, and TestWaitReason sees them in a traceback. Reason
// "sync.Cond.Wait" makes the wait durable in a synctest bubble, and, because
// the goroutine stands in no queue of the runtime's, the goroutine leak
// detector takes it for runnable and leaves it alone.
const (
	waitReasonSyncCondWait uint8 = 21
	traceBlockCondWait     uint8 = 4
)

// gopark and goready are how sync and channels block. Nothing public comes
// without a queue, a lock or a channel in front of them, which costs half of
// the time of a switch. Invariant: goready is called once for each gopark whose
// commit returned true, by whoever took the state away from parked.
//
//go:linkname gopark runtime.gopark
func gopark(commit func(g uintptr, lock unsafe.Pointer) bool, lock unsafe.Pointer, reason, traceReason uint8, traceskip int)

//go:linkname goready runtime.goready
func goready(g uintptr, traceskip int)
