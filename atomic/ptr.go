package atomic

import "github.com/fearless-go/fearless/internal/word"

// A Ptr is a *T that several threads may use at once; the book's AtomicPtr.
// The zero Ptr is nil and ready to use. A Ptr must not be copied after first use.
//
// It protects the pointer, not what it points to: store with Release and load
// with Acquire to publish a T that was filled in before.
type Ptr[T any] struct {
	_ noCopy
	w word.Pointer[T]
}

// NewPtr returns a Ptr with the value v.
func NewPtr[T any](v *T) *Ptr[T] {
	x := new(Ptr[T])
	x.w.Init(v)
	return x
}

// Load returns the pointer. o is Relaxed, Acquire or SeqCst.
func (x *Ptr[T]) Load(o Ordering) *T {
	if o.notForLoad() {
		panic(&OrderingError{"Load", o, 0})
	}
	return x.w.Load(o.order())
}

// Store sets the pointer to v. o is Relaxed, Release or SeqCst.
func (x *Ptr[T]) Store(v *T, o Ordering) {
	if o.notForStore() {
		panic(&OrderingError{"Store", o, 0})
	}
	x.w.Store(v, o.order())
}

// Swap sets the pointer to v and returns the previous one.
func (x *Ptr[T]) Swap(v *T, o Ordering) (previous *T) {
	if o > SeqCst {
		panic(&OrderingError{"Swap", o, 0})
	}
	return x.w.Swap(v, o.order())
}

// CompareExchange sets the pointer to new if it is current, with the ordering
// success, and otherwise only loads it, with the ordering failure: Relaxed,
// Acquire or SeqCst. It returns the pointer that it found and whether that was current.
func (x *Ptr[T]) CompareExchange(current, new *T, success, failure Ordering) (previous *T, ok bool) {
	if success > SeqCst || forLoad>>failure&1 == 0 {
		panic(&OrderingError{"CompareExchange", success, failure})
	}
	return x.w.CompareExchange(current, new, success.order(), failure.order())
}

// CompareExchangeWeak is CompareExchange, but it may fail although the pointer
// is current: call it in a loop. On the processors of today's Go it does not;
// under the model checker it does.
func (x *Ptr[T]) CompareExchangeWeak(current, new *T, success, failure Ordering) (previous *T, ok bool) {
	if success > SeqCst || forLoad>>failure&1 == 0 {
		panic(&OrderingError{"CompareExchangeWeak", success, failure})
	}
	return x.w.CompareExchangeWeak(current, new, success.order(), failure.order())
}

// FetchUpdate stores the result of f of the pointer, unless f returns false,
// and returns the previous pointer and whether it stored. It is a load with
// the ordering fetch and a loop of CompareExchangeWeak(set, fetch), so f may
// run more than once, and a pointer that was changed and changed back in
// between is not noticed (the ABA problem of chapter 2).
func (x *Ptr[T]) FetchUpdate(set, fetch Ordering, f func(*T) (*T, bool)) (previous *T, ok bool) {
	previous = x.Load(fetch)
	for {
		next, ok := f(previous)
		if !ok {
			return previous, false
		}
		found, ok := x.CompareExchangeWeak(previous, next, set, fetch)
		if ok {
			return previous, true
		}
		previous = found
	}
}
