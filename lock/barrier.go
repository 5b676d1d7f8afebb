package lock

import (
	"context"
	"fmt"
	"time"
	"unsafe"

	"github.com/fearless-go/fearless/internal/park"
	"github.com/fearless-go/fearless/internal/watch"
)

// A Barrier lets n threads wait for one another, again and again. Make one
// with NewBarrier; the zero Barrier is one for a single thread, which never
// waits. A Barrier must not be copied after first use.
//
// In the terminology of the Go memory model, every call of Wait of a round
// synchronizes before the return of every Wait of that round.
type Barrier struct {
	_       noCopy
	n       int
	arrived inflated[arrivals]
}

// arrivals are the threads that wait for the last of a round.
type arrivals struct {
	n     int // guarded by the queue's lock
	queue queue
}

// A BarrierSizeError is the value of the panic of NewBarrier with a negative size.
type BarrierSizeError struct{ N int }

// Error names the size.
func (e *BarrierSizeError) Error() string {
	return fmt.Sprintf("lock: NewBarrier(%d): use the number of threads that wait for one another", e.N)
}

// NewBarrier returns a Barrier for n threads. For 0, as for 1, nobody waits.
// It panics with a *BarrierSizeError if n is negative.
func NewBarrier(n int) *Barrier {
	if n < 0 {
		panic(&BarrierSizeError{n})
	}
	return &Barrier{n: n}
}

// Wait waits until n threads have called it. It returns true to one of them,
// the leader: the one that came last.
func (b *Barrier) Wait() (leader bool) {
	leader, _ = b.wait(park.Limit{}) // without a limit it cannot fail
	return leader
}

// TryWait is Wait for the thread that would be the last. Any other has not
// arrived; its error is ErrWouldBlock.
func (b *Barrier) TryWait() (leader bool, err error) {
	if leader, err = b.wait(park.Timeout(0)); err != nil {
		err = ErrWouldBlock
	}
	return leader, err
}

// WaitTimeout is Wait for at most d. Then the error is ErrTimeout, and the thread
// has not arrived.
func (b *Barrier) WaitTimeout(d time.Duration) (leader bool, err error) {
	return b.wait(park.Timeout(d))
}

// WaitContext is Wait until ctx is done. Then the error is ctx.Err(), and the
// thread has not arrived.
func (b *Barrier) WaitContext(ctx context.Context) (leader bool, err error) {
	return b.wait(park.Context(ctx))
}

func (b *Barrier) wait(l park.Limit) (leader bool, err error) {
	if b.n <= 1 {
		return true, nil
	}
	a := b.arrived.get()
	a.queue.Lock()
	if a.n+1 >= b.n {
		a.n = 0
		list := a.queue.takeAll()
		a.queue.Unlock()
		wakeAll(list)
		return true, nil
	}
	if err := l.Reached(); err != nil {
		a.queue.Unlock()
		return false, err
	}
	a.n++
	w := newWaiter(l)
	defer w.free()
	a.queue.pushBack(w)
	a.queue.Unlock()
	defer watch.End(watch.Begin(watch.Object{Kind: watch.Barrier, At: uintptr(unsafe.Pointer(b))}, watch.Alone, l.IsSet()))
	if a.queue.await(w) {
		return false, nil
	}
	a.n--
	a.queue.Unlock()
	return false, l.Err()
}
