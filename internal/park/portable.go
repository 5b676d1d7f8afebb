//go:build !go1.26 || go1.28 || race || fearless_portable || fearless_model

package park

import "sync"

// A portable is a Parker made of package sync.
type portable struct {
	mu      sync.Mutex
	wake    sync.Cond
	waiting bool
	token   bool
	expired bool
	limit   alarm
}

// WaitFor is Wait: the runtime sees a wait of sync.Cond whatever it is for.
func (p *portable) WaitFor(Reason) bool { return p.Wait() }

// Wait blocks until there is a token, takes it and returns true; or until the
// limit of Arm is reached and returns false. A token that is there wins.
func (p *portable) Wait() bool {
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
func (p *portable) TryWait() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	had := p.token
	p.token = false
	return had
}

// HasToken reports whether there is a token.
func (p *portable) HasToken() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.token
}

// Unpark makes the token available and wakes the goroutine that waits for it.
// It reports whether one was parked.
func (p *portable) Unpark() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	woke := p.waiting && !p.token
	p.token = true
	p.signal()
	return woke
}

// Arm starts the limit: until Disarm, a Wait returns false once it is reached.
func (p *portable) Arm(l Limit) {
	if p.limit.ring == nil {
		p.limit.ring = p.expire
	}
	p.limit.arm(l)
}

// Disarm ends the limit of Arm. After it nothing of the limit is left.
func (p *portable) Disarm() {
	p.limit.disarm()
	p.mu.Lock()
	p.expired = false
	p.mu.Unlock()
}

func (p *portable) expire() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.expired = true
	p.signal()
}

func (p *portable) signal() {
	if p.waiting {
		p.wake.Signal()
	}
}
