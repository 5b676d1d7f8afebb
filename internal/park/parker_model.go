//go:build fearless_model

package park

import (
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/fearless-go/fearless/internal/engine"
)

// A Parker lets one goroutine at a time wait for a token. The zero Parker is
// ready and has none. Tokens do not add up: a second Unpark before the token
// is taken changes nothing.
//
// An Unpark synchronizes before the return of the Wait that takes its token,
// and so does every Unpark that found the token already there.
//
// To a modelled thread the token is one atomic word: Unpark swaps 1 in and Wait
// awaits it, both in one step. A limit in time may be reached at any moment, so
// such a Wait may also find no token; with a context it may once that is canceled.
type Parker struct {
	tag     engine.Tag
	limit   *Limit                   // nil: none
	outside atomic.Pointer[portable] // for goroutines that are no modelled threads
}

const (
	noToken uint64 = iota
	token
)

func (p *Parker) thread() *engine.Thread {
	t := engine.Current()
	if t == nil {
		engine.CheckForeign(&p.tag)
	}
	return t
}

// real is the parker of the default build, made when it is needed: a modelled
// program makes parkers by the million.
func (p *Parker) real() *portable {
	if r := p.outside.Load(); r != nil {
		return r
	}
	p.outside.CompareAndSwap(nil, new(portable))
	return p.outside.Load()
}

// WaitFor is Wait.
func (p *Parker) WaitFor(Reason) bool { return p.Wait() }

// Wait blocks until there is a token, takes it and returns true; or until the
// limit of Arm is reached and returns false.
func (p *Parker) Wait() bool {
	t := p.thread()
	if t == nil {
		return p.real().Wait()
	}
	if p.limit != nil && p.limit.Bounded() {
		return p.take(t, p.limit.Over())
	}
	t.AwaitSwap(&p.tag, noToken, engine.OpUntil, token, noToken, engine.Acquire)
	return true
}

// take takes the token, if there is one before over says that the wait ends.
func (p *Parker) take(t *engine.Thread, over func() bool) bool {
	_, ok := t.UpdateUntil(&p.tag, noToken, &engine.Update{
		Op: engine.OpCAS, Expected: token, Arg: noToken, Order: engine.Acquire, Fail: engine.Relaxed,
	}, engine.OpUntil, over)
	return ok
}

// TryWait takes the token if there is one.
func (p *Parker) TryWait() bool {
	if t := p.thread(); t != nil {
		return p.take(t, nil)
	}
	return p.real().TryWait()
}

// HasToken reports whether there is a token.
func (p *Parker) HasToken() bool {
	if t := p.thread(); t != nil {
		return t.Load(&p.tag, noToken, engine.Acquire) == token
	}
	return p.real().HasToken()
}

// Unpark makes the token available and wakes the goroutine that waits for it.
// It reports whether one was parked; in the model that is not known, and true.
func (p *Parker) Unpark() bool {
	if t := p.thread(); t != nil {
		t.Fetch(&p.tag, noToken, engine.OpSwap, token, engine.Release, 0)
		return true
	}
	return p.real().Unpark()
}

// Arm starts the limit: until Disarm, a Wait returns false once it is reached.
func (p *Parker) Arm(l Limit) {
	if p.thread() != nil {
		armed := l
		p.limit = &armed
		return
	}
	p.real().Arm(l)
}

// Disarm ends the limit of Arm. After it nothing of the limit is left.
func (p *Parker) Disarm() {
	if p.thread() != nil {
		p.limit = nil
		return
	}
	p.real().Disarm()
}

// A Pool keeps values that are expensive to make and hold no state between
// uses, such as parkers that nobody will unpark. The zero Pool is ready.
//
// A modelled thread gets a new value each time: what an execution finds must
// not depend on those before it.
type Pool[T any] struct{ pool sync.Pool }

// Get returns a value that was Put, or a new one.
func (p *Pool[T]) Get() *T {
	if engine.Current() == nil {
		if v := p.pool.Get(); v != nil {
			return v.(*T)
		}
	}
	return new(T)
}

// Put keeps v for a later Get.
func (p *Pool[T]) Put(v *T) {
	if engine.Current() == nil {
		p.pool.Put(v)
	}
}

// Yield lets other threads run.
func Yield() {
	if t := engine.Current(); t != nil {
		t.SpinLoop()
		return
	}
	runtime.Gosched()
}

// CanSpin reports whether it is worth to spin for the i-th time. In the model
// it never is: spinning is waiting, and Wait is the shorter way to say so.
func CanSpin(int) bool { return false }

// Spin spends some dozen nanoseconds.
func Spin() {
	if t := engine.Current(); t != nil {
		t.SpinLoop()
	}
}
