package linear

import (
	"os"
	"time"

	"github.com/fearless-go/fearless/internal/goid"
)

// takeTurns is whether goroutines run one at a time, under "fearless test" and
// "fearless prove": then a count is a clock, and a lock would be one more thing
// that their schedules differ in.
var takeTurns = os.Getenv("FEARLESS_JOB") != ""

var began = time.Now()

// note adds an operation that a goroutine of no model begins. The clock is read
// first, and at the return before the lock is taken: an operation may seem longer
// than it was, never shorter.
func (l *log) note(o *operation) {
	id := goid.Get()
	if takeTurns {
		l.noteInTurn(o, id)
		return
	}
	o.call = int64(time.Since(began))
	l.mu.Lock()
	defer l.mu.Unlock()
	l.add(o, id)
}

func (l *log) noteReturn(o *operation, result any) {
	if takeTurns {
		l.returnInTurn(o, result)
		return
	}
	now := int64(time.Since(began))
	l.mu.Lock()
	defer l.mu.Unlock()
	o.result, o.pending, o.back = result, false, now
}

// noteInTurn and returnInTurn need no lock, and the race detector, which does not
// know that goroutines take turns, must not see them. So there are no maps in them, whose
// accesses the runtime tells the detector of, and room from the beginning.
//
//go:norace
func (l *log) noteInTurn(o *operation, id uint64) {
	l.add(o, id)
	l.steps++
	o.call = l.steps
}

//go:norace
func (l *log) returnInTurn(o *operation, result any) {
	l.steps++
	o.result, o.pending, o.back = result, false, l.steps
}

//go:norace
func (l *log) add(o *operation, id uint64) {
	for o.thread < len(l.names) && l.names[o.thread] != id {
		o.thread++
	}
	if o.thread == len(l.names) {
		l.names = append(l.names, id)
	}
	l.ops = append(l.ops, o)
}
