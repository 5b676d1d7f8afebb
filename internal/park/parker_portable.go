//go:build (!go1.26 || go1.28 || race || fearless_portable) && !fearless_model

package park

import "sync"

// A Parker lets one goroutine at a time wait for a token. The zero Parker is
// ready and has none. Tokens do not add up: a second Unpark before the token
// is taken changes nothing.
//
// An Unpark synchronizes before the return of the Wait that takes its token,
// and so does every Unpark that found the token already there.
type Parker struct {
	mu      sync.Mutex
	wake    sync.Cond
	waiting bool
	token   bool
	expired bool
	limit   alarm
}

// Wait blocks until there is a token, takes it and returns true; or until the
// limit of Arm is reached and returns false. A token that is there wins.
func (p *Parker) Wait() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.wake.L = &p.mu
	for !p.token {
		if p.expired {
			p.expired = false
			return false
		}
		p.waiting = true
		p.wake.Wait()
		p.waiting = false
	}
	p.token = false
	return true
}

// TryWait takes the token if there is one.
func (p *Parker) TryWait() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	had := p.token
	p.token = false
	return had
}

// HasToken reports whether there is a token.
func (p *Parker) HasToken() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.token
}

// Unpark makes the token available and wakes the goroutine that waits for it.
// It reports whether one was parked.
func (p *Parker) Unpark() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	woke := p.waiting && !p.token
	p.token = true
	p.signal()
	return woke
}

// Arm starts the limit: until Disarm, a Wait returns false once it is reached.
func (p *Parker) Arm(l Limit) {
	if p.limit.ring == nil {
		p.limit.ring = p.expire
	}
	p.limit.arm(l)
}

// Disarm ends the limit of Arm. After it nothing of the limit is left.
func (p *Parker) Disarm() {
	p.limit.disarm()
	p.mu.Lock()
	p.expired = false
	p.mu.Unlock()
}

func (p *Parker) expire() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.expired = true
	p.signal()
}

func (p *Parker) signal() {
	if p.waiting {
		p.wake.Signal()
	}
}
