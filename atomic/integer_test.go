package atomic_test

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"unsafe"

	"github.com/fearless-go/fearless/atomic"
)

// integer is what all integer types have in common.
type integer[T any] interface {
	Load(atomic.Ordering) T
	Store(T, atomic.Ordering)
	Swap(T, atomic.Ordering) T
	CompareExchange(current, new T, success, failure atomic.Ordering) (T, bool)
	CompareExchangeWeak(current, new T, success, failure atomic.Ordering) (T, bool)
	FetchAdd(T, atomic.Ordering) T
	FetchSub(T, atomic.Ordering) T
	FetchAnd(T, atomic.Ordering) T
	FetchOr(T, atomic.Ordering) T
	FetchXor(T, atomic.Ordering) T
	FetchNand(T, atomic.Ordering) T
	FetchMax(T, atomic.Ordering) T
	FetchMin(T, atomic.Ordering) T
	FetchUpdate(set, fetch atomic.Ordering, f func(T) (T, bool)) (T, bool)
}

type anyInteger interface {
	int8 | int16 | int32 | int64 | int | uint8 | uint16 | uint32 | uint64 | uint | uintptr
}

// forEachInteger runs one test for every integer type: a zero one and New's.
func forEachInteger(t *testing.T, run func(t *testing.T, test integerTest)) {
	for _, test := range []integerTest{
		typed[int8](func(v int8) integer[int8] { return atomic.NewInt8(v) }, new(atomic.Int8)),
		typed[int16](func(v int16) integer[int16] { return atomic.NewInt16(v) }, new(atomic.Int16)),
		typed[int32](func(v int32) integer[int32] { return atomic.NewInt32(v) }, new(atomic.Int32)),
		typed[int64](func(v int64) integer[int64] { return atomic.NewInt64(v) }, new(atomic.Int64)),
		typed[int](func(v int) integer[int] { return atomic.NewInt(v) }, new(atomic.Int)),
		typed[uint8](func(v uint8) integer[uint8] { return atomic.NewUint8(v) }, new(atomic.Uint8)),
		typed[uint16](func(v uint16) integer[uint16] { return atomic.NewUint16(v) }, new(atomic.Uint16)),
		typed[uint32](func(v uint32) integer[uint32] { return atomic.NewUint32(v) }, new(atomic.Uint32)),
		typed[uint64](func(v uint64) integer[uint64] { return atomic.NewUint64(v) }, new(atomic.Uint64)),
		typed[uint](func(v uint) integer[uint] { return atomic.NewUint(v) }, new(atomic.Uint)),
		typed[uintptr](func(v uintptr) integer[uintptr] { return atomic.NewUintptr(v) }, new(atomic.Uintptr)),
	} {
		t.Run(test.name, func(t *testing.T) { run(t, test) })
	}
}

type integerTest struct {
	name       string
	operations func(t *testing.T)
	concurrent func(t *testing.T)
	orderings  func(t *testing.T)
}

func typed[T anyInteger](create func(T) integer[T], zero integer[T]) integerTest {
	return integerTest{
		name:       fmt.Sprintf("%T", *new(T)),
		operations: func(t *testing.T) { testOperations(t, create, zero) },
		concurrent: func(t *testing.T) { testConcurrent(t, create) },
		orderings:  func(t *testing.T) { testOrderings(t, create(1)) },
	}
}

func TestIntegerOperations(t *testing.T) {
	forEachInteger(t, func(t *testing.T, test integerTest) { test.operations(t) })
}

