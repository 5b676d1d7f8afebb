package atomic

import "github.com/fearless-go/fearless/internal/word"

// A Bool is a bool that several threads may use at once. The zero Bool is
// false and ready to use. A Bool must not be copied after first use.
type Bool struct {
	_ noCopy
	w word.Uint32
}

// NewBool returns a Bool with the value v.
func NewBool(v bool) *Bool {
	x := new(Bool)
	x.w.Init(bit(v))
	return x
}

// bit is 1 for true; the compiler makes it one instruction.
func bit(v bool) uint32 {
	if v {
		return 1
	}
	return 0
}

// Load returns the value. o is Relaxed, Acquire or SeqCst.
func (x *Bool) Load(o Ordering) bool {
	if o.notForLoad() {
		panic(&OrderingError{"Load", o, 0})
	}
	return x.w.Load(o.order()) != 0
}

// Store sets the value to v. o is Relaxed, Release or SeqCst.
func (x *Bool) Store(v bool, o Ordering) {
	if o.notForStore() {
		panic(&OrderingError{"Store", o, 0})
	}
	x.w.Store(bit(v), o.order())
}

// Swap sets the value to v and returns the previous one.
func (x *Bool) Swap(v bool, o Ordering) (previous bool) {
	if o > SeqCst {
		panic(&OrderingError{"Swap", o, 0})
	}
	return x.w.Swap(bit(v), o.order()) != 0
}

// CompareExchange sets the value to new if it is current, with the ordering
// success, and otherwise only loads it, with the ordering failure: Relaxed,
// Acquire or SeqCst. It returns the value that it found and whether that was current.
func (x *Bool) CompareExchange(current, new bool, success, failure Ordering) (previous, ok bool) {
	if success > SeqCst || forLoad>>failure&1 == 0 {
		panic(&OrderingError{"CompareExchange", success, failure})
	}
	ok = x.w.CompareAndSwap(bit(current), bit(new), success.order(), failure.order())
	return current == ok, ok // it was the other one, if not this one
}

// CompareExchangeWeak is CompareExchange, but it may fail although the value
// is current: call it in a loop. On the processors of today's Go it does not;
// under the model checker it does.
func (x *Bool) CompareExchangeWeak(current, new bool, success, failure Ordering) (previous, ok bool) {
	if success > SeqCst || forLoad>>failure&1 == 0 {
		panic(&OrderingError{"CompareExchangeWeak", success, failure})
	}
	p, ok := x.w.CompareExchangeWeak(bit(current), bit(new), success.order(), failure.order())
	return p != 0, ok
}

// FetchAnd stores the logical AND of the value and v and returns the previous value.
func (x *Bool) FetchAnd(v bool, o Ordering) (previous bool) {
	if o > SeqCst {
		panic(&OrderingError{"FetchAnd", o, 0})
	}
	return x.w.FetchAnd(bit(v), o.order()) != 0
}

// FetchOr stores the logical OR of the value and v and returns the previous value.
func (x *Bool) FetchOr(v bool, o Ordering) (previous bool) {
	if o > SeqCst {
		panic(&OrderingError{"FetchOr", o, 0})
	}
	return x.w.FetchOr(bit(v), o.order()) != 0
}

// FetchXor stores whether the value and v differ and returns the previous value.
func (x *Bool) FetchXor(v bool, o Ordering) (previous bool) {
	if o > SeqCst {
		panic(&OrderingError{"FetchXor", o, 0})
	}
	return x.w.FetchXor(bit(v), o.order()) != 0
}

// FetchNand stores the complement of the logical AND of the value and v and returns the previous value.
func (x *Bool) FetchNand(v bool, o Ordering) (previous bool) {
	if o > SeqCst {
		panic(&OrderingError{"FetchNand", o, 0})
	}
	return x.w.FetchNandBit(bit(v), o.order()) != 0
}

// FetchNot stores the complement of the value and returns the previous value.
func (x *Bool) FetchNot(o Ordering) (previous bool) {
	if o > SeqCst {
		panic(&OrderingError{"FetchNot", o, 0})
	}
	return x.w.FetchXor(1, o.order()) != 0
}

// FetchUpdate stores the result of f of the value, unless f's second result is
// false, and returns the previous value and whether it stored. It is a load
// with the ordering fetch and a loop of CompareExchangeWeak(set, fetch), so f
// may run more than once.
func (x *Bool) FetchUpdate(set, fetch Ordering, f func(bool) (bool, bool)) (previous, ok bool) {
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
