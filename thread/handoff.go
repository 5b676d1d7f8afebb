package thread

import (
	"github.com/fearless-go/fearless/internal/access"
	"github.com/fearless-go/fearless/internal/park"
	"github.com/fearless-go/fearless/internal/word"
)

// A handoff is the end of one thread, handed to whoever waits for it.
type handoff struct {
	parkerAt access.Location // what joiner points to
	// joiner is nil, the parker of the joining goroutine, or hasEnded.
	joiner word.Pointer[park.Parker]
	// done is nil, the channel that Done handed out, or closedChannel.
	done word.Pointer[doneChannel]
}

// A doneChannel is closed when a thread has ended.
type doneChannel struct {
	at access.Location
	c  chan struct{}
}

func (d *doneChannel) get() chan struct{} {
	d.at.Read()
	return d.c
}

// parkers serve goroutines that join.
var parkers park.Pool[park.Parker]

// hasEnded stands in for a joiner once the thread has ended.
var hasEnded = new(park.Parker)

var closedChannel = func() *doneChannel {
	c := make(chan struct{})
	close(c)
	return &doneChannel{c: c}
}()

func (e *handoff) reached() bool { return e.joiner.Load(word.Acquire) == hasEnded }

// announce is the last that the thread does.
func (e *handoff) announce() {
	if joiner := e.joiner.Swap(hasEnded, word.AcqRel); joiner != nil {
		e.parkerAt.Read()
		joiner.Unpark()
	}
	if d := e.done.Swap(closedChannel, word.AcqRel); d != nil {
		close(d.get())
	}
}

func (e *handoff) channel() <-chan struct{} {
	if d := e.done.Load(word.Acquire); d != nil {
		return d.get()
	}
	d := &doneChannel{c: make(chan struct{})}
	d.at.Write()
	if found, ok := e.done.CompareExchange(nil, d, word.AcqRel, word.Acquire); !ok {
		return found.get()
	}
	return d.c
}

// wait returns nil when the thread has ended, or l's error. At most one
// goroutine waits at a time.
func (e *handoff) wait(l park.Limit) error {
	if e.reached() {
		return nil
	}
	if err := l.Reached(); err != nil {
		return err
	}
	p := parkers.Get()
	p.Arm(l)
	reason := park.ForEnd.Now()
	e.parkerAt.Write()
	waiting := e.joiner.CompareAndSwap(nil, p, word.Release, word.Acquire)
	if waiting && !p.WaitFor(reason) {
		if e.joiner.CompareAndSwap(p, nil, word.Relaxed, word.Acquire) {
			p.Disarm()
			parkers.Put(p)
			return l.Err()
		}
		// It ended at that moment: its Unpark is on the way.
		p.Disarm()
		p.WaitFor(reason)
	}
	p.Disarm()
	parkers.Put(p)
	return nil
}