// testOperations compares every operation with its definition on a plain T.
func testOperations[T anyInteger](t *testing.T, create func(T) integer[T], zero integer[T]) {
	if v := zero.Load(atomic.SeqCst); v != 0 {
		t.Fatalf("the zero value is %d", v)
	}
	random := rand.New(rand.NewPCG(1, uint64(unsafe.Sizeof(T(0)))))
	values := []T{0, 1, ^T(0), 1 << (8*unsafe.Sizeof(T(0)) - 1), 1<<(8*unsafe.Sizeof(T(0))-1) - 1}
	pick := func() T {
		if random.IntN(2) == 0 {
			return values[random.IntN(len(values))]
		}
		return T(random.Uint64())
	}
	type operation struct {
		name string
		do   func(x integer[T], v T) T
		want func(p, v T) T
	}
	operations := []operation{
		{"Swap", func(x integer[T], v T) T { return x.Swap(v, atomic.AcqRel) }, func(p, v T) T { return v }},
		{"FetchAdd", func(x integer[T], v T) T { return x.FetchAdd(v, atomic.Relaxed) }, func(p, v T) T { return p + v }},
		{"FetchSub", func(x integer[T], v T) T { return x.FetchSub(v, atomic.Acquire) }, func(p, v T) T { return p - v }},
		{"FetchAnd", func(x integer[T], v T) T { return x.FetchAnd(v, atomic.Release) }, func(p, v T) T { return p & v }},
		{"FetchOr", func(x integer[T], v T) T { return x.FetchOr(v, atomic.SeqCst) }, func(p, v T) T { return p | v }},
		{"FetchXor", func(x integer[T], v T) T { return x.FetchXor(v, atomic.SeqCst) }, func(p, v T) T { return p ^ v }},
		{"FetchNand", func(x integer[T], v T) T { return x.FetchNand(v, atomic.SeqCst) }, func(p, v T) T { return ^(p & v) }},
		{"FetchMax/relaxed", func(x integer[T], v T) T { return x.FetchMax(v, atomic.Relaxed) }, func(p, v T) T { return max(p, v) }},
		{"FetchMax", func(x integer[T], v T) T { return x.FetchMax(v, atomic.SeqCst) }, func(p, v T) T { return max(p, v) }},
		{"FetchMin/relaxed", func(x integer[T], v T) T { return x.FetchMin(v, atomic.Relaxed) }, func(p, v T) T { return min(p, v) }},
		{"FetchMin", func(x integer[T], v T) T { return x.FetchMin(v, atomic.SeqCst) }, func(p, v T) T { return min(p, v) }},
		{"FetchUpdate", func(x integer[T], v T) T {
			p, ok := x.FetchUpdate(atomic.AcqRel, atomic.Acquire, func(p T) (T, bool) { return p ^ v + 1, true })
			if !ok {
				t.Error("FetchUpdate reports false although its function stored")
			}
			return p
		}, func(p, v T) T { return p ^ v + 1 }},
		{"FetchUpdate/no", func(x integer[T], v T) T {
			p, ok := x.FetchUpdate(atomic.AcqRel, atomic.Acquire, func(p T) (T, bool) { return v, false })
			if ok {
				t.Error("FetchUpdate reports true although its function declined")
			}
			return p
		}, func(p, v T) T { return p }},
	}
	x, p := create(42), T(42)
	for range 2000 {
		o, v := operations[random.IntN(len(operations))], pick()
		got := o.do(x, v)
		next := o.want(p, v)
		if now := x.Load(atomic.SeqCst); got != p || now != next {
			t.Fatalf("%s(%d) of %d returned %d and left %d, want %d", o.name, v, p, got, now, next)
		}
		p = next

		// Carries of the additions above must not confuse a comparison.
		if found, ok := x.CompareExchange(p+1, 7, atomic.SeqCst, atomic.Relaxed); ok || found != p {
			t.Fatalf("CompareExchange(%d) of %d = %d, %v", p+1, p, found, ok)
		}
		if found, ok := x.CompareExchangeWeak(p-1, 7, atomic.Relaxed, atomic.SeqCst); ok || found != p {
			t.Fatalf("CompareExchangeWeak(%d) of %d = %d, %v", p-1, p, found, ok)
		}
		if found, ok := x.CompareExchange(p, v, atomic.AcqRel, atomic.Acquire); !ok || found != p {
			t.Fatalf("CompareExchange(%d) of %d = %d, %v", p, p, found, ok)
		}
		for {
			if _, ok := x.CompareExchangeWeak(v, v+1, atomic.Release, atomic.Relaxed); ok {
				break
			}
		}
		p = v + 1
	}
	x.Store(9, atomic.Release)
	if v := x.Load(atomic.Acquire); v != 9 {
		t.Errorf("Load after Store(9) = %d", v)
	}
}

