package engine

import (
	"cmp"
	"sync/atomic"

	"github.com/fearless-go/fearless/internal/engine/source"
)

// foreignUses counts uses of modelled objects by goroutines that no engine
// knows, while there are engines.
var foreignUses atomic.Uint64

// mayOwn reports whether the engine may write the serial of its execution over
// owner, that of an object that the execution has not met. It fails the
// execution if a foreign goroutine has used the object since it began. Earlier
// uses are those of who made the object, or of a test beside this one.
func (t *Thread) mayOwn(owner uint64) bool {
	switch owner >> serialBits {
	case 0:
		if owner > t.e.began {
			c := source.CalledFrom()
			t.Fail(Foreign, "%s uses %s at %s, which a goroutine that the model does not know has used in the same execution: start threads by package thread, not by go",
				t.e.shown().ThreadName(t.id), cmp.Or(newRecorder(Foreign).name(c), "an object"), source.Short(c.At))
		}
		return true
	case t.e.serial >> serialBits:
		return true
	}
	return false
}

// checkForeign panics if the execution runs now: the caller is a goroutine that
// no engine knows, and uses an object of it.
func checkForeign(serial uint64) {
	if serial == 0 {
		return
	}
	live.mu.Lock()
	defer live.mu.Unlock()
	for _, e := range live.engines {
		if e.public.Load() == serial {
			panic(&ForeignError{})
		}
	}
}

// CheckForeign is called by a modelled object that a goroutine outside of any
// engine uses.
func CheckForeign(at *Tag) {
	if live.n.Load() == 0 {
		return
	}
	for {
		serial := at.serial.Load()
		checkForeign(serial)
		if serial>>serialBits != 0 || at.serial.CompareAndSwap(serial, foreignUses.Add(1)) {
			return
		}
	}
}

// A ForeignError is the panic of a goroutine that the model does not know and
// that uses an object of a modelled execution.
type ForeignError struct{}

// Error says how to mend it.
func (*ForeignError) Error() string {
	return "model: a goroutine that the model does not know used an object of the modelled program: start threads by package thread, not by go"
}
