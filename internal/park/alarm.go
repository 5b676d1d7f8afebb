package park

import (
	"context"
	"runtime"
	"sync/atomic"
	"time"
)

// An alarm calls a function when a limit is reached. It belongs to one parker
// and keeps its timer for the next time.
type alarm struct {
	kind     limitKind
	bubbled  bool // timer belongs to a synctest bubble
	ring     func()
	timer    *time.Timer
	stop     func() bool // ends the watch over a context
	finished atomic.Bool // ring was called and returned
}

// arm starts l. The caller has set ring.
func (a *alarm) arm(l Limit) {
	a.kind = l.kind
	if a.kind == forever {
		return
	}
	a.finished.Store(false)
	if a.kind == byContext {
		a.stop = context.AfterFunc(l.ctx, a.fire)
		return
	}
	a.bubbled = inBubble()
	if a.timer == nil || a.bubbled {
		a.timer = time.AfterFunc(l.timeout, a.fire)
	} else {
		a.timer.Reset(l.timeout)
	}
}

func (a *alarm) fire() {
	a.ring()
	a.finished.Store(true)
}

// disarm returns when ring has returned or never will be called.
func (a *alarm) disarm() {
	stopped := true
	switch a.kind {
	case byTime:
		stopped = a.timer.Stop()
		if a.bubbled {
			// Its time is the bubble's, and it may not be used outside.
			a.timer = nil
		}
	case byContext:
		stopped = a.stop()
		a.stop = nil
	}
	a.kind = forever
	for !stopped && !a.finished.Load() {
		runtime.Gosched()
	}
}

// started is when the process did.
var started = time.Now()