func TestIntegerConcurrent(t *testing.T) {
	forEachInteger(t, func(t *testing.T, test integerTest) { test.concurrent(t) })
}

// testConcurrent lets goroutines use one variable at once: nothing is lost.
func testConcurrent[T anyInteger](t *testing.T, create func(T) integer[T]) {
	const goroutines, rounds = 4, 2000
	sum, bits, top, updated := create(0), create(0), create(0), create(0)
	var wg sync.WaitGroup
	for g := range goroutines {
		wg.Go(func() {
			for i := range rounds {
				sum.FetchAdd(3, atomic.Relaxed)
				bits.FetchXor(1<<g, atomic.Relaxed)
				top.FetchMax(T(i%100+g), atomic.AcqRel)
				updated.FetchUpdate(atomic.Relaxed, atomic.Relaxed, func(v T) (T, bool) { return v + 1, true })
			}
		})
	}
	wg.Wait()
	rounded := rounds // not a constant, so that it wraps
	if got, want := sum.Load(atomic.Relaxed), T(3*goroutines*rounded); got != want {
		t.Errorf("additions: %d, want %d", got, want)
	}
	if got := bits.Load(atomic.Relaxed); got != 0 {
		t.Errorf("an even number of flips of each bit left %b", got)
	}
	if got := top.Load(atomic.Relaxed); got != 99+goroutines-1 {
		t.Errorf("maximum: %d, want %d", got, 99+goroutines-1)
	}
	if got, want := updated.Load(atomic.Relaxed), T(goroutines*rounded); got != want {
		t.Errorf("updates: %d, want %d", got, want)
	}
}

func TestIntegerOrderings(t *testing.T) {
	forEachInteger(t, func(t *testing.T, test integerTest) { test.orderings(t) })
}

func testOrderings[T anyInteger](t *testing.T, x integer[T]) {
	checkOrderings(t, func(o atomic.Ordering) { x.Load(o) }, loads)
	checkOrderings(t, func(o atomic.Ordering) { x.Store(1, o) }, stores)
	for _, f := range []func(T, atomic.Ordering) T{x.Swap, x.FetchAdd, x.FetchSub, x.FetchAnd, x.FetchOr, x.FetchXor, x.FetchNand, x.FetchMax, x.FetchMin} {
		checkOrderings(t, func(o atomic.Ordering) { f(1, o) }, all)
	}
	for _, f := range []func(T, T, atomic.Ordering, atomic.Ordering) (T, bool){x.CompareExchange, x.CompareExchangeWeak} {
		checkOrderings(t, func(o atomic.Ordering) { f(1, 1, o, atomic.Relaxed) }, all)
		checkOrderings(t, func(o atomic.Ordering) { f(1, 1, atomic.Relaxed, o) }, loads)
	}
	update := func(v T) (T, bool) { return v, true }
	checkOrderings(t, func(o atomic.Ordering) { x.FetchUpdate(o, atomic.Relaxed, update) }, all)
	checkOrderings(t, func(o atomic.Ordering) { x.FetchUpdate(atomic.Relaxed, o, update) }, loads)
}

// The cell of a narrow integer is wider than the integer.
func TestMaxAndMinAfterWrapping(t *testing.T) {
	x := atomic.NewUint8(255)
	x.FetchAdd(1, atomic.Relaxed)
	if p := x.FetchMax(5, atomic.SeqCst); p != 0 || x.Load(atomic.SeqCst) != 5 {
		t.Errorf("FetchMax found %d and left %d", p, x.Load(atomic.SeqCst))
	}
	y := atomic.NewInt8(-128)
	y.FetchSub(1, atomic.Relaxed)
	if p := y.FetchMin(-5, atomic.SeqCst); p != 127 || y.Load(atomic.SeqCst) != -5 {
		t.Errorf("FetchMin found %d and left %d", p, y.Load(atomic.SeqCst))
	}
}
