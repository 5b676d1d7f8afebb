package thread

import (
	"context"
	"fmt"
	"time"
	"unsafe"

	"github.com/fearless-go/fearless/internal/park"
	"github.com/fearless-go/fearless/internal/watch"
)

// A Thread is a handle to a goroutine: its identity, its name and its token
// for parking. It stays valid when the goroutine has ended.
type Thread struct {
	identity
	name   string
	parker park.Parker
	locals *locals // nil until a Local is asked for
}

// A ThreadID is a goroutine's number, as in a traceback. It is never used again.
type ThreadID uint64

// String returns "ThreadId(18)", as Rust's Debug does.
func (id ThreadID) String() string { return fmt.Sprintf("ThreadId(%d)", uint64(id)) }

// Current returns the thread of the calling goroutine. It works on every
// goroutine, also on one that this package did not start, and for one
// goroutine it always returns the same Thread as long as anyone holds it.
func Current() *Thread { return current() }

// ID returns the number of the goroutine. For a thread that was spawned this
// moment it waits until the goroutine runs.
func (t *Thread) ID() ThreadID { return t.id() }

// Name returns the name given by Builder, "main" for the main goroutine, and
// "" for a thread without one.
func (t *Thread) Name() string { return t.name }

// display is the name as messages have it.
func (t *Thread) display() string {
	if t.name == "" {
		return "<unnamed>"
	}
	return t.name
}

// Unpark gives the thread its token, and wakes it if it is parked. Two Unparks
// without a Park in between give one token. Unpark of a thread that has ended
// does nothing.
//
// A call of Unpark synchronizes before the return of the Park that takes the token.
func (t *Thread) Unpark() {
	if watch.On() {
		watch.Woke(t.object())
	}
	if !t.parker.Unpark() {
		t.keep()
	}
}

// object is the thread as package watch knows who parks. It is the address, for
// an Unpark can come before the goroutine has its number.
func (t *Thread) object() watch.Object {
	return watch.Object{Kind: watch.Park, At: uintptr(unsafe.Pointer(t))}
}

func init() { watch.NameOfCurrent = func() string { return current().name } }

// Park blocks the calling goroutine until it has a token, and takes it. It may
// also return without one: call it in a loop that checks the condition.
func Park() {
	t := current()
	if t.wakesSpuriously() {
		return
	}
	waiting := watch.Begin(t.object(), watch.Alone, false)
	t.parker.Wait()
	watch.End(waiting)
	t.release()
}

// ParkTimeout is Park for at most d. It reports whether it took a token. If d
// is not positive it does not block. A token that comes when the time runs out
// is taken or stays for the next Park, never lost.
func ParkTimeout(d time.Duration) bool { return parkLimit(park.Timeout(d)) == nil }

// ParkContext is Park until ctx is done. It returns nil if it took a token,
// and otherwise ctx.Err().
func ParkContext(ctx context.Context) error { return parkLimit(park.Context(ctx)) }

// TryPark takes the token if there is one, and reports whether there was. It
// does not block.
func TryPark() bool {
	t := current()
	took := t.parker.TryWait()
	t.release()
	return took
}

func parkLimit(l park.Limit) error {
	t := current()
	defer t.release()
	if t.parker.TryWait() {
		return nil
	}
	if err := l.Reached(); err != nil {
		return err
	}
	defer watch.End(watch.Begin(t.object(), watch.Alone, l.IsSet()))
	t.parker.Arm(l)
	defer t.parker.Disarm()
	if t.parker.Wait() {
		return nil
	}
	return l.Err()
}
